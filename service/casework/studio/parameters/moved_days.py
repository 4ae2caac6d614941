"""Days of running cases that would move: what a forecast names, and how the time limits of a case are compared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from service.store.rows import CaseRow

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
        steps = [Step(by, tx, one, actor) for by, one in ((desk, case), otherwise(case))]
        for step in steps:
            step.instance = desk.engine.restore(case.definition, step.engine_state, step.environment)
        before, after = steps
        for change in changed_dates(before, after):
            yield MovedDay(title_for(actor, row), change.name, change.old, change.new)
