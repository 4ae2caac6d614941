"""FEEL types and what belongs to them (``instance of``, parameter types, item definitions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from service.domain.feel.values import Function, Range, Value, ValueKind, kind_of, to_feel_value

BASIC_TYPES = {
    kind.value: kind
    for kind in ValueKind
    if kind not in (ValueKind.LIST, ValueKind.CONTEXT, ValueKind.RANGE, ValueKind.FUNCTION)
}
_SPELLINGS = {"dayTimeDuration": ValueKind.DAYS, "yearMonthDuration": ValueKind.MONTHS, "dateTime": ValueKind.DATE_TIME}


@dataclass(frozen=True, slots=True)
class FeelType:
    """A type; ``kind`` None is Any. ``element`` is for list and range, ``fields`` for context, both for function."""

    kind: ValueKind | None
    element: FeelType | None = None
    fields: tuple[tuple[str, FeelType], ...] = ()

    def holds(self, value: Value) -> bool:
        """Say whether ``value`` is of this type; null is of no type but Any and Null."""
        if self.kind is None:
            return value is not None
        if kind_of(value) is not self.kind:
            return False
        return _DEEPER[self.kind](self, value) if self.kind in _DEEPER else True

    def admits(self, value: Value) -> bool:
        """Say whether a variable of this type may hold ``value``: null is always allowed."""
        return value is None or self.holds(value)


ANY = FeelType(None)


def named_type(name: str) -> FeelType | None:
    """Return the type called ``name`` (``number``, ``date and time``, ``Any`` …); None if there is none."""
    if name == "Any":
        return ANY
    kind = BASIC_TYPES.get(name) or _SPELLINGS.get(name)
    if kind is None and name in ("list", "context", "function", "range"):
        kind = ValueKind(name)
    return None if kind is None else FeelType(kind)


def _holds_list(self: FeelType, value: Value) -> bool:
    return self.element is None or all(self.element.admits(to_feel_value(item)) for item in cast("list[Value]", value))


def _holds_context(self: FeelType, value: Value) -> bool:
    context = cast("Mapping[str, Value]", value)
    return all(name in context and kind.admits(to_feel_value(context[name])) for name, kind in self.fields)


def _holds_range(self: FeelType, value: Value) -> bool:
    limits = cast("Range", value)
    return self.element is None or all(self.element.admits(end) for end in (limits.start, limits.end))


def _holds_function(self: FeelType, value: Value) -> bool:
    return not self.fields or len(cast("Function", value).parameters) == len(self.fields)


_DEEPER = {
    ValueKind.LIST: _holds_list,
    ValueKind.CONTEXT: _holds_context,
    ValueKind.RANGE: _holds_range,
    ValueKind.FUNCTION: _holds_function,
}
