"""Values with which a clause could never happen: votes nobody can win, periods beyond their frame, nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, NamedTuple

from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.parameters.units import is_attendance, is_number
from service.catalog.parameters.value_words import value_words
from service.domain.ballots.rules import read_quorum, read_threshold
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import exact_number

_VOTES: Mapping[str, Callable[[object], Any]] = {"vote_threshold": read_threshold, "vote_quorum": read_quorum}
_DAYS = {Unit.YEARS: 365, Unit.MONTHS: 30, Unit.CALENDAR_DAYS: 1, Unit.WORKING_DAYS: 1}


class _Within(NamedTuple):
    """The period ``inner`` lies in ``outer``, or the day ``inner`` is not after ``outer``; both are keys or ids."""

    inner: str
    outer: str


_CONTAINED = (
    _Within("follow_up_interval_years", "follow_up_years"),
    _Within("follow_up_years", "award_validity_years"),
    _Within("re_evaluation_reminder_calendar_days", "award_validity_years"),
    _Within("effective_date", "regulation_last_day"),
)


def why_vacuous(parameters: Mapping[str, Parameter], parameter: Parameter, value: Any) -> Text | None:
    """Return why ``value`` of ``parameter`` leaves a clause without effect beside the others, None where it does not."""
    return next(_iterate_reasons(parameters, parameter, value), None)


def _iterate_reasons(parameters: Mapping[str, Parameter], parameter: Parameter, value: Any) -> Iterator[Text]:
    name = parameter.text
    low, high = parameter.minimum, parameter.maximum
    if is_number(low) and is_number(high) and low > high:
        yield Text(
            f"“{name.zh}”的法定下限{low}大于上限{high}，没有任何取值可用。请核对条文后改正。",
            f"The least of “{name.en}”, {low}, is more than the most, {high}: no value is possible. Correct the bounds.",
        )
    share = _to_share(parameter, value)
    if share is not None and not 0 <= share <= 1:
        yield Text(
            f"“{name.zh}”应在0至全部之间，“{value}”做不到。请填写例如 1/2 或者 2/3。",
            f"“{name.en}” lies between none and all; “{value}” cannot be reached. Write 1/2 or 2/3.",
        )
    if (parameter.key or parameter.id) in _VOTES:
        yield from _of_votes(parameter, value)
    for pair in _CONTAINED:
        yield from _of_pair(parameters, parameter, value, pair)


def _to_share(parameter: Parameter, value: Any) -> Fraction | None:
    if parameter.unit is not Unit.FRACTION or isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if is_attendance(parameter):  # a number of members, too
        return None
    try:
        return exact_number(value)
    except ValueError:
        return None


def _of_votes(parameter: Parameter, value: Any) -> Iterator[Text]:
    """A vote that nobody can win, or that everybody wins without a vote."""
    if value is None or value == "none":
        return
    try:
        rule = _VOTES[parameter.key or parameter.id](value)
    except Invalid as wrong:
        yield wrong.message
        return
    if getattr(rule, "number", None) == 1:
        yield Text(
            f"“{parameter.text.zh}”设为“1”是一名委员到会就够，出席人数的要求会落空。全体请填写 all，比例请填写例如 2/3，人数请填写2以上的数。",
            f"“{parameter.text.en}” at “1” is one member present, which asks for nothing: write all, a share such as 2/3, or a "
            "number of members above 1.",
        )
    share = getattr(rule, "share", None)
    if share is None:
        return
    if share > 1 or (share == 1 and getattr(rule, "strict", False)):
        yield Text(
            f"“{parameter.text.zh}”设为“{value}”，全体赞成也通不过。请改为不超过全体的比例。",
            f"With “{parameter.text.en}” at “{value}” even all votes would not do: write a share that can be reached.",
        )
    if share < 0 or (share == 0 and not getattr(rule, "strict", False)):
        yield Text(
            f"“{parameter.text.zh}”设为“{value}”，没有人赞成也能通过，表决会落空。请改为大于0的比例。",
            f"With “{parameter.text.en}” at “{value}” nobody need vote in favour: write a share above 0.",
        )


def _of_pair(parameters: Mapping[str, Parameter], parameter: Parameter, value: Any, pair: _Within) -> Iterator[Text]:
    named = parameter.key or parameter.id
    if named not in pair:
        return
    inside = named == pair.inner
    other = next((p for p in parameters.values() if (p.key or p.id) == (pair.outer if inside else pair.inner)), None)
    if other is None or not other.values or other.id == parameter.id:
        return
    theirs = other.values[-1].value
    mine, yours = _to_days(parameter, value), _to_days(other, theirs)
    if mine is None or yours is None:
        return
    if (mine > yours) if inside else (yours > mine):
        inner, outer = (parameter, other) if inside else (other, parameter)
        value_text = value_words(parameter, value)
        yield Text(
            f"“{parameter.text.zh}”不能设为{value_text.zh}：“{inner.text.zh}”会超过“{outer.text.zh}”，永远不会发生。",
            f"“{parameter.text.en}” cannot be {value_text.en}: “{inner.text.en}” would go beyond “{outer.text.en}” and never happen.",
        )


def _to_days(parameter: Parameter, value: Any) -> float | None:
    """Return a value as days, or a day by its place in the calendar."""
    if isinstance(value, date):
        return float(value.toordinal())
    if parameter.unit not in _DAYS or not is_number(value):
        return None
    return float(value * _DAYS[parameter.unit])


REMEDY = Text(
    "填写条文写明的取值；条文没有写明的，写明是“条文没有写明，本地选定”（source: default），并填写“条文留下的问题”（question）。",
    "Enter the value that the law states; where it states none, say that the place chose the value (source: default), and what is left open (question).",
)
"""What is to be done in the file of parameters."""


def is_unset(value: Any) -> bool:
    """Tell whether a value says that there is none."""
    return value is None or value == "none"


def why_stated_unset(parameter: Parameter, value: Any, cited: str) -> Text | None:
    """Return why ``parameter`` is not left empty: its clauses, ``cited`` as people do, state it; None where it may be.

    One of the choices is a value, also where it says none.
    """
    if not is_unset(value) or parameter.source is not Basis.STATED or value in parameter.choices:
        return None
    name = parameter.text
    return Text(
        f"“{name.zh}”不能空着：{cited}写明了它，空着就落空。请填写取值；条文其实没有写明的，先改为由本地选定。",
        f"“{name.en}” cannot be left unset: {cited} states it and would have no effect. Enter a value; where the law states "
        "none after all, mark it as chosen by the place first.",
    )
