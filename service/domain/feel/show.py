"""Values as text (the ``string`` function)."""
# ruff: noqa: ARG005  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from service.domain.feel import numbers, temporal
from service.domain.feel.limits import Meter
from service.domain.feel.values import Range, Value, ValueKind, kind_of, to_feel_value

_PLAIN = cast(
    "dict[ValueKind, Callable[[Value], str]]",
    {
        ValueKind.NULL: lambda value: "null",
        ValueKind.BOOLEAN: lambda value: "true" if value else "false",
        ValueKind.NUMBER: numbers.show,
        ValueKind.STRING: str,
        ValueKind.DATE: temporal.show_date,
        ValueKind.TIME: temporal.show_time,
        ValueKind.DATE_TIME: temporal.show_date_time,
        ValueKind.DAYS: temporal.show_duration,
        ValueKind.MONTHS: str,
        ValueKind.FUNCTION: lambda value: "function",
    },
)


def show(value: Value, meter: Meter) -> str:
    """Write ``value`` as text; strings stand unquoted, except inside lists and contexts."""
    if isinstance(value, str):
        return value
    parts: list[str] = []
    _write_value(value, parts, meter)
    text = "".join(parts)
    meter.room_for_text(len(text))
    return text


def _write_value(value: Value, parts: list[str], meter: Meter) -> None:
    meter.charge(3)
    kind = kind_of(value)
    if kind is ValueKind.LIST:
        _write_all("[", [("", element) for element in cast("list[Value]", value)], "]", parts, meter)
    elif kind is ValueKind.CONTEXT:
        entries = [(f"{key}: ", element) for key, element in cast("Mapping[str, Value]", value).items()]
        _write_all("{", entries, "}", parts, meter)
    elif kind is ValueKind.RANGE:
        _write_range(cast("Range", value), parts, meter)
    elif isinstance(value, str):
        meter.charge(len(value) >> 4)
        parts.append('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"')
    else:
        parts.append(_PLAIN[kind](value))
        meter.charge(len(parts[-1]) >> 4)


def _write_all(opening: str, entries: list[tuple[str, Value]], closing: str, parts: list[str], meter: Meter) -> None:
    parts.append(opening)
    for place, (label, element) in enumerate(entries):
        parts.append((", " if place else "") + label)
        _write_value(to_feel_value(element), parts, meter)
    parts.append(closing)


def _write_range(limits: Range, parts: list[str], meter: Meter) -> None:
    if limits.operator:
        parts.append(f"({limits.operator} ")
        _write_value(limits.start if limits.start is not None else limits.end, parts, meter)
        parts.append(")")
        return
    parts.append("[" if limits.start_included else "(")
    _write_value(limits.start, parts, meter)
    parts.append("..")
    _write_value(limits.end, parts, meter)
    parts.append("]" if limits.end_included else ")")
