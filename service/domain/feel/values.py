"""Values of FEEL, and conversion of Python values to them.

A FEEL value is None, bool, str, Decimal, date, time, datetime, timedelta (days and time), YearsMonths, list,
a mapping with string keys (context), Range or Function. Everything else read from a scope is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from service.domain.feel import numbers
from service.domain.feel.temporal import YearsMonths

Value = object
"""A FEEL value; the alias marks where one is meant."""


class ValueKind(Enum):
    """The standard's kinds of values."""

    NULL = "Null"
    BOOLEAN = "boolean"
    NUMBER = "number"
    STRING = "string"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date and time"
    DAYS = "days and time duration"
    MONTHS = "years and months duration"
    LIST = "list"
    CONTEXT = "context"
    RANGE = "range"
    FUNCTION = "function"


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; ``operator`` is set for ``(< 10)`` and the like, where the other end is open for ever."""

    start: Value
    end: Value
    start_included: bool
    end_included: bool
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function an expression can call.

    ``call(context, *arguments)`` gets the ``context`` handed to ``evaluate`` (extra functions), or the evaluation's
    Meter where ``metered`` (built-in and user-defined ones). It is called with at least ``required`` arguments
    (default: all ``parameters``) and at most all, or any number where ``variadic``; other calls give null.
    ``others`` are further parameter lists under which it may be called by name.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Value]
    required: int | None = None
    variadic: bool = False
    metered: bool = False
    others: tuple[tuple[str, ...], ...] = ()

    def accepts(self, count: int) -> bool:
        """Say whether ``count`` positional arguments fit."""
        least = len(self.parameters) if self.required is None else self.required
        return least <= count and (self.variadic or count <= self.most)

    @property
    def most(self) -> int:
        """The largest number of parameters in any of the parameter lists."""
        return max(len(parameters) for parameters in (self.parameters, *self.others))


_KINDS: dict[type, ValueKind] = {
    type(None): ValueKind.NULL,
    bool: ValueKind.BOOLEAN,
    Decimal: ValueKind.NUMBER,
    str: ValueKind.STRING,
    date: ValueKind.DATE,
    time: ValueKind.TIME,
    datetime: ValueKind.DATE_TIME,
    timedelta: ValueKind.DAYS,
    YearsMonths: ValueKind.MONTHS,
    list: ValueKind.LIST,
    dict: ValueKind.CONTEXT,
    Range: ValueKind.RANGE,
    Function: ValueKind.FUNCTION,
}
_NATIVE = frozenset(_KINDS) - {Decimal}
_FROM_OUTSIDE: dict[type, Callable[..., Value]] = {
    int: numbers.from_int,
    float: numbers.from_float,
    Decimal: numbers.from_decimal,
    tuple: list,
}


def to_feel_value(value: Value) -> Value:
    """Turn what stands in a scope, list or context into a FEEL value (its elements are turned when they are read)."""
    kind = type(value)
    if kind in _NATIVE:
        return value
    convert = _FROM_OUTSIDE.get(kind)
    return convert(value) if convert is not None else _normalise_unusual(value)


def _normalise_unusual(value: Value) -> Value:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, Enum):
        return to_feel_value(value.value)
    for base, plain in ((str, str), (int, int), (float, float), (Decimal, Decimal)):
        if isinstance(value, base):
            return to_feel_value(plain(value))
    if isinstance(value, datetime):
        return datetime.combine(value.date(), value.timetz())
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview | range):
        return list(value)
    return None


def kind_of(value: Value) -> ValueKind:
    """Return the kind of a FEEL value."""
    return _KINDS.get(type(value)) or (ValueKind.CONTEXT if isinstance(value, Mapping) else ValueKind.NULL)


def is_context(value: Value) -> bool:
    """Say whether ``value`` is a context."""
    return type(value) is dict or isinstance(value, Mapping)


def elements(value: Value) -> list[Value]:
    """Return the elements of a list as FEEL values; any other value is a list of itself (null: no elements)."""
    if type(value) is list:
        return [to_feel_value(element) for element in value]
    return [] if value is None else [value]


def get_context_entry(context: Value, name: str) -> Value:
    """Return an entry of a context; None if it has none of that name."""
    return to_feel_value(context.get(name)) if isinstance(context, Mapping) else None


def entries(context: Mapping[str, Value]) -> Iterable[tuple[str, Value]]:
    """Return the entries of a context with FEEL values."""
    return ((key, to_feel_value(value)) for key, value in context.items() if isinstance(key, str))


def truncate_number(value: Value) -> int | None:
    """Return the whole part of a number of sensible size, as positions and scales are meant."""
    return int(value) if type(value) is Decimal and value.adjusted() <= 18 else None


def whole(value: Value) -> int | None:
    """Return ``value`` as an int if it is a whole number of sensible size."""
    if type(value) is not Decimal or value.adjusted() > 18:
        return None
    result = int(value)
    return result if result == value else None
