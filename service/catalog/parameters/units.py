"""Valid values of each unit of parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import isfinite
from typing import Any
from unicodedata import normalize

from service.catalog.parameters.parameters import Parameter, Unit
from service.domain.ballots.rules import read_quorum
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import exact_number

PERIODS = {
    Unit.WORKING_DAYS: Text("工作日", "working days"),
    Unit.CALENDAR_DAYS: Text("自然日", "calendar days"),
    Unit.MONTHS: Text("月", "months"),
    Unit.YEARS: Text("年", "years"),
}
"""The units of a length of time, in words."""
_WHOLE = {*PERIODS, Unit.COUNT}
_LITTLE = Fraction(1, 10**9)
"""By how much more than a share is more than it: less than one vote of any committee."""
_ATTENDANCE = "vote_quorum"
_SHARES = {"all": Fraction(1), "plurality": Fraction(0)}
"""What a rule of a vote comes to that is written as a word."""
SHARE_WANTED = Text(
    "整数是人数，不能同比例相比：请填写 all（全体）或者 2/3 这样的比例。",
    "A whole number is so many members and not compared with a share: write all, or a share such as 2/3.",
)


def _is_whole_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Tell whether a value is a number and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def size_of(value: Any) -> Any:
    """Return what bounds are compared with: how many items a list has, any other value as it is."""
    return len(value) if isinstance(value, list | tuple) else value


def beyond_bound(parameter: Parameter, value: Any) -> str:
    """Return which legal bound of ``parameter`` a value is beyond: minimum, maximum, or "" where it keeps to both.

    A share is compared by what it comes to (2/3), a threshold too: more than a half (> 1/2) is more than a half.
    """
    size = _to_comparable(parameter, value)
    least, most = (_to_comparable(parameter, bound) for bound in (parameter.minimum, parameter.maximum))
    if size is None:
        return ""
    if (least is not None and size < least) or is_number_for_share(parameter, value):
        return "minimum"
    return "maximum" if most is not None and size > most else ""


def is_attendance(parameter: Parameter) -> bool:
    """Tell whether a parameter says how many members must take part in a vote."""
    return (parameter.key or parameter.id) == _ATTENDANCE


def counts_members(value: Any) -> bool:
    """Tell whether an attendance is so many members, not a share of them: 7, and 1 as well."""
    try:
        return read_quorum(value).number is not None
    except Invalid:
        return False


def in_shares(parameter: Parameter, typed: str) -> Parameter:
    """Return an attendance that counted members as one in shares of them where ``typed`` is no number of members: 2/3, all."""
    counted = is_attendance(parameter) and parameter.unit is Unit.COUNT
    return replace(parameter, unit=Unit.FRACTION) if counted and not plain_signs(typed).isdecimal() else parameter


def is_number_for_share(parameter: Parameter, value: Any) -> bool:
    """Tell whether an attendance is a number of members where the law asks for a share of them at least."""
    least = parameter.minimum
    return is_attendance(parameter) and least is not None and counts_members(value) and not counts_members(least)


def plain_signs(text: str) -> str:
    """Return a share or threshold with the signs of a keyboard: ＞１／２ is >1/2."""
    return normalize("NFKC", text).strip()


def _to_comparable(parameter: Parameter, value: Any) -> Fraction | None:
    size = size_of(value)
    if isinstance(size, str) and parameter.unit in (Unit.FRACTION, Unit.TEXT):
        return _read_share(size)
    return Fraction(str(size)) if is_number(size) and isfinite(size) else None


def _read_share(text: str) -> Fraction | None:
    """Return what a share that is written as text comes to: 2/3, > 1/2, all."""
    plain = plain_signs(text).replace("≥", ">=").replace(" ", "")
    if plain in _SHARES:
        return _SHARES[plain]
    try:
        share = exact_number(plain.lstrip(">="))
    except ValueError:
        return None
    return share + _LITTLE if plain.startswith(">") and not plain.startswith(">=") else share


_FITS: dict[Unit, Callable[[Any], bool]] = {
    **dict.fromkeys(_WHOLE, lambda value: _is_whole_number(value) and value >= 0),
    Unit.YUAN: lambda value: is_number(value) and value >= 0,
    Unit.POINTS: lambda value: is_number(value) and value >= 0,
    Unit.FRACTION: lambda value: is_number(value) or (isinstance(value, str) and _read_share(value) is not None),
    Unit.BOOLEAN: lambda value: isinstance(value, bool),
    Unit.DATE: lambda value: isinstance(value, date),
    Unit.TEXT: lambda value: isinstance(value, str),
    Unit.CHOICE: lambda value: not isinstance(value, tuple),
    Unit.LIST: lambda value: isinstance(value, tuple),
    Unit.TABLE: lambda value: not isinstance(value, str | bool | int | float),
}


def fits_unit(unit: Unit, value: Any) -> bool:
    """Tell whether a value that is not "none" is of the kind that ``unit`` says."""
    return _FITS[unit](value)


UNITS = {
    **PERIODS,
    Unit.COUNT: Text("个数", "a number of things"),
    Unit.YUAN: Text("元", "yuan"),
    Unit.FRACTION: Text("比例", "a fraction"),
    Unit.POINTS: Text("分", "points"),
    Unit.BOOLEAN: Text("是或否", "yes or no"),
    Unit.DATE: Text("日期", "a date"),
    Unit.TEXT: Text("文字", "a text"),
    Unit.CHOICE: Text("选项", "one of several words"),
    Unit.LIST: Text("列表", "a list"),
    Unit.TABLE: Text("表", "a table"),
}
"""What a value counts, in words."""
