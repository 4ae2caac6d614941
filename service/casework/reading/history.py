"""The history of a case in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from service.casework.access.actor import OVERSEEING_KINDS
from service.casework.reading.citations import CitedArticle, cite
from service.casework.step.history import BECAUSE, TASK_TITLE
from service.catalog import Package
from service.store import RoleHolder, Transaction
from service.store.models import AuditRow, CaseRow

INTERVENED = "intervened"
"""Action of what an administrator changed; its reason is internal unless it was marked public."""

BETWEEN = "between"
"""Key under which an event names the bodies that may read its words; others who do not oversee it read less."""

_LONG = 3
"""So many lines alike in a row are shown as one with their count."""

_OF_WORK = frozenset({"work_item_dead", "retried", "skipped", "handed_over"})
"""Actions that tell of background work."""

_TONES = {
    "incident": "late",
    "undelivered": "late",
    "sent_back": "late",
    "suspended": "late",
    INTERVENED: "late",
    "ended": "now",
    "started": "now",
}


@dataclass(frozen=True, slots=True)
class EventView:
    """One line of the history; ``reason`` is the one given for it."""

    seq: int
    at: datetime
    who: str
    text: str
    reason: str
    tone: str
    element: str | None
    action: str = ""
    person_id: int | None = None
    internal: bool = False
    """Whether the reason is for those alone who oversee the case."""
    clauses: tuple[CitedArticle, ...] = ()
    """What it was done on, where that is noted beside it."""
    technical: str = ""
    """By what the program knows the work that the line tells of, for whoever administers it."""
    because: int | None = None
    """The case whose step wrote it, where that is another one."""
    between: frozenset[int] = frozenset()
    """The bodies between which it happened, where its words are for them."""
    task_title: str = ""
    """What was handed on or sent back."""


def events_of(rows: Iterable[AuditRow], package: Package | None = None) -> tuple[EventView, ...]:
    """Return the lines of ``rows``, in their order; with the articles of ``package``'s regulation that they note."""
    return tuple(_build_event(row, package) for row in rows)


def _build_event(row: AuditRow, package: Package | None) -> EventView:
    data = row.data if isinstance(row.data, dict) else {}
    return EventView(
        row.seq,
        row.at,
        row.actor,
        without_actor(row.actor, row.text),
        str(data.get("reason") or ""),
        _TONES.get(row.action, ""),
        row.element,
        row.action,
        row.person_id,
        row.action == INTERVENED and data.get("public") is not True,
        _list_citations(row, package),
        str(data.get("key") or "") if row.action in _OF_WORK else "",
        int(data[BECAUSE]) if row.action == "register" and BECAUSE in data else None,
        frozenset(data.get(BETWEEN) or ()),
        str(data.get(TASK_TITLE) or ""),
    )


def _list_citations(row: AuditRow, package: Package | None) -> tuple[CitedArticle, ...]:
    clauses = row.data.get("clauses") if isinstance(row.data, dict) else None
    if package is None or not isinstance(clauses, list):
        return ()
    return cite(package, (str(each) for each in clauses if str(each) in package.law.clauses))


def runs_of(events: Sequence[EventView]) -> tuple[tuple[EventView, ...], ...]:
    """Return the lines with those together that stand in a row and say the same of the same step, by one author.

    Two in a row stay apart: only what is long is worth folding.
    """
    runs: list[tuple[EventView, ...]] = []
    for _, alike in groupby(events, lambda event: (event.who, event.action, event.element or event.text)):
        run = tuple(alike)
        runs += [run] if len(run) >= _LONG else [(single_event,) for single_event in run]
    return tuple(runs)


def without_actor(who: str, text: str) -> str:
    """Return the text of an event without the actor's name, with which its line begins."""
    done = text.removesuffix(f"：{who}提交")
    return f"提交“{done}”" if done != text else text.removeprefix(who).removeprefix("：")


def handlers_of(tx: Transaction, case: CaseRow, now: datetime) -> list[RoleHolder]:
    """Return them by body, whom the case is about apart; a seat of each, so that one person may be there twice."""
    bodies = sorted(bodies_handling(tx, case))
    return tx.role_holders.seated(case.jurisdiction, sorted(OVERSEEING_KINDS), bodies, now)


def bodies_handling(tx: Transaction, case: CaseRow) -> set[int]:
    """Return the bodies that are party to a case or have tasks of it, whom it is about apart."""
    bodies = {body.id for group in tx.cases.parties(case.id).values() for body in group}
    bodies |= {task.body_id for task in tx.tasks.select(case_id=case.id) if task.body_id is not None}
    return bodies - ({case.subject_id} if case.subject_id is not None else set())
