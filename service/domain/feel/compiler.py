"""Compiles parsed expressions to closures."""

# ruff: noqa: ARG001, ARG005  every node kind is compiled with the same signature

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import cast

from service.domain.feel import nodes
from service.domain.feel.arithmetic import calculate, negate_value
from service.domain.feel.calls import depth_of, dynamic_call, static_call
from service.domain.feel.compare import combine_and, compare_order, is_equal_value
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.loops import compile_for, compile_quantified
from service.domain.feel.nodes import FunctionLiteral
from service.domain.feel.numbers import CONTEXT
from service.domain.feel.properties import property_of
from service.domain.feel.reader import walk_nodes, weight_of
from service.domain.feel.scope import MISSING, Code, Scope, TestCode
from service.domain.feel.select import by_position, filter_elements
from service.domain.feel.types import FeelType
from service.domain.feel.unary import any_test, condition_test, value_test
from service.domain.feel.values import Function, Range, Value, ValueKind, to_feel_value

_NATIVE = frozenset({str, bool, type(None), dict, list})


def variable(name: str, otherwise: Function | None) -> Code:
    """Look ``name`` up from the innermost layer outwards; ``otherwise`` is the function of that name, if any."""

    def look_up(scope: Scope) -> Value:
        layer: Scope | None = scope
        while layer is not None:
            value = layer.variables.get(name, MISSING)
            if value is not MISSING:
                return value if type(value) in _NATIVE else to_feel_value(value)
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
                return to_feel_value(layer.variables[name])
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
                return to_feel_value(layer.variables.get("item", layer.item))
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
                    value = to_feel_value(value)
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
    if (
        type(value) is list
        and len(value) == 1
        and kind.kind is not ValueKind.LIST
        and kind.admits(to_feel_value(value[0]))
    ):
        return to_feel_value(value[0])
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
        return any_test([self._compile_test(test) for test in node.tests], negated=node.negated)

    def _compile_test(self, test: nodes.Test) -> TestCode:
        code = self.code(test.expression)
        return condition_test(code) if test.uses_input else value_test(code)


def _compile_literal(compiler: Compiler, node: nodes.Literal) -> Code:
    value = node.value
    return lambda scope: value


def _name_or_item(compiler: Compiler, node: nodes.Name) -> Code:
    otherwise = compiler.functions.get(node.name)
    if node.name == "item":
        return item(otherwise)
    return dotted(node.name) if "." in node.name else variable(node.name, otherwise)


def _compile_path(compiler: Compiler, node: nodes.Path) -> Code:
    return follow(compiler.code(node.base), node.names)


def _compile_filter(compiler: Compiler, node: nodes.Filter) -> Code:
    base = compiler.code(node.base)
    if isinstance(node.condition, nodes.Literal) and type(node.condition.value) is Decimal:
        position = node.condition.value
        return lambda scope: by_position(base(scope), position)
    return filter_elements(base, compiler.code(node.condition), 1 + weight_of(node.condition))


def _compile_call(compiler: Compiler, node: nodes.Call) -> Code:
    arguments = [compiler.code(argument) for argument in node.arguments]
    if isinstance(node.function, nodes.Name) and compiler.is_function(node.function.name):
        function = compiler.functions.get(node.function.name)
        assert function is not None
        return static_call(function, arguments, node.names)
    return dynamic_call(compiler.code(node.function), arguments, node.names)


def _compile_chain(compiler: Compiler, node: nodes.Chain) -> Code:
    first = compiler.code(node.first)
    rest = [(sign, compiler.code(operand), _QUICK.get(sign)) for sign, operand in node.rest]

    def run_chain(scope: Scope) -> Value:
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

    return run_chain


_QUICK = {"+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": CONTEXT.divide}


def _compile_negation(compiler: Compiler, node: nodes.Negation) -> Code:
    operand = compiler.code(node.operand)
    return lambda scope: negate_value(operand(scope))


def _compile_comparison(compiler: Compiler, node: nodes.CompareNode) -> Code:
    left, right, sign = compiler.code(node.left), compiler.code(node.right), node.sign
    if sign == "=":
        return _compile_equality(left, right)
    if sign == "!=":
        same = _compile_equality(left, right)
        return lambda scope: _invert_value(same(scope))
    return lambda scope: compare_order(sign, left(scope), right(scope))


def _invert_value(value: Value) -> bool | None:
    return None if value is None else not value


def _compile_equality(left: Code, right: Code) -> Code:
    def compare_sides(scope: Scope) -> Value:
        value, other = left(scope), right(scope)
        if type(value) is type(other) and type(value) in _FAST:
            return value == other
        return is_equal_value(value, other, scope.meter)

    return compare_sides


def _compile_between(compiler: Compiler, node: nodes.Between) -> Code:
    value, low, high = compiler.code(node.value), compiler.code(node.low), compiler.code(node.high)

    def compare_bounds(scope: Scope) -> Value:
        middle = value(scope)
        return combine_and(compare_order(">=", middle, low(scope)), compare_order("<=", middle, high(scope)))

    return compare_bounds


def _compile_in(compiler: Compiler, node: nodes.In) -> Code:
    value, tests = compiler.code(node.value), compiler.tests(node.tests)
    return lambda scope: tests(value(scope), scope)


def _compile_logic(compiler: Compiler, node: nodes.Logic) -> Code:
    operands, settles = [compiler.code(operand) for operand in node.operands], node.settles

    def combine_operands(scope: Scope) -> Value:
        result: bool | None = not settles
        for operand in operands:
            value = operand(scope)
            if value is settles:
                return settles
            if value is not result:
                result = None
        return result

    return combine_operands


def _compile_if(compiler: Compiler, node: nodes.If) -> Code:
    condition, then, otherwise = compiler.code(node.condition), compiler.code(node.then), compiler.code(node.otherwise)
    return lambda scope: then(scope) if condition(scope) is True else otherwise(scope)


def _compile_iterators(
    compiler: Compiler, iterators: tuple[nodes.Iterator, ...]
) -> list[tuple[str, Code, Code | None]]:
    """Compile the sources; each sees the variables before it, which are left known to the caller's context."""
    compiled = []
    for iterator in iterators:
        end = None if iterator.end is None else compiler.code(iterator.end)
        compiled.append((iterator.name, compiler.code(iterator.source), end))
    return compiled


def _compute_weight(body: nodes.Node, iterators: tuple[nodes.Iterator, ...]) -> int:
    """Return what one round costs: the body, and the sources that inner iterations evaluate again."""
    return weight_of(body) + sum(weight_of(iterator) for iterator in iterators[1:])


def _compile_for_loop(compiler: Compiler, node: nodes.For) -> Code:
    names = [iterator.name for iterator in node.iterators]
    with compiler.knowing(*names, "partial"):
        sources, body = _compile_iterators(compiler, node.iterators), compiler.code(node.body)
    uses_partial = any(isinstance(part, nodes.Name) and part.name == "partial" for part in walk_nodes(node.body))
    return compile_for(sources, body, weight=_compute_weight(node.body, node.iterators), uses_partial=uses_partial)


def _compile_quantifier(compiler: Compiler, node: nodes.Quantified) -> Code:
    with compiler.knowing(*(iterator.name for iterator in node.iterators)):
        sources, condition = _compile_iterators(compiler, node.iterators), compiler.code(node.condition)
    return compile_quantified(
        sources, condition, weight=_compute_weight(node.condition, node.iterators), settles=node.settles
    )


def _function_literal(compiler: Compiler, node: nodes.FunctionLiteral) -> Code:
    with compiler.knowing(*node.parameters):
        body = compiler.code(node.body)
    return user_function(node, body)


def _compile_context(compiler: Compiler, node: nodes.ContextLiteral) -> Code:
    names = [name for name, _ in node.entries]
    with compiler.knowing(*names):
        entries = [(name, compiler.code(value)) for name, value in node.entries]
    if len(set(names)) < len(names):
        return lambda scope: None

    def build_context(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.meter)
        for name, code in entries:
            values[name] = code(inner)
        return values

    return build_context


def _compile_list(compiler: Compiler, node: nodes.ListLiteral) -> Code:
    codes = [compiler.code(element) for element in node.elements]
    return lambda scope: [code(scope) for code in codes]


def _compile_range(compiler: Compiler, node: nodes.RangeLiteral) -> Code:
    start = None if node.start is None else compiler.code(node.start)
    end = None if node.end is None else compiler.code(node.end)

    def build_range(scope: Scope) -> Value:
        return Range(
            None if start is None else start(scope),
            None if end is None else end(scope),
            node.start_included,
            node.end_included,
            node.operator,
        )

    return build_range


def _instance_of(compiler: Compiler, node: nodes.InstanceOf) -> Code:
    value, kind = compiler.code(node.value), node.type
    return lambda scope: kind.holds(value(scope))


_COMPILERS = cast(
    "dict[type[nodes.Node], Callable[[Compiler, nodes.Node], Code]]",
    {
        nodes.Literal: _compile_literal,
        nodes.Name: _name_or_item,
        nodes.Path: _compile_path,
        nodes.Filter: _compile_filter,
        nodes.Call: _compile_call,
        nodes.Chain: _compile_chain,
        nodes.Negation: _compile_negation,
        nodes.CompareNode: _compile_comparison,
        nodes.Between: _compile_between,
        nodes.In: _compile_in,
        nodes.Logic: _compile_logic,
        nodes.If: _compile_if,
        nodes.For: _compile_for_loop,
        nodes.Quantified: _compile_quantifier,
        nodes.FunctionLiteral: _function_literal,
        nodes.ContextLiteral: _compile_context,
        nodes.ListLiteral: _compile_list,
        nodes.RangeLiteral: _compile_range,
        nodes.InstanceOf: _instance_of,
    },
)
