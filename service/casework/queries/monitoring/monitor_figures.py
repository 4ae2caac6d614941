"""The key figures of the monitor, each the exact length of the list behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.queries.tasks.list_tasks import TaskQuery, task_filter
from service.casework.reading.published import Published
from service.domain.calendar import end_of_day, local_date
from service.store import CaseFilter, TaskFilter, Transaction

_SECOND = timedelta(seconds=1)


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
    if actor.recused:
        running, timers, tasks = _counted(tx, actor, places, lists)
    else:
        running, timers, tasks = _summed(tx, places, lists, now)
    return Figures(
        running=running,
        waiting=tasks[0],
        overdue=tasks[1],
        today=tasks[2],
        timers=timers,
        incidents=tx.incidents.count_open(places_of_incidents(actor, places, jurisdiction)),
        notices=tx.notices.count_ending(places, *this_week(now)),
    )


def places_of_incidents(actor: Actor, places: Sequence[str], jurisdiction: str) -> list[str]:
    """Return where incidents are looked for: with all places, what belongs to none, as a mail about an account does."""
    return [*places, "*"] if not jurisdiction and actor.oversees("*") else [*places]


def _counted(
    tx: Transaction, actor: Actor, places: Sequence[str], lists: Sequence[TaskFilter]
) -> tuple[int, int, Sequence[int]]:
    """Count one by one, without the cases from which the actor is recused."""
    running = CaseFilter(places, live=True, recused=sorted(actor.recused))
    return tx.cases.count(running), tx.work.count_timers(running), [tx.tasks.count(chosen) for chosen in lists]


def _summed(
    tx: Transaction, places: Sequence[str], lists: Sequence[TaskFilter], now: datetime
) -> tuple[int, int, Sequence[int]]:
    """Take what the database sums up itself, and count what the day has brought since it began."""
    day, begins = not_over(now)
    sums, besides = tx.tallies.totals(places, day), tx.tasks.count_besides(lists, places)
    today = lists[2]
    late, due = tx.tasks.count_supervised(places, [(begins, now), (today.due_from or now, today.due_before or now)])
    return sums.running, sums.timers, [n + m for n, m in zip((sums.tasks, sums.over + late, due), besides, strict=True)]


def not_over(now: datetime) -> tuple[date, datetime]:
    """Return the first day whose tasks may not be overdue yet, and since when what is due then must be counted."""
    day = local_date(now - _SECOND)
    return day, end_of_day(day - timedelta(days=1)) + _SECOND


def this_week(now: datetime) -> tuple[date, date]:
    """Return today and the Sunday of its week."""
    today = local_date(now)
    return today, today + timedelta(days=7 - today.isoweekday())
