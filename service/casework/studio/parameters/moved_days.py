"""Which time limits of running cases would end on another day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from service.casework.access.actor import Actor
from service.casework.access.case_access import title_for
from service.casework.amendments.move_plan import changed_dates
from service.casework.desk.desk import Desk
from service.casework.step.step import Step
from service.domain.errors import LaurelError
from service.store import Transaction
from service.store.models import CaseRow

MOST_CASES = 200
"""Running cases that are looked at; more are counted only."""

Otherwise: TypeAlias = Callable[[CaseRow], tuple[Desk, CaseRow]]
"""What a case would be handled by, and as what: another calendar, other values."""


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A notice or a time limit of a running case that would end on another day."""

    case: str
    name: str
    old: date
    new: date


def moved_limits(desk: Desk, tx: Transaction, actor: Actor, row: CaseRow, otherwise: Otherwise) -> Iterator[MovedDay]:
    """Yield the tasks and timers of a case that would fall on another day."""
    with suppress(LaurelError):  # a case that cannot be evaluated now foretells nothing; its own pages say why
        case = tx.cases.get(row.id)
        steps = [Step(by, tx, case_row, actor) for by, case_row in ((desk, case), otherwise(case))]
        for step in steps:
            step.instance = desk.engine.restore(case.definition, step.engine_state, step.environment)
        before, after = steps
        changes = tuple(changed_dates(before, after))
        names = _map_task_names(before, actor, {change.task for change in changes if change.task is not None})
        for change in changes:
            yield MovedDay(title_for(actor, row), names.get(change.task, change.name), change.old, change.new)


def _map_task_names(step: Step, actor: Actor, tasks: Collection[int]) -> Mapping[int | None, str]:
    """Return what the tasks are called, with the body that each waits for: several may have one and the same opinion to give.

    Who only draws procedures reads of each what its element is called: a title may name whom the case is about.
    """
    rows = [row for row in step.tx.tasks.open_of_case(step.case.id) if row.id in tasks]
    bodies = step.tx.bodies.by_id({row.body_id for row in rows if row.body_id is not None})
    names_by_task: dict[int | None, str] = {}
    for row in rows:
        drawn = step.element(row.process_id, row.element).name or row.element
        name, body = row.title if actor.oversees(row.jurisdiction) else drawn, bodies.get(row.body_id or 0)
        names_by_task[row.id] = f"{name}（{body.name}）" if body is not None else name
    return names_by_task
