"""Pages of a decision that amends the law: its changes to be confirmed, and what follows new numbers of articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from flask import redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.law.amend_law import ProposedChange, propose_amendment
from service.casework.studio.law.follow_articles import follow_articles, keep_articles
from service.casework.studio.law.write_amendment import AmendmentWriting, view_writing, write_amendment
from service.catalog.coverage.clause_places import clause_places
from service.catalog.law_text.amend import ClauseAct
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.domain.values.whole_numbers import whole_number, whole_numbers
from service.domain.wording.counted import counted
from service.web.frame.page.frame import flash
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.law.clauses import guarded_page, places_shown

PAGES = studio_pages("studio_amendments")
_HERE = "studio_clauses.index"
_WORDS = {
    ClauseAct.ADD: Text("新增", "added"),
    ClauseAct.CHANGE: Text("修改", "changed"),
    ClauseAct.REMOVE: Text("删去", "removed"),
    ClauseAct.LOOK: Text("请核对", "please look"),
}


@PAGES.get("/clauses/amend")
@route_guard("draft.edit")
def amend_page(draft: int) -> ResponseReturnValue:
    """Ask for a decision that amends the law; ?writing= shows how far the newest writing of one is, and what came of it."""
    return _written(draft) if "writing" in request.args else _amend(draft)


@PAGES.post("/clauses/amend")
@route_guard("draft.edit")
def amend(draft: int) -> ResponseReturnValue:
    """Show what a decision changes; with ``confirm`` start writing what is ticked."""
    decision, chosen = request.form.get("decision", ""), whole_numbers(request.form.getlist("take"))
    if not request.form.get("confirm"):
        return guarded_page(lambda: _amend(draft, decision), lambda said: _amend(draft, decision, said, read=False))

    def confirm() -> ResponseReturnValue:
        values, follow, reword = (request.form.getlist(name) for name in ("value", "follow", "reword"))
        whole, away = (bool(request.form.get(name)) for name in ("renumber", "away"))
        since = _first_day(request.form.get("since", ""))
        write_amendment(
            the_desk(),
            the_actor(),
            draft,
            decision,
            sorted(set(chosen)),
            values,
            follow,
            reword,
            renumber=whole,
            away=away,
            since=since,
            revision=whole_number(request.form.get("revision", "")),
        )
        return redirect(f"{request.path}?writing=yes")

    return guarded_page(confirm, lambda said: _amend(draft, decision, said, sent=request.form))


@PAGES.post("/articles/follow")
@route_guard("draft.edit")
def follow(draft: int) -> ResponseReturnValue:
    """Let a file, or every one that waits for it, name the new numbers of articles."""
    path = request.form.get("path", "")

    def act() -> str:
        count = follow_articles(the_desk(), the_actor(), draft, path)
        return t(f"{count}个文件改成了新的编号。", f"{counted(count, 'file names', 'files name')} the new numbers.")

    return _seen_to(draft, act)


@PAGES.post("/articles/keep")
@route_guard("draft.edit")
def keep(draft: int) -> ResponseReturnValue:
    """Note that somebody looked at the articles that a file names."""

    def act() -> str:
        keep_articles(the_desk(), the_actor(), draft, request.form.get("path", ""))
        return t("已记为核对过。", "It is noted as looked at.")

    return _seen_to(draft, act)


def _first_day(text: str) -> str:
    """Return the first day of the values that was typed, as YYYY-MM-DD, "" where none was; raises Invalid."""
    if not text.strip():
        return ""
    try:
        return read_day(text).isoformat()
    except ValueError as mistake:
        raise Invalid(
            Text(
                f"“{text.strip()[:20]}”不是日期，请写成 2027-01-01。",
                f"“{text.strip()[:20]}” is no day: write 2027-01-01.",
            )
        ) from mistake


def _seen_to(draft: int, act: Callable[[], str]) -> ResponseReturnValue:
    try:
        flash(act())
    except LaurelError as error:
        flash(say(error.message), "late")
    return redirect(f"/studio/drafts/{draft}/problems")


def _moving(changes: Iterable[ProposedChange]) -> list[ProposedChange]:
    return [proposed for proposed in changes if proposed.change.act is ClauseAct.RENUMBER]


def _written(draft: int) -> str:
    """Show how far the newest writing is; where it ended without a result, what was ticked for it, to be sent again."""
    found = view_writing(the_desk(), the_actor(), draft)
    if not found.job.over or found.count is not None:
        return studio_page(
            "clauses_amend.html",
            view_draft(the_desk(), the_actor(), draft),
            _HERE,
            writing=found.job,
            count=found.count,
        )
    return _amend(draft, found.asked["decision"], sent=_as_sent(found.asked), writing=found)


def _as_sent(asked: Mapping[str, Any]) -> MultiDict[str, str]:
    """Return what a writing was asked for as the form sends it."""
    lists = {"take": "chosen", "value": "keys", "follow": "follow", "reword": "reword"}
    sent = [(name, str(one)) for name, key in lists.items() for one in asked[key]]
    ticked = [(name, "yes") for name in ("renumber", "away") if asked[name]]
    return MultiDict([*sent, *ticked, ("since", asked["since"]), ("confirm", "yes")])


def _amend(
    draft: int,
    decision: str = "",
    problem: str = "",
    read: bool = True,
    sent: MultiDict[str, str] | None = None,
    writing: AmendmentWriting | None = None,
) -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    proposed = propose_amendment(the_desk(), the_actor(), draft, decision) if decision.strip() and read else None
    changes = proposed.changes if proposed else ()
    package, away = view.package, proposed.withdrawal if proposed else None
    going = [one.change.before.id for one in changes if one.change.act is ClauseAct.REMOVE and one.change.before]
    moving = _moving(changes)
    return studio_page(
        "clauses_amend.html",
        view,
        _HERE,
        decision=decision,
        problem=problem,
        typed=sent,
        writing=writing.job if writing else None,
        changed=writing is not None and writing.job.revision != view.row.revision,
        proposed=[one for one in changes if one not in moving],
        moving=moving,
        moved=proposed.moved if proposed else None,
        naming=proposed.naming if proposed else (),
        worded=proposed.worded if proposed else (),
        running=proposed.running if proposed else 0,
        withdrawal=away,
        places_of=partial(clause_places, package),
        left=clause_places(package, away.left, going, (*away.gone, *away.kept)) if away else (),
        **places_shown(draft, view),
        since=sent.get("since", "") if sent is not None else proposed.since or "" if proposed else "",
        words=_WORDS,
        Act=ClauseAct,
    )
