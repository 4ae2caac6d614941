"""Functions defined inside an expression."""

from __future__ import annotations

from service.domain.feel.calls import depth_of
from service.domain.feel.limits import Meter
from service.domain.feel.nodes import FunctionLiteral
from service.domain.feel.reader import weight_of
from service.domain.feel.scope import MISSING, Code, Scope
from service.domain.feel.types import FeelType
from service.domain.feel.values import Function, Value, ValueKind, normal


def user_function(node: FunctionLiteral, body: Code) -> Code:
    """Compile ``function(…) body``; it keeps the scope it was made in."""
    levels, weight = depth_of(node.body) + 2, weight_of(node.body)

    def make(scope: Scope) -> Value:
        def call(meter: Meter, *arguments: Value) -> Value:
            values = bind(node, arguments)
            if values is None:
                return None
            meter.charge(weight)
            meter.enter(levels)
            result = body(Scope(values, scope, meter))
            meter.leave(levels)
            return result

        return Function("", node.parameters, call, metered=True)

    return make


def bind(node: FunctionLiteral, arguments: tuple[Value, ...]) -> dict[str, Value] | None:
    """Give arguments to parameters; None if one is not of its declared type."""
    values: dict[str, Value] = {}
    for name, kind, argument in zip(node.parameters, node.types, arguments, strict=False):
        value = argument if kind is None else coerced(argument, kind)
        if value is MISSING:
            return None
        values[name] = value
    return values


def coerced(value: Value, kind: FeelType) -> Value:
    """Fit ``value`` to a type: a single value becomes a list of one and back; MISSING where it does not fit."""
    if kind.admits(value):
        return value
    if type(value) is list and len(value) == 1 and kind.kind is not ValueKind.LIST and kind.admits(normal(value[0])):
        return normal(value[0])
    if kind.kind is ValueKind.LIST and type(value) is not list and kind.admits([value]):
        return [value]
    return MISSING
