"""The time limit of each step of a diagram, in working days, with the articles it rests on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median_low

from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.monitored import Monitored
from service.casework.step.time_limits import statutory
from service.domain.calendar import WorkingCalendar, local_date, working_days_between
from service.store import FEW, NEVER, Place, Stood, Transaction
from service.store.models import TaskRow


@dataclass(frozen=True, slots=True)
class StepLimit:
    """The usual statutory period of a step in working days, and the articles that give it."""

    days: int
    articles: tuple[str, ...]


def limits_of(
    desk: Desk,
    tx: Transaction,
    chosen: Monitored,
    place: Place,
    standing: Collection[str],
    past: Mapping[str, Sequence[Stood]],
    awaiting: Collection[str],
) -> Mapping[str, StepLimit]:
    """Return the limit of each element: of the newest open tasks or running timers, else of those done last.

    Tasks are open at the elements ``standing``, were done at those of ``past``; at ``awaiting`` timers may run.

    A task counts by its statutory day, whatever its last useful day is; a step without a limit is not there.
    """
    calendar = desk.calendar(chosen.package.jurisdiction.calendar)
    elements = chosen.package.diagram(chosen.process).elements
    running = tx.durations.newest_open(place, standing)
    limited = {row.element for row in running}
    before = [
        one.id
        for ident, each in past.items()
        if ident not in limited
        for one in [one for one in each if one.due_at < NEVER][:FEW]
    ]
    found: dict[str, list[int]] = defaultdict(list)
    articles: dict[str, dict[str, None]] = defaultdict(dict)
    for row in (*running, *tx.durations.tasks(before)):
        days = _task_days(calendar, row)
        if days is not None:
            found[row.element].append(days)
            articles[row.element].update(dict.fromkeys(map(str, row.clauses)))
    for ident, since, due in tx.durations.newest_timers(place, awaiting):
        if due < NEVER:
            found[ident].append(_days(calendar, since, due))
            clauses = chosen.package.clauses_of(elements[ident], (), chosen.process) if ident in elements else ()
            articles[ident].update(dict.fromkeys(clauses))
    law = chosen.package.law
    return {
        ident: StepLimit(median_low(days), tuple(dict.fromkeys(law.article(clause) for clause in articles[ident])))
        for ident, days in found.items()
    }


def _task_days(calendar: WorkingCalendar, row: TaskRow) -> int | None:
    due, _ = statutory(row)
    return _days(calendar, row.created_at, due) if due < NEVER else None


def _days(calendar: WorkingCalendar, since: datetime, due: datetime) -> int:
    return working_days_between(calendar, local_date(since), local_date(due - timedelta(seconds=1)))
