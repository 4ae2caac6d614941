"""What a changed parameter brings about: which running notices and time limits would end on another day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeAlias

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused, title_for
from service.casework.amendments.move_plan import changed_dates
from service.casework.desk.desk import Desk
from service.casework.step.step import Step
from service.catalog import Package, Parameter, Unit
from service.catalog.coverage.parameter_readers import is_interpreted
from service.catalog.settings.setting_reach import names_in
from service.catalog.uses.piece_users import PieceUser, users_of_parameters
from service.domain.calendar import StartRule, calendar_window, local_date, working_window
from service.domain.errors import LaurelError
from service.store import Transaction
from service.store.models import CaseRow, NoticeRow

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


@dataclass(frozen=True, slots=True)
class ParameterForecast:
    """What a new value brings about.

    ``readers`` are the places that read it, ``by_program`` whether the program itself does besides, ``notices`` and
    ``limits`` what of running cases would move if they took the value over, ``running`` how many run. ``sample``: a
    period that begins today ends on the first day now, on the second then.
    """

    readers: tuple[PieceUser, ...]
    by_program: bool
    notices: tuple[MovedDay, ...]
    limits: tuple[MovedDay, ...]
    running: int
    sample: tuple[date, date] | None


def forecast_parameter(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, old: Parameter | None, new: Parameter | None
) -> ParameterForecast:
    """Return what ``new`` instead of ``old`` brings about in ``package``; nothing is written."""
    parameter = new or old
    ident = parameter.id if parameter is not None else ""
    readers, by_program = (
        users_of_parameters(package).get(ident, ()),
        parameter is not None and is_interpreted(parameter),
    )
    today = local_date(desk.clock.now())
    before = old.value_on(today) if old and old.values else None
    after = new.values[-1].value if new and new.values else None
    rows = list(tx.cases.select(jurisdiction=package.jurisdiction.id, award=package.award.id, status__ne="ended"))
    if old is None or new is None or before == after:
        return ParameterForecast(readers, by_program, (), (), len(rows), None)
    seen = [row for row in rows if not is_recused(actor, row)][:MOST_CASES]
    notices = [moved for row in seen for moved in _iterate_moved_notices(desk, tx, actor, package, row, old, after)]
    limits = [moved for row in seen for moved in _iterate_moved_limits(desk, tx, actor, row, ident, before, after)]
    return ParameterForecast(
        readers,
        by_program,
        tuple(notices),
        tuple(limits),
        len(rows),
        _find_sample_ends(desk, package, old.unit, before, after),
    )


def _iterate_moved_limits(
    desk: Desk, tx: Transaction, actor: Actor, row: CaseRow, ident: str, before: Any, after: Any
) -> Iterator[MovedDay]:
    """Yield tasks and timers that a case would have on other days if it had opened with the new value."""
    if row.parameters.get(ident) != before:
        return
    yield from moved_limits(
        desk, tx, actor, row, lambda case: (desk, replace(case, parameters={**case.parameters, ident: after}))
    )


def _iterate_moved_notices(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, row: CaseRow, old: Parameter, after: Any
) -> Iterator[MovedDay]:
    """Yield running notices whose length the parameter gave."""
    kinds = _collect_notice_kinds(package, old.id)
    for notice in tx.notices.select(case_id=row.id) if kinds and isinstance(after, int) else ():
        has_same_length = notice.period.get("length") == row.parameters.get(old.id)
        if notice.state == "running" and notice.kind in kinds and has_same_length:
            last = _last_day(desk, package, notice, after)
            if last != notice.last_day:
                yield MovedDay(title_for(actor, row), notice.title, notice.last_day, last)


def _collect_notice_kinds(package: Package, ident: str) -> set[str]:
    """Return the kinds of notices whose length reads parameter ``ident``."""
    elements = (element for diagram in package.diagrams.values() for element in diagram.elements.values())
    calls = (element.operation for element in elements if element.operation is not None)
    return {
        call.parameters.get("kind", "").strip('"')
        for call in calls
        if call.operation == "notice.draft" and any(ident in names_in(text) for text in call.parameters.values())
    }


def _last_day(desk: Desk, package: Package, notice: NoticeRow, length: int) -> date:
    calendar = desk.calendar(package.jurisdiction.calendar)
    rule = StartRule(notice.period.get("day_one", StartRule.NEXT_DAY.value))
    if notice.period.get("unit") == "working_days":
        return working_window(calendar, notice.posted_at, length, rule).last_day
    return calendar_window(calendar, notice.posted_at, length, rule).last_day


def _find_sample_ends(desk: Desk, package: Package, unit: Unit, before: Any, after: Any) -> tuple[date, date] | None:
    """Return when a period that begins now ends, with the old value and with the new one."""
    if unit not in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS) or not all(
        isinstance(v, int) and v > 0 for v in (before, after)
    ):
        return None
    now, calendar = desk.clock.now(), desk.calendar(package.jurisdiction.calendar)
    if unit is Unit.WORKING_DAYS:
        first, second = (
            working_window(calendar, now, length, StartRule.NEXT_DAY).last_day for length in (before, after)
        )
    else:
        first, second = (local_date(now) + timedelta(days=length) for length in (before, after))
    return first, second
