"""The key figures of the monitor, each the exact length of the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.queries.tasks.task_list import TaskQuery, task_filter
from service.casework.reading.published import Published
from service.domain.calendar import local_date
from service.store import CaseFilter, Transaction


@dataclass(frozen=True, slots=True)
class Figures:
    """Key figures: running cases, tasks that wait, overdue or due today, timers, incidents, notices that end this week."""

    running: int
    waiting: int
    overdue: int
    today: int
    timers: int
    incidents: int
    notices: int


def figures_of(
    tx: Transaction, actor: Actor, known: Published, places: Sequence[str], jurisdiction: str, now: datetime
) -> Figures:
    """Return the figures of ``places``, which are ``jurisdiction`` alone or all; each counts what its list holds."""
    if not places:
        return Figures(0, 0, 0, 0, 0, 0, 0)
    queries = [TaskQuery("visible", due=due, jurisdiction=jurisdiction) for due in ("", "late", "today")]
    lists = [task_filter(actor, known, query, now) for query in queries]
    running = CaseFilter(places, live=True, recused=sorted(actor.recused))
    waiting, overdue, today = (tx.tasks.count(chosen) for chosen in lists)
    return Figures(
        running=tx.cases.count(running),
        waiting=waiting,
        overdue=overdue,
        today=today,
        timers=tx.work.count_timers(running),
        incidents=tx.incidents.count_open(places_of_incidents(actor, places, jurisdiction)),
        notices=tx.notices.count_ending(places, *this_week(now)),
    )


def places_of_incidents(actor: Actor, places: Sequence[str], jurisdiction: str) -> list[str]:
    """Return where incidents are looked for: with all places, what belongs to none, as a mail about an account does."""
    return [*places, "*"] if not jurisdiction and actor.oversees("*") else [*places]


def this_week(now: datetime) -> tuple[date, date]:
    """Return today and the Sunday of its week."""
    today = local_date(now)
    return today, today + timedelta(days=7 - today.isoweekday())
