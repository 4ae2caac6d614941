"""Page of the assistant of a condition of applying: what is asked of applicants, what would be written."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import redirect, request
from flask.typing import ResponseReturnValue

from service.casework.studio.law.attest_condition import TypedCondition, view_condition, write_condition
from service.casework.studio.law.kept_preview import CONDITION
from service.casework.studio.law.preview_condition import preview_condition
from service.casework.studio.law.view_clauses import view_clauses
from service.casework.studio.law.view_preview import Preview, view_preview
from service.domain.values.whole_numbers import whole_number
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.drafts.drafts import KIND_NAMES
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.law.changed_names import names_of_changes
from service.web.studio.law.clauses import guarded_page, to_clause

PAGES = studio_pages("studio_clause_condition")
_HERE = "studio_clauses.index"


@PAGES.get("/clauses/<clause>/condition")
@route_guard("draft.edit")
def ask(draft: int, clause: str) -> ResponseReturnValue:
    """Ask how a condition is put to applicants: ?item= is the number of one of those in its passage.

    ?preview= shows the newest preview, or how far it is.
    """
    if "preview" not in request.args:
        return _page(draft, clause, {})
    found = view_preview(the_desk(), the_actor(), draft, CONDITION, clause)
    asked = found.asked
    typed = {"words": asked["words"], "bars": "yes" if asked["bars"] else "no", "scenario": asked["scenario"]}
    return _page(draft, clause, typed, preview=found)


@PAGES.post("/clauses/<clause>/condition")
@route_guard("draft.edit")
def attest(draft: int, clause: str) -> ResponseReturnValue:
    """Start a preview of what the assistant writes; with ``confirm`` write it."""
    sent = {key: request.form.get(key, "").strip() for key in ("words", "bars", "scenario")}
    typed = TypedCondition(clause, sent["words"], sent["bars"] == "yes", sent["scenario"])

    def act() -> ResponseReturnValue:
        if request.form.get("confirm"):
            write_condition(the_desk(), the_actor(), draft, typed)
            flash(t("已写入草稿。", "Written into the draft."))
            further = any(one.clause == clause for one in view_condition(the_desk(), the_actor(), draft, clause).items)
            return redirect(request.path if further else to_clause(draft, clause))
        preview_condition(the_desk(), the_actor(), draft, clause, typed.words, typed.bars, typed.scenario)
        return redirect(_shown_at())

    return guarded_page(act, lambda problem: _page(draft, clause, sent, problem))


def _shown_at() -> str:
    """Return where the preview of this clause is shown."""
    item = {"item": request.args["item"]} if "item" in request.args else {}
    return f"{request.path}?{urlencode({**item, 'preview': 'yes'})}"


def _page(draft: int, clause: str, typed: dict[str, str], problem: str = "", preview: Preview | None = None) -> str:
    bench = view_clauses(the_desk(), the_actor(), draft, clause)
    asks = view_condition(the_desk(), the_actor(), draft, clause)
    first = asks.scenarios[0][0] if asks.scenarios else ""
    within = tuple(one for one in asks.items if one.clause == clause)
    number = whole_number(request.args.get("item", "")) or 0
    chosen = within[number - 1] if 0 < number <= len(within) else None
    words = chosen.words if chosen else asks.words
    proposal = preview.proposal if preview and not preview.stale else None
    return studio_page(
        "clause_condition.html",
        bench.draft,
        _HERE,
        clause=bench.law.clause(clause),
        bench=bench,
        asks=asks,
        within=within,
        chosen=chosen,
        number=number,
        typed={"words": words, "bars": "yes" if asks.bars else "no", "scenario": first, **typed},
        problem=problem,
        preview=preview,
        preview_at=_shown_at(),
        proposal=proposal,
        kind_names=KIND_NAMES,
        called=names_of_changes(bench.draft, proposal) if proposal else {},
    )
