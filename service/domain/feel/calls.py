"""Calling functions: by position and by name, with bounds and without surprises."""
# ruff: noqa: ARG001  compiled code takes a scope even where it needs none

from __future__ import annotations

from collections.abc import Sequence

from service.domain.feel.functions import find_parameter_positions
from service.domain.feel.limits import Meter
from service.domain.feel.nodes import Node
from service.domain.feel.reader import iterate_child_nodes
from service.domain.feel.scope import Code, Scope
from service.domain.feel.values import Function, Value, to_feel_value

_DATA_ERRORS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def invoke_function(function: Function, arguments: Sequence[Value], meter: Meter) -> Value:
    """Call ``function``; a wrong number of arguments or unusable values give None."""
    return _call_function(function, arguments, meter) if function.accepts(len(arguments)) else None


def _call_function(function: Function, arguments: Sequence[Value], meter: Meter) -> Value:
    """Call ``function`` with as many arguments as it takes."""
    meter.charge(2)
    if function.metered:
        try:
            return function.call(meter, *arguments)
        except (ArithmeticError, OverflowError):
            return None
    try:
        return to_feel_value(function.call(meter.context, *arguments))
    except _DATA_ERRORS:  # an extra function met a value it was not made for
        return None


def reorder_arguments(function: Function, values: Sequence[Value], names: tuple[str, ...]) -> list[Value] | None:
    """Bring named arguments into the order of the parameters; None if they do not fit."""
    order = find_parameter_positions(function, names)
    return None if order is None else [None if place < 0 else values[place] for place in order]


def static_call(function: Function, arguments: Sequence[Code], names: tuple[str, ...]) -> Code:
    """Compile a call to a function known beforehand."""
    if names:
        order = find_parameter_positions(function, names)
        if order is None:
            return _return_null
        codes = [_return_null if place < 0 else arguments[place] for place in order]
    else:
        codes = list(arguments)
    if not function.accepts(len(codes)):
        return _return_null
    if len(codes) == 1:
        return _bind_argument(function, codes[0])
    return lambda scope: _call_function(function, [code(scope) for code in codes], scope.meter)


def _bind_argument(function: Function, argument: Code) -> Code:
    return lambda scope: _call_function(function, (argument(scope),), scope.meter)


def dynamic_call(function: Code, arguments: Sequence[Code], names: tuple[str, ...]) -> Code:
    """Compile a call to whatever ``function`` turns out to be."""

    def call_target(scope: Scope) -> Value:
        target = function(scope)
        if not isinstance(target, Function):
            return None
        values: list[Value] | None = [code(scope) for code in arguments]
        if names and values is not None:
            values = reorder_arguments(target, values, names)
        return None if values is None else invoke_function(target, values, scope.meter)

    return call_target


def _return_null(scope: Scope) -> Value:
    return None


def depth_of(node: Node) -> int:
    """Return how many levels of parts ``node`` has, 400 at most."""
    levels, layer = 0, [node]
    while layer and levels < 400:
        levels += 1
        layer = [part for parent in layer for part in iterate_child_nodes(parent)]
    return levels
