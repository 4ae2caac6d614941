"""Properties ``value.name`` of each kind of value (DMN 1.5, table 65)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast
from zoneinfo import ZoneInfo

from service.domain.feel.limits import Meter
from service.domain.feel.spans import Span
from service.domain.feel.temporal import YearsMonths, seconds_of
from service.domain.feel.values import Value, ValueKind, get_context_entry, is_context, kind_of, to_feel_value

_Getter = Callable[..., Value]


def _make_number_getter(name: str) -> _Getter:
    return lambda value: Decimal(getattr(value, name))


def _get_offset(value: datetime | time) -> Value:
    return value.utcoffset()


def _get_zone(value: datetime | time) -> Value:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _make_part_getter(unit: int, modulus: int | None) -> _Getter:
    """Take days, hours, minutes or seconds out of a duration, with its sign."""

    def get_part(value: timedelta) -> Value:
        seconds = int(abs(seconds_of(value)))
        amount = seconds // unit if modulus is None else seconds // unit % modulus
        return Decimal(-amount if value < timedelta(0) else amount)

    return get_part


def _get_months(value: YearsMonths) -> Value:
    return Decimal(value.months - value.years * 12)


_DATE: dict[str, _Getter] = {name: _make_number_getter(name) for name in ("year", "month", "day")}
_DATE["weekday"] = lambda value: Decimal(cast("date", value).isoweekday())
_CLOCK: dict[str, _Getter] = {name: _make_number_getter(name) for name in ("hour", "minute", "second")}
_CLOCK |= {"time offset": _get_offset, "timezone": _get_zone}
_PROPERTIES: dict[ValueKind, dict[str, _Getter]] = {
    ValueKind.DATE: _DATE,
    ValueKind.DATE_TIME: _DATE | _CLOCK,
    ValueKind.TIME: _CLOCK,
    ValueKind.DAYS: {
        "days": _make_part_getter(86_400, None),
        "hours": _make_part_getter(3600, 24),
        "minutes": _make_part_getter(60, 60),
        "seconds": _make_part_getter(1, 60),
    },
    ValueKind.MONTHS: {"years": _make_number_getter("years"), "months": _get_months},
    ValueKind.RANGE: {
        "start": lambda value: to_feel_value(value.start),
        "end": lambda value: to_feel_value(value.end),
        "start included": lambda value: value.start_included,
        "end included": lambda value: value.end_included,
    },
}

PROPERTY_NAMES = {kind: frozenset(getters) for kind, getters in _PROPERTIES.items()}
_OTHER_KINDS = {
    "time offset": ValueKind.DAYS, "timezone": ValueKind.STRING, "start": None, "end": None,
    "start included": ValueKind.BOOLEAN, "end included": ValueKind.BOOLEAN,
}  # fmt: skip


SPANS: Mapping[str, Span] = {
    name: Span(Decimal(least), Decimal(most))
    for name, least, most in (
        ("month", 1, 12), ("day", 1, 31), ("weekday", 1, 7), ("hour", 0, 23), ("minute", 0, 59), ("second", 0, 59),
        ("months", -11, 11), ("hours", -23, 23), ("minutes", -59, 59), ("seconds", -59, 59),
    )
}  # fmt: skip
"""Between what numbers lie that are parts: those of a duration are what is left of the next greater unit."""


def kinds_of_property(kind: ValueKind, name: str) -> frozenset[ValueKind] | None:
    """Return the kinds of a property of values of ``kind``, none where they are not known; None without such a property."""
    if name not in PROPERTY_NAMES.get(kind, ()):
        return None
    property_kind = _OTHER_KINDS.get(name, ValueKind.NUMBER)
    return frozenset() if property_kind is None else frozenset({property_kind})


def property_of(value: Value, name: str, meter: Meter) -> Value:
    """Return an entry of a context, a property, or those of all elements of a list; None if there is none."""
    if is_context(value):
        return get_context_entry(value, name)
    if type(value) is list:
        meter.charge(1 + len(value))
        return [property_of(to_feel_value(element), name, meter) for element in value]
    getter = _PROPERTIES.get(kind_of(value), {}).get(name)
    return None if getter is None else getter(value)
