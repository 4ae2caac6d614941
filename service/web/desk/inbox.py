"""The inbox page of the signed-in person."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.inbox import read_inbox
from service.casework.review.answer_invitation import answer_invitation, list_invitations
from service.web.frame.current import t, the_actor, the_desk
from service.web.frame.frame import crumbs, flash
from service.web.frame.guarding import route_guard
from service.web.frame.parse_values import cursor

PAGES = Blueprint("inbox", __name__)


@PAGES.get("/inbox")
@route_guard("inbox.view")
def inbox() -> ResponseReturnValue:
    """Show the messages, newest first."""
    messages, before = read_inbox(the_desk(), the_actor(), cursor(request.args, "before"))
    g.inbox_read = True
    crumbs((t("消息", "Messages"), None))
    invitations = list_invitations(the_desk(), the_actor())
    page = "people/inbox.html"
    return render_template(page, messages=messages, before=before, invitations=invitations)


@PAGES.post("/invitations/<int:expert_id>")
@route_guard("experts.consent")
def answer(expert_id: int) -> ResponseReturnValue:
    """Agree to be on a register of experts, or decline."""
    accept = request.form.get("accept") == "yes"
    answer_invitation(the_desk(), the_actor(), expert_id, accept=accept)
    flash(t("已同意，您在该地评审专家库中。", "You are on the register.") if accept else t("已谢绝。", "Declined."))
    return redirect("/inbox")
