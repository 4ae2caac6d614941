"""Lookup of names and paths; the hot path of every condition, so it is kept short."""

from __future__ import annotations

from service.domain.feel.properties import property_of
from service.domain.feel.scope import MISSING, Code, Scope
from service.domain.feel.values import Function, Value, normal

_NATIVE = frozenset({str, bool, type(None), dict, list})


def variable(name: str, otherwise: Function | None) -> Code:
    """Look ``name`` up from the innermost layer outwards; ``otherwise`` is the function of that name, if any."""

    def look_up(scope: Scope) -> Value:
        layer: Scope | None = scope
        while layer is not None:
            value = layer.variables.get(name, MISSING)
            if value is not MISSING:
                return value if type(value) in _NATIVE else normal(value)
            layer = layer.parent
        return otherwise

    return look_up


def dotted(name: str) -> Code:
    """Look up a name declared with dots in it; where there is none, it is a path after all."""
    first, *rest = name.split(".")
    path = follow(variable(first, None), tuple(rest))

    def look_up(scope: Scope) -> Value:
        layer: Scope | None = scope
        while layer is not None:
            if name in layer.variables:
                return normal(layer.variables[name])
            layer = layer.parent
        return path(scope)

    return look_up


def item(otherwise: Function | None) -> Code:
    """Look up ``item``: the element being filtered, unless it has an entry of that name."""
    look_up = variable("item", otherwise)

    def current(scope: Scope) -> Value:
        layer: Scope | None = scope
        while layer is not None:
            if layer.item is not MISSING:
                return normal(layer.variables.get("item", layer.item))
            if "item" in layer.variables:
                break
            layer = layer.parent
        return look_up(scope)

    return current


def follow(base: Code, names: tuple[str, ...]) -> Code:
    """Go from a value along ``names``."""

    def path(scope: Scope) -> Value:
        value = base(scope)
        for name in names:
            if type(value) is dict:
                value = value.get(name)
                if type(value) not in _NATIVE:
                    value = normal(value)
            elif value is None:
                return None
            else:
                value = property_of(value, name, scope.meter)
        return value

    return path
