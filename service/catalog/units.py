"""Valid values of each unit of parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from service.catalog.parameters import Unit

_WHOLE = {Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS, Unit.COUNT}
_NUMBERS = _WHOLE | {Unit.YUAN, Unit.POINTS}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: Any) -> bool:
    """Tell whether a value is a number and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def size_of(value: Any) -> Any:
    """Return what bounds are compared with: how many items a list has, any other value as it is."""
    return len(value) if isinstance(value, list | tuple) else value


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
