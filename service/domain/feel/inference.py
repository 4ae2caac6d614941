"""Infer types of expressions and find what can only be null or never be meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from service.domain.feel import nodes
from service.domain.feel.arithmetic import result_kinds
from service.domain.feel.compare import ORDERED
from service.domain.feel.compiler import Compiler
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.properties import PROPERTY_NAMES, kinds_of_property
from service.domain.feel.scope import Scope
from service.domain.feel.signatures import Signature, signatures_of
from service.domain.feel.static_types import (
    BOOLEAN,
    NULL,
    UNKNOWN,
    StaticType,
    context_of,
    declared_type,
    join_types,
    list_of,
    of_kind,
    text_of_options,
)
from service.domain.feel.temporal import parse_any, parse_duration
from service.domain.feel.values import ValueKind, kind_of
from service.domain.text import Text

TypeScope = Mapping[str, StaticType]
"""The types of the names that an expression reads; of others nothing is known."""
_SCALARS = frozenset({ValueKind.NUMBER, ValueKind.STRING, ValueKind.BOOLEAN})


@dataclass(frozen=True, slots=True)
class TypeFault:
    """A part of an expression whose type cannot be meant; ``code`` is that of a rule, ``word`` what is strange in it."""

    code: str
    span: tuple[int, int]
    message: Text
    remedy: Text
    word: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inferred:
    """The type of an expression and what is wrong in it."""

    type: StaticType
    faults: tuple[TypeFault, ...]


def infer_expression(text: str, node: nodes.Node, functions: FunctionSet, scope: TypeScope) -> Inferred:
    """Infer the type of a parsed expression whose names have the types of ``scope``."""
    inference = _Inference(text, functions, scope)
    kind = inference.infer(node)
    return Inferred(kind, tuple(inference.faults))


def infer_tests(
    text: str, tests: nodes.Tests, functions: FunctionSet, scope: TypeScope, value: StaticType, name: str
) -> Inferred:
    """Infer the types in the cell of a table whose column, ``name``, has values of type ``value``."""
    inference = _Inference(text, functions, scope)
    inference.judge_tests(value, name, tests)
    return Inferred(BOOLEAN, tuple(inference.faults))


class _Inference:
    """Walks one expression; ``layers`` are the names that it gives itself, the innermost last."""

    def __init__(self, text: str, functions: FunctionSet, scope: TypeScope) -> None:
        self.text, self.functions, self.faults = text, functions, list[TypeFault]()
        self._layers: list[_Layer] = [_Layer(scope)]

    def infer(self, node: nodes.Node) -> StaticType:
        """Return the type of a part; what is wrong in it is kept."""
        return _INFER[type(node)](self, node)

    def quote(self, node: nodes.Node) -> str:
        """Return a part as it is written."""
        return self.text[slice(*node.span)].strip()

    def look_up(self, name: str, *, has_more: bool = False) -> StaticType:
        """Return the type of a name; one that ``has_more`` behind a dot is rarely an entry of rows that are not known."""
        for layer in reversed(self._layers):
            if name in layer.names:
                return layer.names[name]
            if layer.may_have_others and not has_more:
                return UNKNOWN
        return of_kind(ValueKind.FUNCTION) if name in self.functions else UNKNOWN

    def is_local(self, name: str) -> bool:
        """Say whether the expression itself gives a name."""
        return any(name in layer.names for layer in self._layers[1:])

    @contextmanager
    def within(self, names: TypeScope, *, may_have_others: bool = False) -> Iterator[None]:
        """Know ``names`` inside a part."""
        self._layers.append(_Layer(names, may_have_others))
        yield
        self._layers.pop()

    def tell(
        self, code: str, node: nodes.Node, message: Text, remedy: Text, word: str = "", words: Sequence[str] = ()
    ) -> None:
        """Keep a fault, each once."""
        fault = TypeFault(code, node.span, message, remedy, word, tuple(words))
        if fault not in self.faults:
            self.faults.append(fault)

    def require_boolean(self, node: nodes.Node, zh: str, en: str) -> None:
        """Infer a condition and tell one that is no condition."""
        kind = self.infer(node)
        if not kind.may_be(ValueKind.BOOLEAN, ValueKind.NULL):
            said = kind.words()
            self.tell(
                "not_boolean", node,
                Text(f"{zh}“{self.quote(node)}”是{said.zh}，不是“是或否”。", f"{en} “{self.quote(node)}” is a {said.en}, not true or false."),
                Text("写成条件，例如“… = …”。", "Write a condition, such as “… = …”."),
            )  # fmt: skip

    def compare(
        self, sign: str, node: nodes.Node, left: tuple[nodes.Node, StaticType], right: tuple[nodes.Node, StaticType]
    ) -> None:
        """Tell a comparison that never comes to true or false, or always to the same."""
        (one, first), (other, second) = left, right
        if sign not in ("=", "!=") and (first.is_null or second.is_null):
            null = one if first.is_null else other
            self.tell(
                "types_differ", node,
                Text(f"“{self.quote(null)}”总是空值，不能比较大小。", f"“{self.quote(null)}” is always null and has no order."),
                Text("问有没有值写“= null”或者“!= null”。", "To ask whether there is a value, write “= null” or “!= null”."),
            )  # fmt: skip
        elif not may_compare(sign, first, second):
            self.tell_difference(node, self.quote(one), first, self.quote(other), second)
        elif sign in ("=", "!="):
            self.judge_options(node, first, second)

    def tell_difference(self, node: nodes.Node, one: str, first: StaticType, other: str, second: StaticType) -> None:
        """Tell that two parts are of types between which nothing is equal, greater or less."""
        said, said_other = first.words(), second.words()
        self.tell(
            "types_differ", node,
            Text(
                f"“{one}”是{said.zh}，“{other}”是{said_other.zh}，两者比较总是得空值。",
                f"“{one}” is a {said.en} and “{other}” a {said_other.en}: to compare them always gives null.",
            ),
            conversion(one, first, second) or conversion(other, second, first) or Text("比较同一种值。", "Compare values of one kind."),
        )  # fmt: skip

    def judge_options(self, node: nodes.Node, first: StaticType, second: StaticType) -> None:
        """Tell a text that is none of those that the other side may be."""
        if (
            first.options is None
            or second.options is None
            or first.options & second.options
            or not (first.options and second.options)
        ):
            return
        strange, offered = (first, second) if len(first.options) < len(second.options) else (second, first)
        assert strange.options is not None
        assert offered.options is not None
        word = sorted(strange.options)[0]
        self.tell(
            "unknown_option", node,
            Text(f"“{word}”不在可选的值里，这个比较总是同一个结果。", f"“{word}” is none of the options: the comparison always comes out the same."),
            Text("", ""), word, sorted(offered.options),
        )  # fmt: skip

    def judge_tests(self, value: StaticType, called: str, tests: nodes.Tests) -> None:
        """Tell tests that a value of type ``value`` can never pass or fail."""
        for test in tests.tests:
            if test.uses_input:
                with self.within({"?": value}):
                    self.require_boolean(test.expression, "条件", "the condition")
                continue
            expected = self.infer(test.expression)
            self._judge_span(test.expression)
            items = expected.element or UNKNOWN
            if expected.kinds == {ValueKind.LIST} and not value.may_be(ValueKind.LIST):
                expected = items
            if expected.kinds == {ValueKind.RANGE}:
                self._judge_range(value, called, test.expression, expected)
            elif not may_compare("=", value, expected) and not expected.may_be(ValueKind.BOOLEAN, ValueKind.RANGE):
                self.tell_difference(test.expression, called, value, self.quote(test.expression), expected)
            elif isinstance(test.expression, nodes.ListLiteral):
                for part in test.expression.elements:
                    self.judge_options(part, self.infer(part), value)
            else:
                self.judge_options(test.expression, expected, value)

    def _judge_span(self, node: nodes.Node) -> None:
        """Tell a difference of written numbers: a range, or a day, is meant."""
        if not isinstance(node, nodes.Chain) or any(sign != "-" for sign, _ in node.rest):
            return
        numbers = [
            part.value
            for part in (node.first, *(operand for _, operand in node.rest))
            if isinstance(part, nodes.Literal)
        ]
        if len(numbers) != len(node.rest) + 1 or not all(isinstance(number, Decimal) for number in numbers):
            return
        quoted = self.quote(node)
        meant = f"[{numbers[0]}..{numbers[1]}]" if len(numbers) == 2 else f'date("{quoted}")'
        self.tell(
            "operand_type", node,
            Text(f"“{quoted}”是减法，不是区间或者日期。", f"“{quoted}” is a subtraction, no range or day."),
            Text(f"写 {meant}。", f"Write {meant}."),
        )  # fmt: skip

    def _judge_range(self, value: StaticType, called: str, node: nodes.Node, limits: StaticType) -> None:
        bound = limits.element or UNKNOWN
        operator = node.operator if isinstance(node, nodes.RangeLiteral) else None
        if not may_compare("=" if operator in ("=", "!=") else "<", value, bound) and not bound.is_null:
            self.tell_difference(node, called, value, self.quote(node), bound)


@dataclass(frozen=True, slots=True)
class _Layer:
    """Names of one part, which ``may_have_others`` where it filters rows that are not known."""

    names: TypeScope
    may_have_others: bool = False


def may_compare(sign: str, left: StaticType, right: StaticType) -> bool:
    """Say whether some value of one type compares with some value of another."""
    if not left.is_known or not right.is_known or left.is_null or right.is_null:
        return True
    both = left.kinds & right.kinds
    return bool(both if sign in ("=", "!=") else both & ORDERED)


def conversion(text: str, kind: StaticType, wanted: StaticType) -> Text | None:
    """Return how to write a text so that it is of the kind that is wanted."""
    if kind.kinds <= _DURATIONS and wanted.kinds == {ValueKind.NUMBER}:
        return Text(
            f'写 ({text}).days，或者和时长比：duration("P30D")。',
            f'Write ({text}).days, or compare it with duration("P30D").',
        )
    if kind.writes in _DURATIONS and wanted.kinds == {ValueKind.NUMBER}:
        return Text(f"写 duration({text}).days。", f"Write duration({text}).days.")
    if ValueKind.DATE_TIME in kind.kinds and wanted.kinds == {ValueKind.DATE}:
        return Text(f"写 date({text})。", f"Write date({text}).")
    if kind.kinds != {ValueKind.STRING}:
        return None
    if quoted := _QUOTED.fullmatch(text):
        if wanted.kinds == {ValueKind.NUMBER} and _DIGITS.fullmatch(quoted[1]):
            return Text(f"数字不加引号：{quoted[1]}。", f"Numbers stand without quotes: {quoted[1]}.")
        if parse_any(quoted[1]) is None and parse_duration(quoted[1]) is None:
            return None
    for target, function in _READERS.items():
        if target in wanted.kinds and kind.writes in (None, target, *_ALSO.get(target, ())):
            written = _read_by(function, text)
            return Text(f"写 {written}。", f"Write {written}.")
    return None


def _read_by(function: str, text: str) -> str:
    """Return a text or the test of a cell with what it compares with read by a function: the signs stay outside."""
    if tested := _SIGNED.fullmatch(text):
        return f"{tested[1]}{function}({tested[2]})"
    if limits := _LIMITS.fullmatch(text):
        return f"{limits[1]}{function}({limits[2]})..{function}({limits[3]}){limits[4]}"
    return f"{function}({text})"


_QUOTED, _DIGITS = re.compile(r'"([^"]*)"'), re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_SIGNED, _LIMITS = re.compile(r"([<>]=?\s*)(.*)"), re.compile(r"([\[\](])(.*?)\.\.(.*)([\[\])])")
_READERS = {
    ValueKind.DATE: "date", ValueKind.DATE_TIME: "date and time", ValueKind.TIME: "time", ValueKind.NUMBER: "number",
    ValueKind.DAYS: "duration", ValueKind.MONTHS: "duration",
}  # fmt: skip
_DURATIONS = frozenset({ValueKind.DAYS, ValueKind.MONTHS})
_ALSO = {ValueKind.DATE: (ValueKind.DATE_TIME,), ValueKind.DATE_TIME: (ValueKind.DATE,)}


def _literal(_inference: _Inference, node: nodes.Literal) -> StaticType:
    value = node.value
    if value is None:
        return NULL
    if isinstance(value, str):
        return text_of_options([value])
    return of_kind(kind_of(value))


def _name(inference: _Inference, node: nodes.Name) -> StaticType:
    first, *rest = node.name.split(".") if node.name not in inference.functions else [node.name]
    kind = inference.look_up(first)
    for name in rest:
        kind = _follow(inference, node, kind, first, name)
    return kind


def _path(inference: _Inference, node: nodes.Path) -> StaticType:
    base, before = node.base, inference.quote(node.base)
    kind = inference.look_up(base.name, has_more=True) if isinstance(base, nodes.Name) else inference.infer(base)
    for name in node.names:
        kind = _follow(inference, node, kind, before, name)
        before = f"{before}.{name}"
    return kind


def _follow(inference: _Inference, node: nodes.Node, kind: StaticType, before: str, name: str) -> StaticType:
    if kind.kinds == {ValueKind.LIST}:
        return list_of(_follow(inference, node, kind.element or UNKNOWN, before, name))
    if kind.may_be(ValueKind.CONTEXT):
        if kind.kinds == {ValueKind.CONTEXT} and kind.is_closed and name not in (kind.entries or {}):
            inference.tell(
                "undeclared_fact", node, Text(f"“{before}”中没有“{name}”。", f"“{before}” has no “{name}”."), Text("", ""), name,
                sorted(kind.entries or ()),
            )  # fmt: skip
            return UNKNOWN
        return kind.entry(name) if kind.kinds == {ValueKind.CONTEXT} else UNKNOWN
    if not kind.is_known or kind.is_null or kind.may_be(ValueKind.LIST, ValueKind.FUNCTION):
        return UNKNOWN
    found = [kinds for one in kind.kinds if (kinds := kinds_of_property(one, name)) is not None]
    if found:
        return join_types(StaticType(kinds) for kinds in found)
    said, reader = kind.words(), _READERS.get(kind.writes) if kind.writes else None
    if inference.is_local(before):
        remedy = Text(
            f"“{before}”是这个表达式自己的（先写的一项、循环变量），不是同名的变量：把其中一个改个名称。",
            f"“{before}” is the expression's own (an entry before it, a loop variable), not the variable: rename one.",
        )
    elif reader and name in PROPERTY_NAMES.get(kind.writes or ValueKind.NULL, ()):
        remedy = Text(f"写 {reader}({before}).{name}。", f"Write {reader}({before}).{name}.")
    else:
        remedy = Text(
            "读一组值里的一项，或者去掉点号后面的部分。",
            "Read an entry of a group of values, or drop what follows the dot.",
        )
    inference.tell(
        "no_property", node,
        Text(f"“{before}”是{said.zh}，没有“{name}”。", f"“{before}” is a {said.en} and has no “{name}”."), remedy,
    )  # fmt: skip
    return UNKNOWN


def _filter(inference: _Inference, node: nodes.Filter) -> StaticType:
    base = inference.infer(node.base)
    item = (
        (base.element or UNKNOWN)
        if base.kinds == {ValueKind.LIST}
        else UNKNOWN
        if base.may_be(ValueKind.LIST)
        else base
    )
    if base.is_known and base.kinds <= _SCALARS:
        said = base.words()
        inference.tell(
            "filtered_result", node,
            Text(f"“{inference.quote(node.base)}”是{said.zh}，不是名单，不能筛选。", f"“{inference.quote(node.base)}” is a {said.en} and no list to filter."),
            Text("把条件写进括号：count(名单[条件])。", "Put the condition inside: count(rows[condition])."),
        )  # fmt: skip
    entries = dict(item.entries or {}) if item.kinds == {ValueKind.CONTEXT} else {}
    plain = item.is_known and not item.may_be(ValueKind.CONTEXT)
    with inference.within({"item": item} | entries, may_have_others=not plain and not item.is_closed):
        condition = inference.infer(node.condition)
    if not condition.may_be(ValueKind.BOOLEAN, ValueKind.NUMBER, ValueKind.NULL):
        said = condition.words()
        inference.tell(
            "not_boolean", node.condition,
            Text(
                f"方括号里的“{inference.quote(node.condition)}”是{said.zh}，不是条件，也不是第几项。",
                f"“{inference.quote(node.condition)}” in square brackets is a {said.en}, neither a condition nor a position.",
            ),
            Text("写成条件，例如 [result = \"met\"]。", "Write a condition, such as [result = \"met\"]."),
        )  # fmt: skip
    if condition.kinds == {ValueKind.NUMBER}:
        return item
    return list_of(item) if condition.kinds == {ValueKind.BOOLEAN} else UNKNOWN


def _call(inference: _Inference, node: nodes.Call) -> StaticType:
    name = node.function.name if isinstance(node.function, nodes.Name) else ""
    if not name or inference.is_local(name):
        for part in (node.function, *node.arguments):
            inference.infer(part)
        return UNKNOWN
    arguments = _arguments(inference, name, node)
    if name == "get value" and len(arguments) == 2 and isinstance(node.arguments[1], nodes.Literal):
        return (
            arguments[0].entry(str(node.arguments[1].value)) if arguments[0].kinds == {ValueKind.CONTEXT} else UNKNOWN
        )
    if name in _PERIODS and node.arguments and not node.names:
        _judge_length(inference, name, node.arguments[0])
        _judge_unit(inference, name, node.arguments[0], arguments[0].unit)
    if name in _WRITTEN_AS and not node.names:
        _judge_written(inference, name, node)
    ways = signatures_of(name)
    if not ways or node.names or name not in inference.functions:
        return UNKNOWN
    ways = tuple(way for way in ways if way.accepts(len(arguments), alone=len(ways) == 1))
    fitting = [way for way in ways if all((p := way.parameter(n)) and p.takes(a) for n, a in enumerate(arguments))]
    if ways and not fitting:
        _tell_argument(inference, name, node, arguments, ways[0])
    elif name in _SEARCHES and len(arguments) == 2:
        _judge_search(inference, node, arguments)
    elif name in ("max", "min"):
        _judge_extreme(inference, node, arguments)
    return join_types(way.result_of(arguments) for way in fitting or ways) if ways else UNKNOWN


_WRITTEN_AS = {
    "date": '"2026-03-31"', "time": '"17:30:00"', "date and time": '"2026-03-31T17:30:00"', "duration": '"P10D"', "number": '"12.5"',
}  # fmt: skip
"""What the functions read that make values of texts."""


def _judge_written(inference: _Inference, name: str, node: nodes.Call) -> None:
    """Tell a written value that there is none of: the 30th of February."""
    written = [part.value for part in node.arguments if isinstance(part, nodes.Literal) and part.value is not None]
    if not written or len(written) != len(node.arguments) or name not in inference.functions:
        return
    if Compiler(inference.functions).code(node)(Scope({}, None, Meter(None))) is None and _takes(name, written):
        inference.tell(
            "argument_type", node,
            Text(f"“{inference.quote(node)}”读不出值，总是空值。", f"“{inference.quote(node)}” can be read as nothing: it is always null."),
            Text(f"检查写法，例如 {name}({_WRITTEN_AS[name]})。", f"Check what is written, such as {name}({_WRITTEN_AS[name]})."),
        )  # fmt: skip


def _takes(name: str, values: Sequence[object]) -> bool:
    kinds = [of_kind(kind_of(value)) for value in values]
    ways = [way for way in signatures_of(name) if way.accepts(len(kinds), alone=len(signatures_of(name)) == 1)]
    return any(all((p := way.parameter(n)) and p.takes(kind) for n, kind in enumerate(kinds)) for way in ways)


_PERIODS = {
    "workdays": Text("工作日", "working days"), "caldays": Text("日", "calendar days"), "months": Text("月", "months"),
    "years": Text("年", "years"), "workdays before": Text("工作日", "working days"), "caldays before": Text("日", "calendar days"),
}  # fmt: skip
"""What the functions of statutory time count."""


def _judge_unit(inference: _Inference, name: str, length: nodes.Node, unit: Text | None) -> None:
    """Tell a period of so many years, say, that is counted in days."""
    if unit is None or unit == _PERIODS[name]:
        return
    fitting = next((function for function, counted in _PERIODS.items() if counted == unit), "")
    inference.tell(
        "argument_type", length,
        Text(f"函数“{name}”数的是{_PERIODS[name].zh}，“{inference.quote(length)}”的单位是{unit.zh}。",
             f"“{name}” counts {_PERIODS[name].en}, but “{inference.quote(length)}” is in {unit.en}."),
        Text(f"写 {fitting}({inference.quote(length)})，或者换一个参数。", f"Write {fitting}({inference.quote(length)}), or take another setting.")
        if fitting
        else Text(f"换一个单位是{_PERIODS[name].zh}的参数。", f"Take a setting in {_PERIODS[name].en}."),
    )  # fmt: skip


def _judge_length(inference: _Inference, name: str, length: nodes.Node) -> None:
    """Tell a period of a written length that is no whole number of one or more."""
    number = length.operand if isinstance(length, nodes.Negation) else length
    if not isinstance(number, nodes.Literal) or not isinstance(number.value, Decimal):
        return
    if number is not length or number.value < 1 or number.value % 1:
        inference.tell(
            "argument_type", length,
            Text(f"函数“{name}”从1起数整数，写的是“{inference.quote(length)}”，结果总是空值。",
                 f"“{name}” counts whole numbers from 1, but “{inference.quote(length)}” is written: it always gives null."),
            Text("写1以上的整数；往回数的写 workdays before、caldays before。",
                 "Write a whole number of 1 or more; to count back, workdays before and caldays before."),
        )  # fmt: skip


_SEARCHES = frozenset({"list contains", "index of"})


def _judge_search(inference: _Inference, node: nodes.Call, arguments: Sequence[StaticType]) -> None:
    """Tell a text that is looked for among options that it cannot be; of a written list, each of its texts."""
    source, match = node.arguments
    if isinstance(source, nodes.ListLiteral) and isinstance(match, nodes.Literal):
        return  # both are written: nothing is offered
    rows = source.elements if isinstance(source, nodes.ListLiteral) else ()
    for part in rows:
        inference.judge_options(part, inference.infer(part), arguments[1])
    if not rows and arguments[0].kinds == {ValueKind.LIST}:
        inference.judge_options(match, arguments[1], arguments[0].element or UNKNOWN)


def _judge_extreme(inference: _Inference, node: nodes.Call, arguments: Sequence[StaticType]) -> None:
    """Tell values of which none is greater: a date and a date with time."""
    parts = node.arguments
    if len(parts) == 1 and isinstance(parts[0], nodes.ListLiteral):
        parts = parts[0].elements
        arguments = [inference.infer(part) for part in parts]
    for part, kind in zip(parts[1:], arguments[1:], strict=True):
        inference.compare("<", part, (parts[0], arguments[0]), (part, kind))


def _arguments(inference: _Inference, name: str, node: nodes.Call) -> list[StaticType]:
    """Infer the arguments; the function that sorts a list is given its items."""
    if name == "sort" and len(node.arguments) == 2 and isinstance(node.arguments[1], nodes.FunctionLiteral):
        rows = inference.infer(node.arguments[0])
        item = (rows.element or UNKNOWN) if rows.kinds == {ValueKind.LIST} else UNKNOWN
        precedes = node.arguments[1]
        with inference.within(dict.fromkeys(precedes.parameters, item)):
            inference.require_boolean(precedes.body, "排序的条件", "the condition to sort by")
        return [rows, of_kind(ValueKind.FUNCTION)]
    return [inference.infer(argument) for argument in node.arguments]


def _tell_argument(
    inference: _Inference, name: str, node: nodes.Call, arguments: Sequence[StaticType], way: Signature
) -> None:
    for place, argument in enumerate(arguments):
        parameter = way.parameter(place)
        if parameter is None or parameter.takes(argument):
            continue
        items = parameter.has_items and argument.kinds == {ValueKind.LIST}
        held = (argument.element or UNKNOWN) if items else argument
        said = held.words()
        wanted = of_kind(*parameter.kinds)
        quoted = inference.quote(node.arguments[place])
        zh, en = ("的各项", "the items of ") if items else ("", "")
        inference.tell(
            "argument_type", node.arguments[place],
            Text(
                f"函数“{name}”要{wanted.words().zh}，“{quoted}”{zh}是{said.zh}。",
                f"“{name}” takes a {wanted.words().en}; {en}“{quoted}” is a {said.en}.",
            ),
            conversion(quoted, held, wanted) or Text(f"改为{wanted.words().zh}。", f"Write a {wanted.words().en}."),
        )  # fmt: skip
        return


def _chain(inference: _Inference, node: nodes.Chain) -> StaticType:
    kind, shown = inference.infer(node.first), inference.quote(node.first)
    for sign, operand in node.rest:
        other = inference.infer(operand)
        kinds = _calculated(sign, kind, other)
        if kinds is not None and not kinds:
            _tell_calculation(inference, node, sign, (shown, kind), (inference.quote(operand), other))
        kind = of_kind(*kinds) if kinds else UNKNOWN
        shown = inference.text[node.span[0] : operand.span[1]].strip()
    return kind


def _calculated(sign: str, left: StaticType, right: StaticType) -> frozenset[ValueKind] | None:
    """Return what an operator makes of two types; None where that is not known."""
    if left.is_null or right.is_null or not (left.is_known or right.is_known):
        return None
    lefts, rights = left.kinds or frozenset(ValueKind), right.kinds or frozenset(ValueKind)
    return frozenset(kind for one in lefts for other in rights if (kind := result_kinds(sign).get((one, other))))


def _tell_calculation(
    inference: _Inference, node: nodes.Node, sign: str, left: tuple[str, StaticType], right: tuple[str, StaticType]
) -> None:
    said = [(text, kind, kind.words()) for text, kind in (left, right) if kind.is_known]
    remedy = Text("检查写法。", "Check what is written.")
    for text, kind, _ in said:
        reader = _READERS.get(kind.writes) if kind.writes else None
        if reader:
            remedy = Text(f"写 {reader}({text})。", f"Write {reader}({text}).")
        elif kind.kinds == {ValueKind.DATE} and len(said) == 2:
            remedy = Text(
                '加减几天写 duration("P3D")，期限写 workdays(3)。',
                'Add days as duration("P3D"), a period as workdays(3).',
            )
            break
        elif sign == "+" and kind.kinds == {ValueKind.NUMBER}:
            remedy = Text(f"接在文字后面的写 string({text})。", f"To join it to a text, write string({text}).")
    zh = "，".join(f"“{text}”是{words.zh}" for text, _, words in said)
    en = " and ".join(f"“{text}” is a {words.en}" for text, _, words in said)
    inference.tell(
        "operand_type", node,
        Text(f"{zh}，“{sign}”不能这样用，结果总是空值。", f"{en}: “{sign}” is not defined for that and always gives null."), remedy,
    )  # fmt: skip


def _negation(inference: _Inference, node: nodes.Negation) -> StaticType:
    kind = inference.infer(node.operand)
    if not kind.may_be(ValueKind.NUMBER, ValueKind.DAYS, ValueKind.MONTHS, ValueKind.NULL):
        _tell_calculation(inference, node, "-", (inference.quote(node.operand), kind), ("", UNKNOWN))
    return of_kind(*kind.kinds)


def _comparison(inference: _Inference, node: nodes.CompareNode) -> StaticType:
    left, right = inference.infer(node.left), inference.infer(node.right)
    inference.compare(node.sign, node, (node.left, left), (node.right, right))
    return BOOLEAN


def _between(inference: _Inference, node: nodes.Between) -> StaticType:
    value = inference.infer(node.value)
    for bound in (node.low, node.high):
        inference.compare("<", node, (node.value, value), (bound, inference.infer(bound)))
    return BOOLEAN


def _in(inference: _Inference, node: nodes.In) -> StaticType:
    value = inference.infer(node.value)
    inference.judge_tests(value, inference.quote(node.value), node.tests)
    return BOOLEAN


def _logic(inference: _Inference, node: nodes.Logic) -> StaticType:
    for operand in node.operands:
        inference.require_boolean(
            operand,
            "“或者”的一边" if node.settles else "“并且”的一边",
            "one side of “or”" if node.settles else "one side of “and”",
        )
    return BOOLEAN


def _if(inference: _Inference, node: nodes.If) -> StaticType:
    inference.require_boolean(node.condition, "if 的条件", "the condition of if")
    return join_types((inference.infer(node.then), inference.infer(node.otherwise)))


def _iterated(inference: _Inference, iterators: tuple[nodes.Iterator, ...]) -> dict[str, StaticType]:
    names: dict[str, StaticType] = {}
    for iterator in iterators:
        with inference.within(dict(names)):
            source = inference.infer(iterator.source)
            if iterator.end is not None:
                inference.infer(iterator.end)
        names[iterator.name] = source if iterator.end is not None else _item(inference, iterator, source)
    return names


def _item(inference: _Inference, iterator: nodes.Iterator, source: StaticType) -> StaticType:
    if source.is_known and source.kinds <= _SCALARS:
        said, quoted = source.words(), inference.quote(iterator.source)
        inference.tell(
            "not_a_list", iterator.source,
            Text(f"“{quoted}”是{said.zh}，不是名单，不能逐一来数。", f"“{quoted}” is a {said.en} and no list to go through."),
            Text("写一份名单。", "Write a list."),
        )  # fmt: skip
    if source.kinds == {ValueKind.LIST} or source.kinds == {ValueKind.RANGE}:
        return source.element or UNKNOWN
    return UNKNOWN


def _for(inference: _Inference, node: nodes.For) -> StaticType:
    names = _iterated(inference, node.iterators)
    with inference.within(names | {"partial": list_of(UNKNOWN)}):
        return list_of(inference.infer(node.body))


def _quantified(inference: _Inference, node: nodes.Quantified) -> StaticType:
    with inference.within(_iterated(inference, node.iterators)):
        inference.require_boolean(node.condition, "satisfies 后面的", "what follows satisfies,")
    return BOOLEAN


def _function_literal(inference: _Inference, node: nodes.FunctionLiteral) -> StaticType:
    types = {name: declared_type(kind, is_kept=False) for name, kind in zip(node.parameters, node.types, strict=True)}
    with inference.within(types):
        inference.infer(node.body)
    return of_kind(ValueKind.FUNCTION)


def _context(inference: _Inference, node: nodes.ContextLiteral) -> StaticType:
    entries: dict[str, StaticType] = {}
    for name, value in node.entries:
        with inference.within(dict(entries)):
            entries[name] = inference.infer(value)
    return context_of(entries, is_closed=True)


def _list(inference: _Inference, node: nodes.ListLiteral) -> StaticType:
    return list_of(join_types([inference.infer(element) for element in node.elements]))


def _range(inference: _Inference, node: nodes.RangeLiteral) -> StaticType:
    ends = [(end, inference.infer(end)) for end in (node.start, node.end) if end is not None]
    if len(ends) == 2 and node.operator is None and not any(kind.is_null for _, kind in ends):
        inference.compare("<", node, *ends)
    return of_kind(ValueKind.RANGE, element=join_types(kind for _, kind in ends))


def _instance_of(inference: _Inference, node: nodes.InstanceOf) -> StaticType:
    inference.infer(node.value)
    return BOOLEAN


_INFER = cast(
    "dict[type[nodes.Node], Callable[[_Inference, nodes.Node], StaticType]]",
    {
        nodes.Literal: _literal,
        nodes.Name: _name,
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
