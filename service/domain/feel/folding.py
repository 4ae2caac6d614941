"""Expressions that come to the same whatever the data: constants, calls without result, conditions never or always met."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise, product
from math import prod

from service.domain.feel import nodes
from service.domain.feel.compare import ORDERED
from service.domain.feel.compiler import Compiler
from service.domain.feel.errors import FeelLimitExceeded
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.reader import iterate_child_nodes
from service.domain.feel.scope import Code, Scope
from service.domain.feel.signatures import signatures_of
from service.domain.feel.static_types import StaticType
from service.domain.feel.temporal import YearsMonths
from service.domain.feel.values import Range, Value, ValueKind, kind_of

UNDECIDED = object()
"""What is not the same whatever the data."""
_MOST_SAMPLES = 2_000
_MOST_CASES = 6_000
_MOST_TERMS = 3
"""Things that are compared with one another, looked at in every order."""
_LEAST_SIGN = "\0"
_LONG = 300
"""Items in a sample of a list: more than anybody counts to."""
_SAMPLES: Mapping[ValueKind, Sequence[Value]] = {
    ValueKind.NUMBER: tuple(map(Decimal, ("1", "2", "3", "10", "0.5", "0", "-1", "100", "2026", "2028"))),
    ValueKind.STRING: (
        "a", "", "A b-c,d", "甲", "12", ".", ",", " ", "2026-03-31", "09:30:00", "2026-03-31T09:30:00", "P10D", "P3Y",
    ),
    ValueKind.BOOLEAN: (True, False),
    ValueKind.DATE: (date(2026, 3, 31),),
    ValueKind.TIME: (time(9, 30),),
    ValueKind.DATE_TIME: (datetime(2026, 3, 31, 9, 30, tzinfo=UTC),),
    ValueKind.DAYS: (timedelta(days=1),),
    ValueKind.MONTHS: (YearsMonths(14),),
    ValueKind.LIST: tuple([item] * _LONG for item in (Decimal(1), "a", True, date(2026, 3, 31))),
}  # fmt: skip
_UNSAMPLED = frozenset({ValueKind.CONTEXT, ValueKind.RANGE, ValueKind.FUNCTION})
_ITSELF: Callable[..., Value] = lambda value, *_: value  # noqa: E731  one of a table
_PREIMAGES: Mapping[str, Callable[..., Value]] = {
    **dict.fromkeys(
        ("lower case", "upper case", "floor", "ceiling", "abs", "modulo", "decimal", "round up", "round down",
         "round half up", "round half down"),
        _ITSELF,
    ),
    "substring": lambda text, start, *length: " " * (int(start) - 1) + text if start > 0 else text.ljust(int(-start) if length else 0),
    "substring before": lambda text, match: text + match,
    "substring after": lambda text, match: match + text,
}  # fmt: skip
"""From what a function makes a value, if it can make it from anything."""
_COUNTING = ("count", "string length", "day of year", "week of year")
"""What gives whole numbers alone."""


Terms = Mapping[str, Sequence[nodes.Node]]
"""What a condition compares, by its text: wherever it stands."""


class _Group:
    """Operands that compare the same things."""

    def __init__(self) -> None:
        self.operands: list[nodes.Node] = []
        self.terms: dict[str, list[nodes.Node]] = {}

    def add(self, operand: nodes.Node, terms: Terms) -> _Group:
        """Take in an operand with the things that it compares."""
        self.operands.append(operand)
        for text, parts in terms.items():
            self.terms.setdefault(text, []).extend(parts)
        return self

    def join(self, other: _Group) -> _Group:
        """Take in the operands of another group."""
        self.operands += other.operands
        for text, parts in other.terms.items():
            self.terms.setdefault(text, []).extend(parts)
        return self


class Folding:
    """Computes parts of one expression before it runs."""

    def __init__(self, text: str, functions: FunctionSet) -> None:
        self._text, self._functions = text, functions
        self._constant: dict[int, tuple[nodes.Node, bool]] = {}  # with the node: its id is not another's then

    def is_constant(self, node: nodes.Node) -> bool:
        """Say whether a part reads nothing and calls only functions that rest on their arguments."""
        if id(node) not in self._constant:
            self._constant[id(node)] = node, self._reads_nothing(node)
        return self._constant[id(node)][1]

    def _reads_nothing(self, node: nodes.Node) -> bool:
        if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
            return self._is_pure(node) and all(map(self.is_constant, node.arguments))
        is_open = isinstance(node, nodes.Name | nodes.FunctionLiteral)
        return not is_open and all(map(self.is_constant, iterate_child_nodes(node)))

    def _is_pure(self, node: nodes.Call) -> bool:
        """Say whether a call of as many arguments as the function takes rests on them alone."""
        function = self._functions.get(node.function.name) if isinstance(node.function, nodes.Name) else None
        return function is not None and function.metered and (bool(node.names) or function.accepts(len(node.arguments)))

    def compute(self, node: nodes.Node) -> Value:
        """Return the value of a constant part; UNDECIDED of any other, and where it takes too long."""
        return self._evaluate_node(node) if self.is_constant(node) else UNDECIDED

    def _evaluate_node(self, node: nodes.Node) -> Value:
        return _evaluate_code(Compiler(self._functions).code(node), {})

    def is_always_null(self, node: nodes.Node, operands: Sequence[tuple[nodes.Node, StaticType]]) -> bool:
        """Say whether a part with a constant among its ``operands`` is null whatever the others are."""
        if isinstance(node, nodes.Call) and not self._has_samples(node):
            return False
        values = [_list_samples(self.compute(part), kind) for part, kind in operands]
        counts = list(map(len, values))
        if 1 not in counts or (None,) in values or not 0 < prod(counts) <= _MOST_SAMPLES:
            return False
        parts = [part for part, _ in operands]
        return all(
            self._evaluate_node(_replace_parts(node, dict(_build_literals(parts, sample)))) is None
            for sample in product(*values)
        )

    def _has_samples(self, node: nodes.Call) -> bool:
        name = node.function.name if isinstance(node.function, nodes.Name) else ""
        taken = [parameter.kinds for way in signatures_of(name) for parameter in way.parameters]
        return self._is_pure(node) and all(_UNSAMPLED.isdisjoint(kinds) for kinds in taken)

    def image(self, node: nodes.Call) -> Callable[[Value], bool] | None:
        """Return what says whether a call may come to a value; None where it may come to any."""
        name = node.function.name if isinstance(node.function, nodes.Name) else ""
        if name in _COUNTING and self._is_pure(node):
            return lambda value: not isinstance(value, Decimal) or value % 1 == 0
        others = [self.compute(part) for part in node.arguments[1:]]
        if name not in _PREIMAGES or not self._is_pure(node) or any(value in (None, UNDECIDED) for value in others):
            return None

        def may_be(value: Value) -> bool:
            with suppress(TypeError, AttributeError, ValueError):  # another kind of value, told as such
                parts = (_PREIMAGES[name](value, *others), *others)
                made = self._evaluate_node(replace(node, arguments=tuple(map(_build_literal, parts))))
                return made is None or made == value
            return True

        return may_be

    def groups(self, node: nodes.Logic) -> Iterator[tuple[nodes.Logic, Terms]]:
        """Yield the operands that compare one thing with constants, then those that compare several with one another."""
        operands = [(operand, self.terms(operand)) for operand in node.operands]
        alone: dict[str, _Group] = {}
        related: list[_Group] = []
        for operand, terms in operands:
            if terms and len(terms) == 1:
                alone.setdefault(next(iter(terms)), _Group()).add(operand, terms)
            if terms:
                group = _Group().add(operand, terms)
                for other in [other for other in related if not terms.keys().isdisjoint(other.terms)]:
                    related.remove(other)
                    group = other.join(group)
                related.append(group)
        for group in (*alone.values(), *(group for group in related if 1 < len(group.terms) <= _MOST_TERMS)):
            if len(group.operands) > 1:
                yield replace(node, operands=tuple(group.operands)), group.terms

    def terms(self, node: nodes.Node) -> Terms | None:
        """Return by their text what a condition compares with constants or one another; None where it rests on something else."""
        if isinstance(node, nodes.Logic):
            return _join_terms(map(self.terms, node.operands))
        if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) and node.function.name == "not":
            return _join_terms(map(self.terms, node.arguments))
        if isinstance(node, nodes.CompareNode):
            return self._find_terms(node.left, node.right)
        if isinstance(node, nodes.Between):
            return self._find_terms(node.value, node.low, node.high)
        if isinstance(node, nodes.In):
            tests = [test.expression for test in node.tests.tests]
            limits = [
                end for test in tests if isinstance(test, nodes.RangeLiteral) for end in (test.start, test.end) if end
            ]
            others = [test for test in tests if not isinstance(test, nodes.RangeLiteral)]
            is_plain = all(map(self.is_constant, others)) and not any(test.uses_input for test in node.tests.tests)
            return self._find_terms(node.value, *limits) if is_plain else None
        return self._find_terms(node) if isinstance(node, nodes.Name | nodes.Path | nodes.Call) else None

    def _find_terms(self, *parts: nodes.Node) -> Terms | None:
        parts_by_name: dict[str, list[nodes.Node]] = {}
        for part in parts:
            if not self.is_constant(part):
                parts_by_name.setdefault(self._text[slice(*part.span)].strip(), []).append(part)
        return parts_by_name or None

    def judge(self, condition: nodes.Node, terms: Terms, kinds: Sequence[StaticType]) -> bool | None:
        """Return what a condition comes to whatever its ``terms``, of types ``kinds``, are; None otherwise."""
        names = {id(part): nodes.Name(f"\0{place}") for place, parts in enumerate(terms.values()) for part in parts}
        values = list(_iterate_representatives(list(self._iterate_constants(condition, names)), kinds))
        if not values or (len(values) + 1) ** len(kinds) > _MOST_CASES:
            return None
        code = Compiler(self._functions).code(_replace_parts(condition, names))
        results: list[tuple[tuple[Value, ...], Value]] = []
        for sample in product((None, *values), repeat=len(kinds)):
            scope = {f"\0{place}": value for place, value in enumerate(sample)}
            results.append((sample, _evaluate_code(code, scope)))
        possible = [
            (sample, result)
            for sample, result in results
            if all(value is None or kind.may_hold(value) for value, kind in zip(sample, kinds, strict=True))
        ]
        # Where none of the values is one of these things, as of a year from 2000 on, nothing is known of them.
        if all(None in sample for sample, _ in possible):
            return None
        if not any(result is True for _, result in possible):
            return False
        is_boolean = all(isinstance(value, bool) for value in values)  # x = true or x = false: is there an answer?
        present = [result for sample, result in results if is_boolean or None not in sample]
        return True if all(result is True for result in present) else None

    def _iterate_constants(self, node: nodes.Node, terms: Container[int]) -> Iterator[Value]:
        if id(node) in terms:
            return
        if self.is_constant(node) and not isinstance(node, nodes.Tests | nodes.Test):
            yield from _flatten_value(self._evaluate_node(node))
        else:
            for part in iterate_child_nodes(node):
                yield from self._iterate_constants(part, terms)


def _build_literal(value: Value) -> nodes.Literal:
    return nodes.Literal(value=value)


def _build_literals(parts: Iterable[nodes.Node], values: Iterable[Value]) -> Iterator[tuple[int, nodes.Node]]:
    yield from ((id(part), _build_literal(value)) for part, value in zip(parts, values, strict=True))


def _replace_parts(node: nodes.Node, literals: Mapping[int, nodes.Node]) -> nodes.Node:
    """Return a part in which others, by their ids, stand instead of its own."""
    if id(node) in literals:
        return literals[id(node)]
    fields = {name: _put_in(getattr(node, name), literals) for name in node.__dataclass_fields__}
    return replace(node, **fields)  # type: ignore[arg-type]  # each is of its own type


def _put_in(value: object, literals: Mapping[int, nodes.Node]) -> object:
    if isinstance(value, nodes.Node):
        return _replace_parts(value, literals)
    return tuple(_put_in(part, literals) for part in value) if isinstance(value, tuple) else value


def _evaluate_code(code: Code, variables: Mapping[str, Value]) -> Value:
    with suppress(FeelLimitExceeded, RecursionError):
        return code(Scope(variables, None, Meter()))
    return UNDECIDED


def _join_terms(groups: Iterable[Terms | None]) -> Terms | None:
    joined: dict[str, list[nodes.Node]] = {}
    for terms in groups:
        if terms is None:
            return None
        for text, parts in terms.items():
            joined.setdefault(text, []).extend(parts)
    return joined


def _list_samples(value: Value, kind: StaticType) -> Sequence[Value]:
    """Return values of a type, the only one of a constant; none where there is no sample of it."""
    if value is not UNDECIDED:
        return (value,)
    if kind.options and kind.kinds == {ValueKind.STRING}:
        return sorted(kind.options)
    if kind.kinds & _UNSAMPLED:
        return ()
    samples = [sample for sample_kind in (kind.kinds or _SAMPLES) for sample in _SAMPLES.get(sample_kind, ())]
    return [sample for sample in samples if kind.may_hold(sample)]


def _flatten_value(value: Value) -> Iterator[Value]:
    parts = value if isinstance(value, list) else (value.start, value.end) if isinstance(value, Range) else None
    if parts is None:
        yield value
    else:
        for part in parts:
            yield from _flatten_value(part)


_STEPS: Mapping[ValueKind, Value] = {
    ValueKind.NUMBER: Decimal(1), ValueKind.DATE: timedelta(days=1), ValueKind.DATE_TIME: timedelta(seconds=1),
    ValueKind.DAYS: timedelta(seconds=1),
}  # fmt: skip


def _iterate_representatives(constants: Sequence[Value], kinds: Sequence[StaticType]) -> Iterator[Value]:
    """Yield values that stand for all others of things of types ``kinds``: each constant, and beside and between them as many as things.

    There are none where that is not known.
    """
    things = len(kinds)
    texts = [word for kind in kinds for word in kind.options or () if kind.kinds == {ValueKind.STRING}]
    by_kind: dict[ValueKind, list[Value]] = {}
    for value in (*constants, *texts):
        by_kind.setdefault(kind_of(value), []).append(value)
    by_kind.pop(ValueKind.NULL, None)
    if all(kind.kinds == {ValueKind.BOOLEAN} for kind in kinds) or (things == 1 and not by_kind):
        by_kind.setdefault(ValueKind.BOOLEAN, [])
    elif not by_kind:  # they are compared with one another alone: what stands in their order is one
        yield from map(Decimal, range(things))
        return
    if not by_kind.keys() <= {*ORDERED, ValueKind.BOOLEAN} - {ValueKind.TIME}:
        return
    for value_kind, values in by_kind.items():
        if value_kind is ValueKind.BOOLEAN:
            yield from (True, False)
        elif value_kind is ValueKind.STRING:
            longer = (f"{value}{_LEAST_SIGN * n}" for value in ("", *map(str, values)) for n in range(things + 1))
            yield from dict.fromkeys((*values, *longer))
        elif value_kind is ValueKind.MONTHS:
            steps = range(-things, things + 1)
            yield from dict.fromkeys(YearsMonths(value.months + step) for value in values for step in steps)  # type: ignore[attr-defined]
        else:
            yield from dict.fromkeys(_iterate_between(sorted(set(values)), _STEPS[value_kind], things))  # type: ignore[type-var]


def _iterate_between(values: Sequence[Value], step: Value, things: int) -> Iterator[Value]:
    yield from values
    for value, times in product(values, range(1, things + 1)):
        with suppress(ArithmeticError, OverflowError, TypeError):
            yield from (value - step * times, value + step * times)  # type: ignore[operator]
    for (low, high), times in product(pairwise(values), range(1, things + 1)):
        with suppress(ArithmeticError, OverflowError, TypeError):
            yield low + (high - low) * times / (things + 1)  # type: ignore[operator]
