"""Expressions that come to the same whatever the data: constants, calls without result, conditions never or always met."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from service.domain.feel.reader import children
from service.domain.feel.scope import Scope
from service.domain.feel.signatures import signatures_of
from service.domain.feel.static_types import StaticType
from service.domain.feel.temporal import YearsMonths
from service.domain.feel.values import Range, Value, ValueKind, kind_of

UNDECIDED = object()
"""What is not the same whatever the data."""
_MOST_SAMPLES = 2_000
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
        return not is_open and all(map(self.is_constant, children(node)))

    def _is_pure(self, node: nodes.Call) -> bool:
        """Say whether a call of as many arguments as the function takes rests on them alone."""
        function = self._functions.get(node.function.name) if isinstance(node.function, nodes.Name) else None
        return function is not None and function.metered and (bool(node.names) or function.accepts(len(node.arguments)))

    def compute(self, node: nodes.Node) -> Value:
        """Return the value of a constant part; UNDECIDED of any other, and where it takes too long."""
        return self._run(node) if self.is_constant(node) else UNDECIDED

    def _run(self, node: nodes.Node) -> Value:
        with suppress(FeelLimitExceeded, RecursionError):
            return Compiler(self._functions).code(node)(Scope({}, None, Meter()))
        return UNDECIDED

    def is_always_null(self, node: nodes.Node, operands: Sequence[tuple[nodes.Node, StaticType]]) -> bool:
        """Say whether a part with a constant among its ``operands`` is null whatever the others are."""
        if isinstance(node, nodes.Call) and not self._has_samples(node):
            return False
        values = [_samples(self.compute(part), kind) for part, kind in operands]
        counts = list(map(len, values))
        if 1 not in counts or (None,) in values or not 0 < prod(counts) <= _MOST_SAMPLES:
            return False
        parts = [part for part, _ in operands]
        return all(self._run(_put(node, dict(_literals(parts, sample)))) is None for sample in product(*values))

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
                made = self._run(replace(node, arguments=tuple(map(_literal, parts))))
                return made is None or made == value
            return True

        return may_be

    def groups(self, node: nodes.Logic) -> Iterator[tuple[nodes.Logic, list[nodes.Node]]]:
        """Yield the operands that compare one and the same thing with constants, and where it stands in them."""
        by_term: dict[str, list[tuple[nodes.Node, list[nodes.Node]]]] = {}
        for operand in node.operands:
            terms = self.terms(operand)
            texts = {self._text[slice(*term.span)].strip() for term in terms or ()}
            if terms and len(texts) == 1:
                by_term.setdefault(texts.pop(), []).append((operand, terms))
        for group in by_term.values():
            if len(group) > 1:
                operands = tuple(operand for operand, _ in group)
                yield replace(node, operands=operands), [term for _, terms in group for term in terms]

    def terms(self, node: nodes.Node) -> list[nodes.Node] | None:
        """Return what a condition compares with constants; None where it rests on something else."""
        if isinstance(node, nodes.Logic):
            return _joined(map(self.terms, node.operands))
        if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) and node.function.name == "not":
            return _joined(map(self.terms, node.arguments))
        if isinstance(node, nodes.CompareNode):
            sides = [part for part in (node.left, node.right) if not self.is_constant(part)]
            return sides if len(sides) == 1 else None
        if isinstance(node, nodes.Between):
            return [node.value] if self.is_constant(node.low) and self.is_constant(node.high) else None
        if isinstance(node, nodes.In):
            return [node.value] if all(self.is_constant(test.expression) for test in node.tests.tests) else None
        return [node] if isinstance(node, nodes.Name | nodes.Path | nodes.Call) else None

    def judge(self, condition: nodes.Node, terms: Sequence[nodes.Node], kind: StaticType) -> bool | None:
        """Return what a condition comes to whatever its ``terms``, all of one text and of type ``kind``, are; None otherwise."""
        constants = list(self._constants(condition, {id(term) for term in terms}))
        values = list(_representatives(constants, kind))
        if not values:
            return None
        results = [
            (value, self._run(_put(condition, dict.fromkeys(map(id, terms), nodes.Literal(value=value)))))
            for value in (None, *values)
        ]
        if not any(result is True for value, result in results if value is None or kind.may_hold(value)):
            return False
        is_asked = all(isinstance(value, bool) for value in values)  # x = true or x = false: is there an answer?
        return True if all(result is True for _, result in results[0 if is_asked else 1 :]) else None

    def _constants(self, node: nodes.Node, terms: set[int]) -> Iterator[Value]:
        if id(node) in terms:
            return
        if self.is_constant(node) and not isinstance(node, nodes.Tests | nodes.Test):
            yield from _flat(self._run(node))
        else:
            for part in children(node):
                yield from self._constants(part, terms)


def _literal(value: Value) -> nodes.Literal:
    return nodes.Literal(value=value)


def _literals(parts: Iterable[nodes.Node], values: Iterable[Value]) -> Iterator[tuple[int, nodes.Node]]:
    yield from ((id(part), _literal(value)) for part, value in zip(parts, values, strict=True))


def _put(node: nodes.Node, literals: Mapping[int, nodes.Node]) -> nodes.Node:
    """Return a part in which others, by their ids, stand instead of its own."""
    if id(node) in literals:
        return literals[id(node)]
    fields = {name: _put_in(getattr(node, name), literals) for name in node.__dataclass_fields__}
    return replace(node, **fields)  # type: ignore[arg-type]  # each is of its own type


def _put_in(value: object, literals: Mapping[int, nodes.Node]) -> object:
    if isinstance(value, nodes.Node):
        return _put(value, literals)
    return tuple(_put_in(part, literals) for part in value) if isinstance(value, tuple) else value


def _joined(found: Iterable[list[nodes.Node] | None]) -> list[nodes.Node] | None:
    lists = list(found)
    return None if None in lists else [term for terms in lists for term in terms or ()]


def _samples(value: Value, kind: StaticType) -> Sequence[Value]:
    """Return values of a type, the only one of a constant; none where there is no sample of it."""
    if value is not UNDECIDED:
        return (value,)
    if kind.options and kind.kinds == {ValueKind.STRING}:
        return sorted(kind.options)
    if kind.kinds & _UNSAMPLED:
        return ()
    samples = [sample for known in (kind.kinds or _SAMPLES) for sample in _SAMPLES.get(known, ())]
    return [sample for sample in samples if kind.may_hold(sample)]


def _flat(value: Value) -> Iterator[Value]:
    parts = value if isinstance(value, list) else (value.start, value.end) if isinstance(value, Range) else None
    if parts is None:
        yield value
    else:
        for part in parts:
            yield from _flat(part)


_STEPS: Mapping[ValueKind, Value] = {
    ValueKind.NUMBER: Decimal(1), ValueKind.DATE: timedelta(days=1), ValueKind.DATE_TIME: timedelta(seconds=1),
    ValueKind.DAYS: timedelta(seconds=1),
}  # fmt: skip


def _representatives(constants: Sequence[Value], kind: StaticType) -> Iterator[Value]:
    """Yield values that stand for all others: each constant, one beside and one between two; none where that is not known."""
    texts = [word for word in kind.options or () if kind.kinds == {ValueKind.STRING}]
    by_kind: dict[ValueKind, list[Value]] = {}
    for value in (*constants, *texts):
        by_kind.setdefault(kind_of(value), []).append(value)
    by_kind.pop(ValueKind.NULL, None)
    if kind.kinds == {ValueKind.BOOLEAN} or not by_kind:
        by_kind.setdefault(ValueKind.BOOLEAN, [])
    if not by_kind.keys() <= {*ORDERED, ValueKind.BOOLEAN} - {ValueKind.TIME}:
        return
    for known, values in by_kind.items():
        if known is ValueKind.BOOLEAN:
            yield from (True, False)
        elif known is ValueKind.STRING:
            yield from dict.fromkeys((*values, "", *(f"{value}\0" for value in values)))
        elif known is ValueKind.MONTHS:
            yield from (YearsMonths(value.months + step) for value in values for step in (-1, 0, 1))  # type: ignore[attr-defined]
        else:
            yield from _between(sorted(set(values)), _STEPS[known])  # type: ignore[type-var]


def _between(values: Sequence[Value], step: Value) -> Iterator[Value]:
    yield from values
    for value in values:
        with suppress(ArithmeticError, OverflowError, TypeError):
            yield from (value - step, value + step)  # type: ignore[operator]
    for low, high in pairwise(values):
        with suppress(ArithmeticError, OverflowError, TypeError):
            yield low + (high - low) / 2  # type: ignore[operator]
