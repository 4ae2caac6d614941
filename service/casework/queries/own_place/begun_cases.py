"""What a person began and what still waits for others: the running cases, those that are late or due first on top."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.case_access import BALLOT, may_see_task
from service.casework.desk.desk import Desk
from service.casework.queries.cases.list_cases import newest_of, views_of
from service.casework.queries.limits import NO_LIMIT, TimeLimit, state_in, time_limit
from service.casework.queries.tasks.task_list import task_names
from service.casework.reading.published import Published
from service.casework.reading.stages import waits_for
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, TaskRow

LOOKED_AT = 40
"""So many of the newest cases are looked at for what is due first."""


@dataclass(frozen=True, slots=True)
class BegunCase:
    """A running case that the reader began: ``what`` is to be done, with ``who`` (None: it waits for time or others)."""

    id: int
    title: str
    process_name: Text
    what: str
    who: Text | None
    limit: TimeLimit


def begun_cases(desk: Desk, tx: Transaction, actor: Actor, known: Published, limit: int) -> tuple[BegunCase, ...]:
    """Return the running cases that ``actor`` began and may look at, by what is due in them first."""
    if actor.person_id is None:
        return ()
    chosen = CaseFilter(live=True, recused=sorted(actor.recused), started_by=actor.person_id)
    rows = newest_of(tx, views_of(tx, actor, known, "", chosen), None, LOOKED_AT)
    if not rows:
        return ()
    waiting: dict[int, list[TaskRow]] = defaultdict(list)
    for task in tx.durations.tasks_of([row.id for row in rows]):
        if task.state == "open" and task.kind != BALLOT and may_see_task(actor, task):
            waiting[task.case_id].append(task)
    found = [_line(desk, tx, known, row, waiting[row.id]) for row in rows]
    return tuple(sorted(found, key=_urgency)[:limit])


def _line(desk: Desk, tx: Transaction, known: Published, row: CaseRow, tasks: Sequence[TaskRow]) -> BegunCase:
    package = desk.packages.get(row.definition, tx)
    first = min(tasks, key=lambda task: (task.due_at, task.id), default=None)
    limit = NO_LIMIT
    if first is not None:
        calendar = known.calendar(desk, row.jurisdiction)
        limit = time_limit(calendar, first.due_at, first.due_reason, desk.clock.now(), state_in(row.status))
    what = task_names(known, first)[0] if first is not None else ""
    return BegunCase(row.id, row.title, package.process(row.process).text, what, waits_for(package, tasks), limit)


def _urgency(one: BegunCase) -> tuple[bool, int, int]:
    day = one.limit.last_day
    return day is None, day.toordinal() if day is not None else 0, one.id
