"""Everybody's own place and their messages."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.casework.queries.own_place.home import view_home
from service.casework.queries.own_place.inbox import list_messages, mark_read, read_message
from service.casework.queries.own_place.submitted_lists import list_submitted
from service.casework.review.register_of_experts import answer_invitation, list_invitations
from service.domain.calendar import local_date
from service.web.frame.page.frame import flash, set_breadcrumbs
from service.web.frame.page.parts import next_up_unless
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import find_query_cursor

PAGES = Blueprint("home", __name__)


@PAGES.get("/home")
@route_guard("task.list")
def home() -> ResponseReturnValue:
    """Show what waits for the reader, how their cases or rounds stand, and what comes next."""
    return render_template("tasks/home.html", view=view_home(the_desk(), the_actor(), language()))


@PAGES.get("/submitted")
@route_guard("task.list")
def submitted() -> ResponseReturnValue:
    """Show the lists submitted to the reader's government."""
    set_breadcrumbs((t("呈报名单", "Submitted lists"), None))
    return render_template("tasks/submitted.html", lists=list_submitted(the_desk(), the_actor()))


@PAGES.get("/inbox")
@route_guard("inbox.view")
def inbox() -> ResponseReturnValue:
    """Show the messages by day, newest first, a line each; they stay unread until they are opened."""
    messages, before = list_messages(the_desk(), the_actor(), find_query_cursor(request.args, "before"))
    set_breadcrumbs((t("消息", "Messages"), None))
    invitations = list_invitations(the_desk(), the_actor())
    days = [(day, list(entries)) for day, entries in groupby(messages, key=lambda entry: local_date(entry.at))]
    return render_template(
        "people/inbox.html",
        messages=messages,
        days=days,
        before=before,
        invitations=invitations,
        next_up_view=next_up_unless(messages or invitations),
    )


@PAGES.get("/inbox/<int:message_id>")
@route_guard("inbox.view")
def message(message_id: int) -> ResponseReturnValue:
    """Show one message, which is read by that."""
    message_view = read_message(the_desk(), the_actor(), message_id)
    g.inbox_read = True
    set_breadcrumbs((t("消息", "Messages"), "/inbox"), (message_view.subject, None))
    return render_template("people/message.html", m=message_view)


@PAGES.post("/inbox/read")
@route_guard("inbox.view")
def read_all() -> ResponseReturnValue:
    """Mark all messages as read."""
    mark_read(the_desk(), the_actor(), None)
    flash(t("全部消息已标为已读。", "All messages are marked as read."))
    return redirect("/inbox")


@PAGES.post("/invitations/<int:expert_id>")
@route_guard("experts.consent")
def answer(expert_id: int) -> ResponseReturnValue:
    """Agree to be on a register of experts, or decline."""
    accept = request.form.get("accept") == "yes"
    answer_invitation(the_desk(), the_actor(), expert_id, accept=accept)
    flash(t("已同意，您在该地评审专家库中。", "You are on the register.") if accept else t("已谢绝。", "Declined."))
    return redirect("/inbox")
