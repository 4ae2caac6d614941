"""Time limits and notices of running cases that would end on another day by another calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused, title_for
from service.casework.desk.desk import Desk
from service.casework.step.limits.calendar import counted_otherwise
from service.casework.step.step import Step
from service.domain.calendar import WorkingCalendar
from service.domain.errors import LaurelError
from service.store import Transaction
from service.store.models import CaseRow, TaskRow

MOST_CASES = 200
"""Running cases that are looked at; more are counted only."""


@dataclass(frozen=True, slots=True)
class MovedDay:
    """A notice or a time limit of a running case that would end on another day."""

    case: str
    name: str
    old: date
    new: date


def list_moved_days(
    desk: Desk, tx: Transaction, actor: Actor, package: str, new: Mapping[str, WorkingCalendar]
) -> list[MovedDay]:
    """Return what of the running cases of a package would end on another day by the calendars ``new``."""
    place, award = package.split("/")
    rows = tx.cases.select(jurisdiction=place, award=award, status__ne="ended")
    cases = islice((row for row in rows if not is_recused(actor, row)), MOST_CASES)
    other = replace(desk, calendars=new)
    return [day for row in cases for day in _iterate_moved_days((desk, other), tx, actor, row)]


def _iterate_moved_days(desks: tuple[Desk, Desk], tx: Transaction, actor: Actor, row: CaseRow) -> Iterator[MovedDay]:
    with suppress(LaurelError):  # a case that cannot be evaluated now foretells nothing; its own pages say why
        case = tx.cases.get(row.id)
        before, after = (Step(desk, tx, case, actor) for desk in desks)
        for step in (before, after):
            step.instance = step.desk.engine.restore(case.definition, step.engine_state, step.environment)
        changes = [move.change for move in counted_otherwise(before, after) if not move.begins]
        names = _map_task_names(before, actor, [change.task for change in changes if change.task is not None])
        for change in changes:
            yield MovedDay(title_for(actor, row), names.get(change.key, change.name), change.old, change.new)


def _map_task_names(step: Step, actor: Actor, rows: Collection[TaskRow]) -> Mapping[str, str]:
    """Return what tasks are called, with the body that each waits for: several may have one and the same opinion to give.

    Who only draws procedures reads of each what its element is called: a title may name whom the case is about.
    """
    bodies = step.tx.bodies.by_id({row.body_id for row in rows if row.body_id is not None})
    names_by_task: dict[str, str] = {}
    for row in rows:
        drawn = step.element(row.process_id, row.element).name or row.element
        name, body = row.title if actor.oversees(row.jurisdiction) else drawn, bodies.get(row.body_id or 0)
        names_by_task[f"task:{row.id}"] = f"{name}（{body.name}）" if body is not None else name
    return names_by_task
