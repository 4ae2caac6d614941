"""Try a time limit on a sample day, with the calendar and the rules of counting of the draft's city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog import Package
from service.catalog.parameters.counting import counting_of
from service.domain.calendar import CHINA
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Invalid
from service.domain.feel import compile_expression
from service.domain.text import Text
from service.domain.values.typed_times import read_day
from service.engine import Environment

UNITS = ("workdays", "caldays", "months", "years")


@dataclass(frozen=True, slots=True)
class TriedPeriod:
    """A period that begins on the sample day, and how its end comes about."""

    length: int
    last_day: date
    provisional: bool
    reason: Text

    @property
    def sentence(self) -> Text:
        """Say on which day it ends, and why."""
        doubt = Text("（当年日历未公布，暂定）", " (provisional)") if self.provisional else Text("", "")
        day = self.last_day
        return Text(
            f"{day.year}年{day.month}月{day.day}日届满{doubt.zh}。{self.reason.zh}",
            f"Ends on {format_full_day(day).en}{doubt.en}. {self.reason.en}",
        )


@guarded("draft.view")
def try_period(desk: Desk, actor: Actor, draft: int, unit: str, count: str, day: str) -> TriedPeriod:
    """Return the period of ``count`` (a number or ``param.x``) ``unit`` that begins on ``day``, as 2026-05-01.

    Raises:
        Invalid: there is no such unit, setting or day, or the number cannot be counted.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    begin = _parse_day(day)
    length = _evaluate_length(package, count, begin)
    values = {name: p.value_on(begin) for name, p in package.award.parameters.items() if p.values}
    counting = counting_of(package.jurisdiction, package.award.time_settings, values)
    now, calendar = datetime.combine(begin, time(9), CHINA), desk.calendar(package.jurisdiction.calendar)
    environment = Environment(now, calendar, {}, counting)
    if unit not in UNITS:
        raise Invalid(Text(f"没有期限单位“{unit}”。", f"There is no unit “{unit}”."))
    compile_expression(f"{unit}({length})", functions=desk.functions).evaluate({}, environment)
    windows = environment.take_windows()
    if not windows:
        raise Invalid(Text("这个数不能计算期限，请填 1 以上的整数。", "Cannot be counted: give a whole number from 1."))
    window = windows[-1]
    return TriedPeriod(length, window.last_day, window.provisional, window.reason)


def _evaluate_length(package: Package, count: str, day: date) -> int:
    name = count.removeprefix("param.")
    parameter = package.award.parameters.get(name) if count.startswith("param.") else None
    value = parameter.value_on(day) if parameter is not None and parameter.values else count
    try:
        return int(str(value))
    except ValueError:
        raise Invalid(
            Text(
                f"“{count}”不是天数：请填整数，或选一个以天、月、年计的参数。",
                f"“{count}” is no number of days: give a whole number or choose a parameter that counts.",
            )
        ) from None


def _parse_day(text: str) -> date:
    try:
        return read_day(text)
    except ValueError:
        raise Invalid(
            Text(f"“{text}”不是存在的日期，请写成 2026-06-01。", f"“{text}” is no date; write it like 2026-06-01.")
        ) from None
