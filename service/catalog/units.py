"""Valid values of each unit of parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from math import isfinite
from typing import Any

from service.catalog.parameters import Parameter, Unit
from service.domain.exact_number import exact_number

_WHOLE = {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS, Unit.COUNT}
_LITTLE = Fraction(1, 10**9)
"""By how much more than a share is more than it: less than one vote of any committee."""
_NUMBERS = _WHOLE | {Unit.YUAN, Unit.POINTS}


def _whole(value: Any) -> bool:
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
    size = _compared(parameter, value)
    least, most = (_compared(parameter, bound) for bound in (parameter.minimum, parameter.maximum))
    if size is None:
        return ""
    if least is not None and size < least:
        return "minimum"
    return "maximum" if most is not None and size > most else ""


def _compared(parameter: Parameter, value: Any) -> Fraction | None:
    size = size_of(value)
    if isinstance(size, str) and parameter.unit in (Unit.FRACTION, Unit.TEXT):
        said = size.replace("≥", ">=").replace(" ", "")
        try:
            share = exact_number(said.lstrip(">="))
        except ValueError:
            return None
        return share + _LITTLE if said.startswith(">") and not said.startswith(">=") else share
    return Fraction(str(size)) if is_number(size) and isfinite(size) else None


_FITS: dict[Unit, Callable[[Any], bool]] = {
    **dict.fromkeys(_WHOLE, _whole),
    Unit.YUAN: is_number,
    Unit.POINTS: is_number,
    Unit.FRACTION: lambda value: is_number(value) or isinstance(value, str),
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
