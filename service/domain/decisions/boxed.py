"""Boxed expressions (DMN 1.5, chapter 7 and 10.2): each becomes code for the FEEL runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.decisions.columns import ANYTHING, ItemType
from service.domain.decisions.table import DecisionTable
from service.domain.feel.calls import invoke_function, reorder_arguments
from service.domain.feel.limits import Meter
from service.domain.feel.loops import compile_for, compile_quantified
from service.domain.feel.scope import Code, Scope
from service.domain.feel.select import filter_elements
from service.domain.feel.values import Function, Value

_LEVELS = 8
_WEIGHT = 100
"""Steps that one round of a boxed loop costs."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A parameter: its name and type."""

    name: str
    type: ItemType = ANYTHING


@dataclass(frozen=True, slots=True)
class Boxed:
    """A boxed expression as code; ``table`` is set where it is a decision table."""

    code: Code
    table: DecisionTable | None = None


def boxed_table(table: DecisionTable) -> Boxed:
    """Box a decision table."""
    return Boxed(lambda scope: table.run(scope).value, table)


def typed(boxed: Boxed, kind: ItemType) -> Boxed:
    """Fit the result of ``boxed`` to a type."""
    code = boxed.code
    return boxed if kind is ANYTHING else Boxed(lambda scope: kind.fitted(code(scope)), boxed.table)


def context(entries: Sequence[tuple[str | None, Code]]) -> Boxed:
    """Box a context; an entry without a name is its result."""

    def build_context(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.meter)
        for name, code in entries:
            value = code(inner)
            if name is None:
                return value
            values[name] = value
        return values

    return Boxed(build_context)


def box_list(elements: Sequence[Code]) -> Boxed:
    """Box a list."""
    return Boxed(lambda scope: [code(scope) for code in elements])


def box_relation(columns: Sequence[str], rows: Sequence[Sequence[Code]]) -> Boxed:
    """Box a relation: a list of contexts."""
    return Boxed(lambda scope: [_evaluate_row(columns, row, scope) for row in rows])


def _evaluate_row(columns: Sequence[str], row: Sequence[Code], scope: Scope) -> dict[str, Value]:
    return {name: code(scope) for name, code in zip(columns, row, strict=False)}


def box_invocation(function: Code, names: Sequence[str], arguments: Sequence[Code]) -> Boxed:
    """Box a call with named arguments."""

    def call_target(scope: Scope) -> Value:
        target = function(scope)
        if not isinstance(target, Function):
            return None
        values = reorder_arguments(target, [code(scope) for code in arguments], tuple(names))
        return None if values is None else invoke_function(target, values, scope.meter)

    return Boxed(call_target)


def box_function(parameters: Sequence[Signature], body: Code, result: ItemType) -> Boxed:
    """Box a function definition."""
    names = tuple(parameter.name for parameter in parameters)

    def make_function(scope: Scope) -> Value:
        def call_body(meter: Meter, *arguments: Value) -> Value:
            meter.enter(_LEVELS)
            fitted = [kind.type.fitted(value) for kind, value in zip(parameters, arguments, strict=False)]
            value = result.fitted(body(Scope(dict(zip(names, fitted, strict=False)), scope, meter)))
            meter.leave(_LEVELS)
            return value

        return Function("", names, call_body, metered=True)

    return Boxed(make_function)


def box_conditional(condition: Code, then: Code, otherwise: Code) -> Boxed:
    """Box an if; a condition that is neither true nor false nor null gives null."""

    def choose_branch(scope: Scope) -> Value:
        is_met = condition(scope)
        if is_met is not None and not isinstance(is_met, bool):
            return None
        return then(scope) if is_met else otherwise(scope)

    return Boxed(choose_branch)


def box_iteration(name: str, source: Code, body: Code) -> Boxed:
    """Box a for; ``partial`` is known in the body."""
    return Boxed(compile_for([(name, source, None)], body, weight=_WEIGHT, uses_partial=True))


def box_quantified(name: str, source: Code, condition: Code, *, settles: bool) -> Boxed:
    """Box a some (``settles`` True) or every (False); a condition that is neither true nor false nor null gives null."""
    run = compile_quantified([(name, source, None)], condition, weight=_WEIGHT, settles=settles, strict=True)
    return Boxed(run)


def box_filter(source: Code, condition: Code) -> Boxed:
    """Box a filter."""
    return Boxed(filter_elements(source, condition, _WEIGHT))
