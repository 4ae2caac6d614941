"""Item definitions (DMN 1.5, 7.3.2): what a variable may hold, and how a value is fitted to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from service.domain.feel import UnaryTests
from service.domain.feel.types import FeelType
from service.domain.feel.values import Function, Value, is_context, normal


@dataclass(frozen=True, slots=True)
class ItemType:
    """A type of a model: a FEEL type, or components, or another type in a list, with allowed values."""

    base: FeelType | None = None
    components: tuple[tuple[str, ItemType], ...] = ()
    element: ItemType | None = None
    allowed: UnaryTests | None = None
    is_function: bool = False

    def admits(self, value: Value) -> bool:
        """Say whether a variable of this type may hold ``value``; null always passes."""
        if value is None:
            return True
        return self._right_kind(value) and (self.allowed is None or self.allowed.matches(value, {}) is True)

    def _right_kind(self, value: Value) -> bool:
        if self.element is not None:
            return type(value) is list and all(self.element.admits(normal(one)) for one in value)
        if self.components:
            return is_context(value) and self._has_components(cast("Mapping[str, Value]", value))
        if self.is_function:
            return isinstance(value, Function)
        return self.base is None or self.base.admits(value)

    def _has_components(self, value: Mapping[str, Value]) -> bool:
        return all(name in value and kind.admits(normal(value[name])) for name, kind in self.components)

    def fitted(self, value: Value) -> Value:
        """Return ``value`` fitted to this type: alone, taken out of or put into a list of one; otherwise None."""
        if self.admits(value):
            return value
        if type(value) is list and len(value) == 1 and self.element is None and self.admits(normal(value[0])):
            return normal(value[0])
        return [value] if self.element is not None and self.element.admits(value) else None


ANYTHING = ItemType()
