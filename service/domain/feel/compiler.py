"""Compiles parsed expressions to closures."""

# ruff: noqa: ARG001, ARG005  every node kind is compiled with the same signature

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import cast

from service.domain.feel import nodes
from service.domain.feel.arithmetic import calculate, negative
from service.domain.feel.calls import depth_of, dynamic_call, static_call
from service.domain.feel.compare import conjunction, equal, ordered
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.loops import compile_for, compile_quantified
from service.domain.feel.nodes import FunctionLiteral
from service.domain.feel.numbers import CONTEXT
from service.domain.feel.properties import property_of
from service.domain.feel.reader import walk, weight_of
from service.domain.feel.scope import MISSING, Code, Scope, TestCode
from service.domain.feel.select import by_position, filtered
from service.domain.feel.types import FeelType
from service.domain.feel.unary import any_test, condition_test, value_test
from service.domain.feel.values import Function, Range, Value, ValueKind, normal

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


_FAST = frozenset({str, bool, type(None)})


class Compiler:
    """Compiles nodes against one set of functions; remembers which names are local where."""

    def __init__(self, functions: FunctionSet) -> None:
        self.functions = functions
        self._locals: list[str] = []

    def code(self, node: nodes.Node) -> Code:
        """Return a closure that evaluates ``node`` in a scope."""
        return _COMPILERS[type(node)](self, node)

    @contextmanager
    def knowing(self, *names: str) -> Iterator[None]:
        """Compile with ``names`` as local variables."""
        self._locals.extend(names)
        yield
        del self._locals[len(self._locals) - len(names) :]

    def is_function(self, name: str) -> bool:
        """Say whether ``name`` means a function of the set here."""
        return name in self.functions and name not in self._locals

    def tests(self, node: nodes.Tests) -> TestCode:
        """Return a closure that applies unary tests to a value."""
        return any_test([self._test(test) for test in node.tests], negated=node.negated)

    def _test(self, test: nodes.Test) -> TestCode:
        code = self.code(test.expression)
        return condition_test(code) if test.uses_input else value_test(code)


def _literal(compiler: Compiler, node: nodes.Literal) -> Code:
    value = node.value
    return lambda scope: value


def _name_or_item(compiler: Compiler, node: nodes.Name) -> Code:
    otherwise = compiler.functions.get(node.name)
    if node.name == "item":
        return item(otherwise)
    return dotted(node.name) if "." in node.name else variable(node.name, otherwise)


def _path(compiler: Compiler, node: nodes.Path) -> Code:
    return follow(compiler.code(node.base), node.names)


def _filter(compiler: Compiler, node: nodes.Filter) -> Code:
    base = compiler.code(node.base)
    if isinstance(node.condition, nodes.Literal) and type(node.condition.value) is Decimal:
        position = node.condition.value
        return lambda scope: by_position(base(scope), position)
    return filtered(base, compiler.code(node.condition), 1 + weight_of(node.condition))


def _call(compiler: Compiler, node: nodes.Call) -> Code:
    arguments = [compiler.code(argument) for argument in node.arguments]
    if isinstance(node.function, nodes.Name) and compiler.is_function(node.function.name):
        function = compiler.functions.get(node.function.name)
        assert function is not None
        return static_call(function, arguments, node.names)
    return dynamic_call(compiler.code(node.function), arguments, node.names)


def _chain(compiler: Compiler, node: nodes.Chain) -> Code:
    first = compiler.code(node.first)
    rest = [(sign, compiler.code(operand), _QUICK.get(sign)) for sign, operand in node.rest]

    def run(scope: Scope) -> Value:
        value = first(scope)
        for sign, operand, quick in rest:
            other = operand(scope)
            if quick is not None and type(value) is Decimal and type(other) is Decimal:
                try:
                    value = quick(value, other)
                except ArithmeticError:
                    value = None
            else:
                value = calculate(sign, value, other, scope.meter)
        return value

    return run


_QUICK = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}


def _negation(compiler: Compiler, node: nodes.Negation) -> Code:
    operand = compiler.code(node.operand)
    return lambda scope: negative(operand(scope))


def _comparison(compiler: Compiler, node: nodes.CompareNode) -> Code:
    left, right, sign = compiler.code(node.left), compiler.code(node.right), node.sign
    if sign == "=":
        return _equality(left, right)
    if sign == "!=":
        same = _equality(left, right)
        return lambda scope: _inverted(same(scope))
    return lambda scope: ordered(sign, left(scope), right(scope))


def _inverted(value: Value) -> bool | None:
    return None if value is None else not value


def _equality(left: Code, right: Code) -> Code:
    def same(scope: Scope) -> Value:
        one, other = left(scope), right(scope)
        if type(one) is type(other) and type(one) in _FAST:
            return one == other
        return equal(one, other, scope.meter)

    return same


def _between(compiler: Compiler, node: nodes.Between) -> Code:
    value, low, high = compiler.code(node.value), compiler.code(node.low), compiler.code(node.high)

    def between(scope: Scope) -> Value:
        middle = value(scope)
        return conjunction(ordered(">=", middle, low(scope)), ordered("<=", middle, high(scope)))

    return between


def _in(compiler: Compiler, node: nodes.In) -> Code:
    value, tests = compiler.code(node.value), compiler.tests(node.tests)
    return lambda scope: tests(value(scope), scope)


def _logic(compiler: Compiler, node: nodes.Logic) -> Code:
    operands, settles = [compiler.code(operand) for operand in node.operands], node.settles

    def logic(scope: Scope) -> Value:
        result: bool | None = not settles
        for operand in operands:
            value = operand(scope)
            if value is settles:
                return settles
            if value is not result:
                result = None
        return result

    return logic


def _if(compiler: Compiler, node: nodes.If) -> Code:
    condition, then, otherwise = compiler.code(node.condition), compiler.code(node.then), compiler.code(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _iterators(compiler: Compiler, iterators: tuple[nodes.Iterator, ...]) -> list[tuple[str, Code, Code | None]]:
    """Compile the sources; each sees the variables before it, which are left known to the caller's context."""
    compiled = []
    for iterator in iterators:
        end = None if iterator.end is None else compiler.code(iterator.end)
        compiled.append((iterator.name, compiler.code(iterator.source), end))
    return compiled


def _weight(body: nodes.Node, iterators: tuple[nodes.Iterator, ...]) -> int:
    """Return what one round costs: the body, and the sources that inner iterations evaluate again."""
    return weight_of(body) + sum(weight_of(iterator) for iterator in iterators[1:])


def _for(compiler: Compiler, node: nodes.For) -> Code:
    names = [iterator.name for iterator in node.iterators]
    with compiler.knowing(*names, "partial"):
        sources, body = _iterators(compiler, node.iterators), compiler.code(node.body)
    uses_partial = any(isinstance(part, nodes.Name) and part.name == "partial" for part in walk(node.body))
    return compile_for(sources, body, weight=_weight(node.body, node.iterators), uses_partial=uses_partial)


def _quantified(compiler: Compiler, node: nodes.Quantified) -> Code:
    with compiler.knowing(*(iterator.name for iterator in node.iterators)):
        sources, condition = _iterators(compiler, node.iterators), compiler.code(node.condition)
    return compile_quantified(sources, condition, weight=_weight(node.condition, node.iterators), settles=node.settles)


def _function_literal(compiler: Compiler, node: nodes.FunctionLiteral) -> Code:
    with compiler.knowing(*node.parameters):
        body = compiler.code(node.body)
    return user_function(node, body)


def _context(compiler: Compiler, node: nodes.ContextLiteral) -> Code:
    names = [name for name, _ in node.entries]
    with compiler.knowing(*names):
        entries = [(name, compiler.code(value)) for name, value in node.entries]
    if len(set(names)) < len(names):
        return lambda scope: None

    def build(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.meter)
        for name, code in entries:
            values[name] = code(inner)
        return values

    return build


def _list(compiler: Compiler, node: nodes.ListLiteral) -> Code:
    codes = [compiler.code(element) for element in node.elements]
    return lambda scope: [code(scope) for code in codes]


def _range(compiler: Compiler, node: nodes.RangeLiteral) -> Code:
    start = None if node.start is None else compiler.code(node.start)
    end = None if node.end is None else compiler.code(node.end)

    def build(scope: Scope) -> Value:
        return Range(
            None if start is None else start(scope),
            None if end is None else end(scope),
            node.start_included,
            node.end_included,
            node.operator,
        )

    return build


def _instance_of(compiler: Compiler, node: nodes.InstanceOf) -> Code:
    value, kind = compiler.code(node.value), node.type
    return lambda scope: kind.holds(value(scope))


_COMPILERS = cast(
    "dict[type[nodes.Node], Callable[[Compiler, nodes.Node], Code]]",
    {
        nodes.Literal: _literal,
        nodes.Name: _name_or_item,
        nodes.Path: _path,
        nodes.Filter: _filter,
        nodes.Call: _call,
        nodes.Chain: _chain,
        nodes.Negation: _negation,
        nodes.CompareNode: _comparison,
        nodes.Between: _between,
        nodes.In: _in,
        nodes.Logic: _logic,
        nodes.If: _if,
        nodes.For: _for,
        nodes.Quantified: _quantified,
        nodes.FunctionLiteral: _function_literal,
        nodes.ContextLiteral: _context,
        nodes.ListLiteral: _list,
        nodes.RangeLiteral: _range,
        nodes.InstanceOf: _instance_of,
    },
)
