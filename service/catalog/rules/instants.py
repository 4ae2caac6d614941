"""Due dates and timers: each comes to a day, an instant or a period that the program can wait for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from service.catalog.bpmn.model import Diagram, Purpose, TimerKind
from service.catalog.feel import find_constant_value
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_warning_problem
from service.catalog.rules.formulas import Formula
from service.catalog.rules.registry import Extent, Said, check
from service.catalog.rules.types import inferred_formulas
from service.domain.feel import StaticType, YearsMonths
from service.domain.feel.temporal import parse_any, parse_duration
from service.domain.feel.values import ValueKind
from service.domain.text import Text

_DAYS = frozenset({ValueKind.STRING, ValueKind.DATE, ValueKind.DATE_TIME})
_CYCLE = "cycle"
_KINDS: Mapping[str, frozenset[ValueKind]] = {
    "due": _DAYS | {ValueKind.NULL},
    "remind": _DAYS | {ValueKind.DAYS, ValueKind.NULL},
    Purpose.TIMER: _DAYS | {ValueKind.DAYS, ValueKind.MONTHS},
    _CYCLE: frozenset({ValueKind.STRING, ValueKind.LIST}),
}
"""Of which kinds a formula may be, by the place where it stands."""
_REPETITION = re.compile(r"R(?:0*[1-9]\d*)?/(P[^/]+)")
"""How often, at least once, and after what period."""
_SHORTEST = timedelta(hours=1)
_OF_PERIOD = Text('写 duration("P10D")、workdays(10)。', 'Write duration("P10D") or workdays(10).')
_OF_DAY = Text('写日期：workdays(5)、date("2026-03-31")。', 'Write a day: workdays(5) or date("2026-03-31").')
_OF_CYCLE = Text(
    '写成 "R3/P7D"（每7天一次、共3次）、"R/P1D"，或者一份日期名单，例如 [months(1), months(2)]。',
    'Write "R3/P7D" (every 7 days, three times), "R/P1D", or a list of days such as [months(1), months(2)].',
)


_SAID = {
    "no_instant": Said(
        "A due date or timer comes to a day, an instant or a period.", "A timer that comes to no time stops the case.",
        "{place}“{text}”算不出时间：{why}。", "{place}: “{text}” comes to no time: it {why}.", "{remedy}", "{remedy}"),
    "short_cycle": Said(
        "What repeats does so once an hour at most.", "Every repetition is saved and told.",
        "“{text}”不到一小时就重复一次。", "“{text}” repeats more often than once an hour.",
        "最短每小时一次：\"R/PT1H\"。", "Once an hour at most: \"R/PT1H\"."),
    "month_cycle": Said(
        "Nothing repeats by months or years.", "The library counts a month as so many days: the day drifts.",
        "计时按月或按年循环“{text}”，日期会逐次漂移。", "The timer repeats by months or years (“{text}”); the day would drift.",
        "用函数算出日期列表，例如 [years(1), years(2)]。", "Compute a list of dates, such as [years(1), years(2)]."),
}  # fmt: skip


@check(Extent.PACKAGE, "fixed_day")
def days_not_fixed(checked: Checked) -> Iterator[Problem]:
    """A timer counts from what happens in its case: a day that is written into it passes, and from then on nothing waits."""
    for formula, _ in inferred_formulas(checked):
        value = (
            find_constant_value(formula.text)
            if _find_timer_place(checked, formula) in (Purpose.TIMER, _CYCLE)
            else None
        )
        for day in value if isinstance(value, list) else [value]:
            if isinstance(day, date):
                yield build_warning_problem(
                    formula.file, formula.place, "fixed_day",
                    f"计时写死了{day:%Y-%m-%d}：过了这一天，办件到这里不再等待，立即往下走。",
                    f"The timer has a fixed day, {day:%Y-%m-%d}: once it has passed, nothing waits here any longer.",
                    Text("改读记录的日期、设置（param.…），或者写 workdays(…)、months(…)。",
                         "Read a day on record or a setting (param.…), or write workdays(…), months(…)."),
                )  # fmt: skip


@check(Extent.PACKAGE, said=_SAID)
def instants_are_some(checked: Checked) -> Iterator[Problem]:
    """A due date or timer comes to a day, an instant or a period; a repetition to one of an hour at least, not of months."""
    for formula, inferred in inferred_formulas(checked):
        place = _find_timer_place(checked, formula)
        if place is not None:
            yield from _check_kind(formula, place, inferred.type)


def _find_timer_place(checked: Checked, formula: Formula) -> str | None:
    if formula.what in ("due", "remind"):
        return formula.what
    diagram: Diagram | None = checked.package.diagrams.get(formula.file) if formula.what == Purpose.TIMER else None
    element = diagram.elements.get(formula.place) if diagram is not None else None
    if element is None or element.timer is None:
        return None
    return _CYCLE if element.timer.kind is TimerKind.CYCLE else Purpose.TIMER


def _check_kind(formula: Formula, place: str, kind: StaticType) -> Iterator[Problem]:
    if kind.is_determined and kind.kinds.isdisjoint(_KINDS[place]):
        kind_text = kind.words()
        yield _no_instant(formula, place, f"是{kind_text.zh}", f"is a {kind_text.en}")
        return
    value = find_constant_value(formula.text)
    for written in sorted(kind.options or ()) if kind.kinds == {ValueKind.STRING} else ():
        yield from _judge_text(formula, place, written)
    if isinstance(value, list) and place == _CYCLE:
        odd = [item for item in value if not isinstance(item, date | timedelta | YearsMonths | str)]
        if odd or not value:
            yield _no_instant(
                formula,
                place,
                "没有日期" if not value else f"含有“{odd[0]}”",
                "holds no day" if not value else f"holds “{odd[0]}”",
            )
    elif isinstance(value, YearsMonths) and place != Purpose.TIMER:
        yield _no_instant(
            formula, place, "按月的时长写 months(…)、years(…)", "is a duration of months: write months(…) or years(…)"
        )
    elif place in (Purpose.TIMER, "remind") and _is_over(value):
        yield _no_instant(formula, place, "已经过去", "is over already")


def _judge_text(formula: Formula, place: str, written: str) -> Iterator[Problem]:
    if place != _CYCLE:
        moment = parse_any(written) or parse_duration(written)
        if not isinstance(moment, date if place != Purpose.TIMER else date | timedelta | YearsMonths):
            yield _no_instant(formula, place, f"“{written}”不是日期", f"“{written}” is no date")
        elif _is_over(moment):
            yield _no_instant(formula, place, f"“{written}”已经过去", f"“{written}” is over already")
        return
    cycle = _REPETITION.fullmatch(written)
    period = parse_duration(cycle[1]) if cycle else None
    if isinstance(period, YearsMonths):
        yield _SAID["month_cycle"].problem(formula.file, formula.place, "month_cycle", text=written)
    elif not isinstance(period, timedelta):
        yield _no_instant(formula, place, f"“{written}”不是循环", f"“{written}” is no repetition")
    elif period < _SHORTEST:
        yield _SAID["short_cycle"].problem(formula.file, formula.place, "short_cycle", text=written)


def _is_over(value: object) -> bool:
    """Tell a period that ends when it begins, or before."""
    return (isinstance(value, timedelta) and value <= timedelta(0)) or (
        isinstance(value, YearsMonths) and value.months <= 0
    )


def _no_instant(formula: Formula, place: str, zh: str, en: str) -> Problem:
    remedy = _OF_CYCLE if place == _CYCLE else _OF_PERIOD if "P" in formula.text and place == Purpose.TIMER else _OF_DAY
    return _SAID["no_instant"].problem(
        formula.file, formula.place, "no_instant",
        place=formula.label, text=formula.text, why=Text(zh, en), remedy=remedy,
    )  # fmt: skip
