"""What another calendar would move in a place, limit by limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused, title_for
from service.casework.desk.desk import Desk
from service.casework.studio.parameters.foresee_parameter import MOST_CASES, MovedDay, moved_limits
from service.domain.calendar import StartRule, WorkingCalendar, working_window
from service.store import Transaction
from service.store.models import CaseRow


def moved_in_place(
    desk: Desk, tx: Transaction, actor: Actor, package: str, place: str, new: Mapping[str, WorkingCalendar]
) -> tuple[MovedDay, ...]:
    """Return what of the running cases of a package that counts by calendar ``place`` would end on another day."""
    other = replace(desk, calendars=new)
    cases = [one for one in _running(tx, package) if not is_recused(actor, one)][:MOST_CASES]
    return tuple(line for case in cases for line in _moved(desk, other, tx, actor, case, new[place]))


def _running(tx: Transaction, package: str) -> list[CaseRow]:
    jurisdiction, award = package.split("/")
    return list(tx.cases.running_under(jurisdiction, award))


def _moved(
    desk: Desk, other: Desk, tx: Transaction, actor: Actor, row: CaseRow, calendar: WorkingCalendar
) -> Iterator[MovedDay]:
    """Yield the notices and time limits of a case that end on another day by the other desk's calendars."""
    for notice in tx.notices.of_case(row.id):
        if notice.state == "running" and notice.period.get("unit") == "working_days":
            rule = StartRule(notice.period.get("day_one", StartRule.NEXT_DAY.value))
            last = working_window(calendar, notice.posted_at, int(notice.period["length"]), rule).last_day
            if last != notice.last_day:
                yield MovedDay(title_for(actor, row), notice.title, notice.last_day, last)
    yield from moved_limits(desk, tx, actor, row, lambda case: (other, case))
