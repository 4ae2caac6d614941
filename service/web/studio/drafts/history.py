"""Pages of a draft's history: what changed, undone across sessions, and what is to be chosen."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.discard_draft import discard_draft, restore_draft
from service.casework.studio.drafts.named_differences import named_conflicts, named_difference
from service.casework.studio.drafts.restore_revision import restore_revision
from service.casework.studio.drafts.settle_save import give_up_save, list_held, settle_save
from service.casework.studio.drafts.share_draft import share_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.drafts.view_history import view_history, view_revision
from service.catalog.merge import Side
from service.domain.errors import Invalid
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.failure_status import status_of
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.studio.drafts.drafts import KIND_NAMES, names_of
from service.web.studio.frame import studio_page, studio_pages

PAGES = studio_pages("studio_history")


@PAGES.get("/history")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show every change with time, author, file and note."""
    history = view_history(the_desk(), the_actor(), draft, cursor(request.args, "before"))
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("history.html", view, "studio_history.index", history=history, kinds=KIND_NAMES)


@PAGES.get("/history/<int:revision>")
@route_guard("draft.view")
def revision(draft: int, revision: int) -> ResponseReturnValue:
    """Show one change in words; a diagram before and after it."""
    found = view_revision(the_desk(), the_actor(), draft, revision)
    told = found.difference and named_difference(found.difference, found.before, found.after, say)
    view = view_draft(the_desk(), the_actor(), draft)
    return studio_page("revision.html", view, "studio_history.index", found=found, difference=told, kinds=KIND_NAMES)


@PAGES.post("/history/restore")
@route_guard("draft.edit")
def restore(draft: int) -> ResponseReturnValue:
    """Bring a file, or everything, back to a revision."""
    number = whole_number(request.form.get("revision", ""))
    made = restore_revision(
        the_desk(), the_actor(), draft, -1 if number is None else number, request.form.get("path", "")
    )
    flash(t("已恢复，记为第 %s 次修改。", "Restored, as revision %s.") % made)
    return redirect(f"/studio/drafts/{draft}/history")


@PAGES.get("/choices")
@route_guard("draft.view")
def choices(draft: int) -> ResponseReturnValue:
    """Show what met somebody else's change, each difference with both values."""
    return _choices(draft)


@PAGES.post("/choices/<int:held>")
@route_guard("draft.edit")
def settle(draft: int, held: int) -> ResponseReturnValue:
    """Save as chosen, or give up what was held."""
    if request.form.get("act") == "give_up":
        give_up_save(the_desk(), the_actor(), draft, held)
        flash(
            t(
                "已放弃您的这份修改，草稿保持对方保存的内容。",
                "Your change was given up; the draft stays as the other saved it.",
            )
        )
        return redirect(f"/studio/drafts/{draft}/choices")
    try:
        settle_save(the_desk(), the_actor(), draft, held, chosen_sides(f"{held}:"))
    except Invalid as refusal:
        return _choices(draft, say(refusal.message)), status_of(refusal)
    flash(t("已按选择合并保存。", "Merged and saved as chosen."))
    return redirect(f"/studio/drafts/{draft}/choices")


@PAGES.post("/share")
@route_guard("draft.edit")
def share(draft: int) -> ResponseReturnValue:
    """Share a draft, or keep it to oneself again."""
    share_draft(the_desk(), the_actor(), draft, request.form.get("shared") == "1")
    return redirect(f"/studio/drafts/{draft}")


@PAGES.post("/discard")
@route_guard("draft.edit")
def discard(draft: int) -> ResponseReturnValue:
    """Put a draft away."""
    discard_draft(the_desk(), the_actor(), draft)
    flash(t("草稿已作废；需要时请管理员恢复。", "The draft is discarded; an administrator can bring it back."))
    return redirect("/studio")


@PAGES.post("/bring-back")
@route_guard("people.manage")
def bring_back(draft: int) -> ResponseReturnValue:
    """Bring a discarded draft back."""
    restore_draft(the_desk(), the_actor(), draft)
    return redirect(f"/studio/drafts/{draft}")


def chosen_sides(prefix: str) -> dict[str, Side]:
    """Return which side was chosen, by what stands behind ``prefix`` in the names of the form."""
    sides = {side.value: side for side in Side}
    return {
        name.removeprefix(prefix): sides[value]
        for name, value in request.form.items()
        if name.startswith(prefix) and value in sides
    }


def _choices(draft: int, problem: str = "") -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    held = [
        replace(one, conflicts=named_conflicts(one.conflicts, one.row.path, one.package, say))
        for one in list_held(the_desk(), the_actor(), draft)
    ]
    return studio_page(
        "choices.html",
        view,
        "studio_history.index",
        held=held,
        problem=problem,
        typed=request.form,
        names=names_of(view),
    )
