"""Pages of a draft's history and life: what changed, undone across sessions; taken over, shared, discarded."""

from __future__ import annotations

from flask import redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.compare_draft import named_difference
from service.casework.studio.drafts.open_draft import discard_draft, restore_draft, share_draft, take_over_draft
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.drafts.view_history import restore_revision, view_history, view_revision
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.frame.requests.sign_in import page_before
from service.web.studio.drafts.drafts import KIND_NAMES
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
        the_desk(),
        the_actor(),
        draft,
        -1 if number is None else number,
        request.form.get("path", ""),
        last=whole_number(request.form.get("last", "")),
    )
    flash(t("已恢复，记为第 %s 次修改。", "Restored, as revision %s.") % made)
    return redirect(f"/studio/drafts/{draft}/history")


@PAGES.post("/take-over")
@route_guard("draft.edit")
def take_over(draft: int) -> ResponseReturnValue:
    """Edit a draft in place of whoever does, and go on with the page."""
    take_over_draft(the_desk(), the_actor(), draft)
    flash(t("已由您接手编辑。", "You edit the draft now."))
    return redirect(page_before())


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
