"""The key figures of the monitor, each the exact length of the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.queries.list_tasks import TaskQuery, task_filter
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
    """Return the figures of ``places``, which are ``jurisdiction`` alone or all; each counts by the filter of its list."""
    if not places:
        return Figures(0, 0, 0, 0, 0, 0, 0)

    def tasks(due: str = "") -> int:
        query = TaskQuery("visible", due=due, jurisdiction=jurisdiction)
        return tx.tasks.count(task_filter(actor, known, query, now))

    running = CaseFilter(places, live=True, recused=sorted(actor.recused))
    return Figures(
        running=tx.cases.count(running),
        waiting=tasks(),
        overdue=tasks("late"),
        today=tasks("today"),
        timers=tx.work.count_timers(running),
        incidents=tx.incidents.count_open(places),
        notices=len(tx.notices.ending(places, *this_week(now))),
    )


def this_week(now: datetime) -> tuple[date, date]:
    """Return today and the Sunday of its week."""
    today = local_date(now)
    return today, today + timedelta(days=7 - today.isoweekday())
