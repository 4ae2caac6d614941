"""The page of an amended text: compared with the register, its changes to be confirmed."""

from __future__ import annotations

from functools import partial

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.law.amend_law import confirm_amendment, propose_amendment
from service.catalog.coverage.matrix import clause_places
from service.catalog.law_text.compare_texts import ClauseAct
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number, whole_numbers
from service.domain.wording.numbers import counted
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.law.clauses import guarded_page, places_shown

PAGES = studio_pages("studio_amendments")
_HERE = "studio_clauses.index"
_WORDS = {
    ClauseAct.ADD: Text("新增", "added"),
    ClauseAct.CHANGE: Text("修改", "changed"),
    ClauseAct.MOVE: Text("改编号", "moved"),
    ClauseAct.REMOVE: Text("删去", "removed"),
    ClauseAct.LOOK: Text("请核对", "please look"),
}


@PAGES.get("/clauses/amend")
@route_guard("draft.edit")
def amend_page(draft: int) -> ResponseReturnValue:
    """Ask for the amended text."""
    return _amend(draft)


@PAGES.post("/clauses/amend")
@route_guard("draft.edit")
def amend(draft: int) -> ResponseReturnValue:
    """Show what the amended text changes; with ``confirm`` write what is ticked."""
    text = request.form.get("text", "")
    if not request.form.get("confirm"):
        return guarded_page(lambda: _amend(draft, text), lambda said: _amend(draft, text, said, read=False))

    def confirm() -> ResponseReturnValue:
        chosen, away = set(whole_numbers(request.form.getlist("take"))), bool(request.form.get("away"))
        revision = whole_number(request.form.get("revision", ""))
        count = confirm_amendment(the_desk(), the_actor(), draft, text, chosen, away=away, revision=revision)
        flash(
            t(
                f"已改{count}处。请到“评审与发布”写明在办办件怎么办。",
                f"{counted(count, 'change', 'changes')} written. Say under Publish what becomes of running cases.",
            )
        )
        return redirect(f"/studio/drafts/{draft}/clauses")

    return guarded_page(confirm, lambda said: _amend(draft, text, said, sent=request.form))


def _amend(
    draft: int, text: str = "", problem: str = "", read: bool = True, sent: MultiDict[str, str] | None = None
) -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    found = propose_amendment(the_desk(), the_actor(), draft, text) if text.strip() and read else None
    away = found.withdrawal if found else None
    going = [p.change.clause.id for p in found.changes if p.change.act is ClauseAct.REMOVE] if found else []
    return studio_page(
        "clauses_amend.html",
        view,
        _HERE,
        text=text,
        problem=problem,
        typed=sent,
        found=found,
        places_of=partial(clause_places, view.package),
        left=clause_places(view.package, away.left, going, (*away.gone, *away.kept)) if away else (),
        **places_shown(draft, view),
        words=_WORDS,
        Act=ClauseAct,
    )
