"""Infer types of expressions and find what can only be null or never be meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import cast

from service.domain.feel import nodes
from service.domain.feel.arithmetic import result_kinds
from service.domain.feel.compare import ORDERED, compare_order
from service.domain.feel.folding import UNDECIDED, Folding, Terms
from service.domain.feel.functions import FunctionSet, find_parameter_positions
from service.domain.feel.kind_words import KIND_WORDS
from service.domain.feel.properties import PROPERTY_NAMES, SPANS, kinds_of_property
from service.domain.feel.reader import walk_nodes
from service.domain.feel.signatures import DAY_KINDS, Signature, signatures_of
from service.domain.feel.spans import Span, calculate_span, judge_comparison
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
    """The type of an expression, what is wrong in it, and what it always comes to where that is true or false.

    ``asked`` are the names that it reads with the types on which that rests, None where the scope does not have one.
    """

    type: StaticType
    faults: tuple[TypeFault, ...]
    truth: bool | None = None
    asked: Mapping[str, StaticType | None] = field(default_factory=dict)

    def holds_in(self, scope: TypeScope) -> bool:
        """Return whether it would come out the same in another scope."""
        return all(scope.get(name) == kind for name, kind in self.asked.items())


def infer_expression(text: str, node: nodes.Node, functions: FunctionSet, scope: TypeScope) -> Inferred:
    """Infer the type of a parsed expression whose names have the types of ``scope``."""
    inference = _Inference(text, functions, scope)
    kind, value = inference.infer(node), inference.folding.compute(node)
    truth = value if isinstance(value, bool) and not inference.faults else None
    return Inferred(kind, tuple(inference.faults), truth, inference.asked)


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
        self.folding = Folding(text, functions)
        self.asked: dict[str, StaticType | None] = {}
        self._scope = scope
        self._layers: list[_Layer] = []

    def infer(self, node: nodes.Node) -> StaticType:
        """Return the type of a part; what is wrong in it is kept."""
        kind = _INFER[type(node)](self, node)
        if isinstance(node, _PLAIN) or (value := self.folding.compute(node)) is UNDECIDED:
            return kind
        if value is None:
            self.tell_null(node)
            return UNKNOWN
        return _of_value(kind, value)

    def is_told(self, node: nodes.Node) -> bool:
        """Say whether something is wrong in a part."""
        return any(node.span[0] <= fault.span[0] and fault.span[1] <= node.span[1] for fault in self.faults)

    def tell_null(self, node: nodes.Node) -> None:
        """Tell a part that is always null, unless null is written in it or what makes it so is told."""
        if self.is_told(node) or any(
            isinstance(part, nodes.Literal) and part.value is None for part in walk_nodes(node)
        ):
            return
        name = node.function.name if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) else ""
        example = f"{name}({_WRITTEN_AS[name]})" if name in _WRITTEN_AS else ""
        self.tell(
            "always_null", node,
            Text(f"“{self.quote(node)}”算不出值，总是空值。", f"“{self.quote(node)}” has no result: it is always null."),
            Text(f"检查写法，例如 {example}。", f"Check what is written, such as {example}.") if example
            else Text("核对括号和转义；不能用反向引用、前后查看，重复不超过一千次。",
                      "Look at its brackets and escapes; there are no back-references, no looking ahead, and a thousand repeats at most.")
            if name in _PATTERNS
            else Text("名单从第 1 项数起，不能除以 0，参数要在函数允许的范围内。",
                      "Lists are counted from 1, nothing is divided by 0, and arguments are such as the function takes."),
        )  # fmt: skip

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
        if name not in self.asked:
            self.asked[name] = self._scope.get(name)
        kind = self.asked[name]
        if kind is not None:
            return kind
        return of_kind(ValueKind.FUNCTION) if name in self.functions else UNKNOWN

    def is_local(self, name: str) -> bool:
        """Say whether the expression itself gives a name."""
        return any(name in layer.names for layer in self._layers)

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
            words = kind.words()
            self.tell(
                "not_boolean", node,
                Text(f"{zh}“{self.quote(node)}”是{words.zh}，不是“是或否”。", f"{en} “{self.quote(node)}” is a {words.en}, not true or false."),
                Text("写成条件，例如“… = …”。", "Write a condition, such as “… = …”."),
            )  # fmt: skip
        value = self.folding.compute(node)
        if isinstance(value, bool) and not self.is_told(node):
            self.tell_foregone(node, self.quote(node), is_met=value)

    def judge_foregone(
        self, node: nodes.Node, condition: nodes.Node, terms: Terms, kinds: Sequence[StaticType]
    ) -> None:
        """Tell a condition that comes to the same whatever the ``terms`` in it, of types ``kinds``, are."""
        verdict = None if self.is_told(node) else self.folding.judge(condition, terms, kinds)
        if verdict is not None:
            parts = condition.operands if isinstance(condition, nodes.Logic) else (node,)
            self.tell_foregone(node, "”“".join(map(self.quote, parts)), is_met=verdict)

    def tell_foregone(self, node: nodes.Node, quoted: str, *, is_met: bool) -> None:
        """Tell what always or never holds."""
        self.tell(
            "threshold_always" if is_met else "threshold_never", node,
            Text(f"“{quoted}”不论数据如何，总是{'成立' if is_met else '不成立'}。", f"“{quoted}” {'always' if is_met else 'never'} holds, whatever the data."),
            Text("检查条件和“并且、或者”；不需要条件的删去。", "Check the conditions and “and”, “or”; drop one that is not needed."),
        )  # fmt: skip

    def compare(
        self, sign: str, node: nodes.Node, left: tuple[nodes.Node, StaticType], right: tuple[nodes.Node, StaticType]
    ) -> None:
        """Tell a comparison that never comes to true or false, or always to the same."""
        (first_node, first), (other, second) = left, right
        if sign not in ("=", "!=") and (first.is_null or second.is_null):
            null = first_node if first.is_null else other
            self.tell(
                "types_differ", node,
                Text(f"“{self.quote(null)}”总是空值，不能比较大小。", f"“{self.quote(null)}” is always null and has no order."),
                Text("问有没有值写“= null”或者“!= null”。", "To ask whether there is a value, write “= null” or “!= null”."),
            )  # fmt: skip
        elif not may_compare(sign, first, second):
            self.tell_difference(node, self.quote(first_node), first, self.quote(other), second)
        else:
            self._judge_written_day(node, first, second)
            for (box, kind), against in (((first_node, first), other), ((other, second), first_node)):
                if sign in ("=", "!=") and self.folding.compute(against) is False:
                    self.judge_box(node, self.quote(box), kind)
            if sign in ("=", "!="):
                self.judge_options(node, first, second)
            else:
                self._judge_order_of_digits(node, first, second)
                self._judge_shares(node, first_node, other)

    def _judge_shares(self, node: nodes.Node, *sides: nodes.Node) -> None:
        """Tell a share that has no end as a decimal and is multiplied before it is compared: 1/3 of 3 is a little less than 1."""
        quotient = next(filter(None, map(_find_endless_factor, sides)), None)
        if quotient is not None:
            part, whole = quotient
            self.tell(
                "operand_type", node,
                Text(f"{part}/{whole} 除不尽，只算到 34 位，再乘以别的数来比大小，正好相等时会算错。",
                     f"{part}/{whole} has no end: cut at 34 digits and multiplied, it comes out wrong just where both are equal."),
                Text(f"先乘后除：写成“数 * {part} / {whole}”。", f"Multiply first: write “number * {part} / {whole}”."),
            )  # fmt: skip

    def _judge_written_day(self, node: nodes.Node, first: StaticType, second: StaticType) -> None:
        """Tell a text that is compared with one that writes a day, and writes none itself: 2026-3-1 sorts anywhere."""
        kind, options = (first.writes, second.options) if first.writes else (second.writes, first.options)
        if kind is None:
            return
        for word in sorted(options or ()):
            if word and not _can_write(word, kind):
                written = KIND_WORDS[kind]
                self.tell(
                    "types_differ", node,
                    Text(f"“{word}”不是写好的{written.zh}，同写着{written.zh}的文字比不出先后。",
                         f"“{word}” writes no {written.en}: compared with texts that do, it comes out at random."),
                    Text(f"写成 {_EXAMPLES[kind]} 的样子。", f"Write it like {_EXAMPLES[kind]}."),
                )  # fmt: skip

    def _judge_order_of_digits(self, node: nodes.Node, *sides: StaticType) -> None:
        """Tell a number written as a text whose order is asked for: of texts, 9 is greater than 10."""
        words = [word for side in sides if side.kinds == _TEXTS for word in side.options or ()]
        word = next((word for word in sorted(words) if re.fullmatch(r"-?\d+(\.\d+)?", word, re.ASCII)), None)
        if word is not None:
            self.tell(
                "types_differ", node,
                Text(f"“{word}”是文字，文字逐字比大小：“9”比“10”大。", f"“{word}” is a text, and of texts “9” is greater than “10”."),
                Text(f"比较数字：number(…) 和不加引号的 {word}。", f"Compare numbers: number(…) and {word} without quotes."),
            )  # fmt: skip

    def judge_numbers(
        self, sign: str, node: nodes.Node, left: tuple[str, StaticType], right: tuple[str, StaticType]
    ) -> None:
        """Tell numbers of which one counts years and the other days, and a threshold that is never or always met."""
        (first_text, first), (other, second) = left, right
        if first.kinds != _NUMBERS or second.kinds != _NUMBERS:
            return
        for kind, number in ((first, second.span), (second, first.span)):
            is_single = number is not None and number.least == number.most and not number.is_setting
            if sign in ("=", "!=") and number is not None and is_single and kind.image and not kind.image(number.least):
                self.tell_unmade(node, f"{number.least:f}")
                return
        if first.unit is not None and second.unit is not None and first.unit != second.unit:
            self.tell(
                "unit_differs", node,
                Text(f"“{first_text}”的单位是{first.unit.zh}，“{other}”的单位是{second.unit.zh}。",
                     f"“{first_text}” is in {first.unit.en}, but “{other}” in {second.unit.en}."),
                Text("换算成同一个单位再比较。", "Bring both to one unit before they are compared."),
            )  # fmt: skip
        elif first.span is not None and second.span is not None:
            verdict = judge_comparison(sign, first.span, second.span)
            if verdict is not None:
                self._tell_verdict(node, (first_text, first.span), (other, second.span), is_met=verdict)

    def _tell_verdict(self, node: nodes.Node, left: tuple[str, Span], right: tuple[str, Span], *, is_met: bool) -> None:
        parts = [
            (text, *span.words()) for text, span in (left, right) if not text.lstrip("-").replace(".", "").isdigit()
        ]
        zh = "，".join(f"“{text}”{bounds}" for text, bounds, _ in parts)
        en = ", ".join(f"“{text}” {bounds}" for text, _, bounds in parts)
        quoted = self.quote(node)
        self.tell(
            "threshold_always" if is_met else "threshold_never", node,
            Text(f"{zh}，“{quoted}”总是{'成立' if is_met else '不成立'}。", f"{en}: “{quoted}” {'always' if is_met else 'never'} holds."),
            Text("改写要比的数，或者改声明的最小值和最大值；比例写成 0.6 的样子。",
                 "Change the number, or the least and most that are declared; write a share like 0.6."),
        )  # fmt: skip

    def tell_difference(
        self, node: nodes.Node, first_text: str, first: StaticType, other: str, second: StaticType
    ) -> None:
        """Tell that two parts are of types between which nothing is equal, greater or less."""
        first_words, second_words = first.words(), second.words()
        self.tell(
            "types_differ", node,
            Text(
                f"“{first_text}”是{first_words.zh}，“{other}”是{second_words.zh}，两者比较总是得空值。",
                f"“{first_text}” is a {first_words.en} and “{other}” a {second_words.en}: to compare them always gives null.",
            ),
            suggest_conversion(first_text, first, second) or suggest_conversion(other, second, first) or Text("比较同一种值。", "Compare values of one kind."),
        )  # fmt: skip

    def judge_options(self, node: nodes.Node, first: StaticType, second: StaticType) -> None:
        """Tell a text that is none of those that the other side may be, or makes."""
        for kind, other in ((first, second), (second, first)):
            words = sorted(other.options or ()) if kind.options is None else ()
            if words and not any(kind.may_hold(word) and not _has_outer_blank(word) for word in words):
                self.tell_unmade(node, words[0])
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

    def tell_unmade(self, node: nodes.Node, value: object) -> None:
        """Tell a value that what it is compared with never comes to: lower case(…) is never "A"."""
        self.tell(
            "threshold_never", node,
            Text(f"“{self.quote(node)}”：“{value}”不是算得出的值，这个比较总是同一个结果。",
                 f"“{self.quote(node)}”: “{value}” never comes out, so that the comparison is always the same."),
            Text("改写要比的值：大小写、字数、前后的空格、取整后的数。", "Change the value: its case, its length, outer blanks, a rounded number."),
        )  # fmt: skip

    def _judge_dash(self, node: nodes.ListLiteral) -> None:
        """Tell a list whose only item is a difference of two written numbers: [3-9] was meant to be a range."""
        difference = node.elements[0] if len(node.elements) == 1 else None
        if not isinstance(difference, nodes.Chain) or [sign for sign, _ in difference.rest] != ["-"]:
            return
        low, high = difference.first, difference.rest[0][1]
        if isinstance(low, nodes.Literal) and isinstance(high, nodes.Literal):
            quoted = self.quote(node)
            self.tell(
                "threshold_never", node,
                Text(f"“{quoted}”不是区间，是只有一个数的名单：两数之差。", f"“{quoted}” is no range but a list of one number, the difference."),
                Text(f"区间写作 [{low.value}..{high.value}]。", f"A range is written [{low.value}..{high.value}]."),
            )  # fmt: skip

    def judge_box(self, node: nodes.Node, called: str, kind: StaticType) -> None:
        """Tell a box that is asked whether it was left alone: that is false on a page, and null elsewhere."""
        if kind.is_box:
            self.tell(
                "box_unticked", node,
                Text(f"“{self.quote(node)}”：选框“{called}”不勾选时，网页上算“否”，情景、接口和电子表格中没有值，结果不一样。",
                     f"“{self.quote(node)}”: the box “{called}” left alone is false on the page and null in scenarios, the "
                     "interface and spreadsheets, so that this comes out differently."),
                Text(f"给选框写 unticked: \"false\"（不勾选时算“否”），或者写 {called} != true。",
                     f"Give the box unticked: \"false\" (left alone it says no), or write {called} != true."),
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
            truth = self.folding.compute(test.expression)
            if truth is False:
                self.judge_box(test.expression, called, value)
            if isinstance(truth, bool) and not value.may_be(ValueKind.BOOLEAN):
                self._tell_truth(test.expression, called, value, is_met=truth)
                continue
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
                self._judge_dash(test.expression)
            else:
                self._judge_written_day(test.expression, value, expected)
                self.judge_options(test.expression, expected, value)
                if not tests.negated:
                    self.judge_numbers("=", test.expression, (called, value), (self.quote(test.expression), expected))
        tested = nodes.In(nodes.Name("?"), tests)
        has_several = len(tests.tests) > 1 or any(
            isinstance(test.expression, nodes.RangeLiteral) for test in tests.tests
        )
        if has_several and (terms := self.folding.terms(tested)):
            limits = [self.infer(parts[0]) for parts in list(terms.values())[1:]]
            self.judge_foregone(tests, tested, terms, [value, *limits])

    def _tell_truth(self, node: nodes.Node, called: str, value: StaticType, *, is_met: bool) -> None:
        quoted, words = self.quote(node), value.words()
        self.tell(
            "types_differ", node,
            Text(f"“{called}”是{words.zh}，“{quoted}”不是同它比较，而是{'总是符合' if is_met else '总不符合'}。",
                 f"“{called}” is a {words.en}: “{quoted}” is not compared with it but {'always' if is_met else 'never'} matches."),
            Text("什么值都行的写“-”；是文字的加引号。", "Write “-” for any value; put a text in quotes."),
        )  # fmt: skip

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
        suggestion = f"[{numbers[0]}..{numbers[1]}]" if len(numbers) == 2 else f'date("{quoted}")'
        self.tell(
            "operand_type", node,
            Text(f"“{quoted}”是减法，不是区间或者日期。", f"“{quoted}” is a subtraction, no range or day."),
            Text(f"写 {suggestion}。", f"Write {suggestion}."),
        )  # fmt: skip

    def _judge_range(self, value: StaticType, called: str, node: nodes.Node, limits: StaticType) -> None:
        bound = limits.element or UNKNOWN
        operator = node.operator if isinstance(node, nodes.RangeLiteral) else None
        if not may_compare("=" if operator in ("=", "!=") else "<", value, bound) and not bound.is_null:
            self.tell_difference(node, called, value, self.quote(node), bound)
        elif bound.kinds == _TEXTS:
            self._judge_written_day(node, value, bound)
            self._judge_order_of_digits(node, bound)
        elif isinstance(node, nodes.RangeLiteral):
            self._judge_limits(value, called, node)

    def _judge_limits(self, value: StaticType, called: str, node: nodes.RangeLiteral) -> None:
        """Tell a range in which no number of the column can lie, and one limit that is always or never met."""
        self._judge_shares(node, *(bound for bound in (node.start, node.end) if bound is not None))
        if node.operator is not None:
            bound = node.start or node.end
            if bound is not None:
                self.judge_numbers(node.operator, node, (called, value), (self.quote(bound), self.infer(bound)))
            return
        for sign, bound in (
            (">=" if node.start_included else ">", node.start),
            ("<=" if node.end_included else "<", node.end),
        ):
            limit = self.infer(bound) if bound is not None else UNKNOWN
            verdict = judge_comparison(sign, value.span or _ANY, limit.span or _ANY)
            if bound is not None and verdict is not True:  # the other limit may bite
                self.judge_numbers(sign, node, (called, value), (self.quote(bound), limit))


@dataclass(frozen=True, slots=True)
class _Layer:
    """Names of one part, which ``may_have_others`` where it filters rows that are not known."""

    names: TypeScope
    may_have_others: bool = False


def may_compare(sign: str, left: StaticType, right: StaticType) -> bool:
    """Say whether some value of one type compares with some value of another."""
    if not left.is_determined or not right.is_determined or left.is_null or right.is_null:
        return True
    both = left.kinds & right.kinds
    return bool(both if sign in ("=", "!=") else both & ORDERED)


def suggest_conversion(text: str, kind: StaticType, wanted: StaticType) -> Text | None:
    """Return how to write a text so that it is of the kind that is wanted."""
    if kind.kinds <= _DURATIONS and wanted.kinds <= _DURATIONS:
        return Text(
            '几年几月的时长不同天数比：写 years and months duration(起, 止)，或者写 起 + duration("P3Y") <= 止。',
            'Years and months do not compare with days: write years and months duration(from, to), or from + duration("P3Y") <= to.',
        )
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
    if kind.options and wanted.kinds == _NUMBERS and not all(map(_DIGITS.fullmatch, kind.options)):
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


_BARE_DAY = re.compile(r"\d{4}-\d\d?-\d\d?", re.ASCII)
_EXAMPLES: Mapping[ValueKind, str] = {
    ValueKind.DATE: "2026-03-31", ValueKind.TIME: "09:30:00", ValueKind.DATE_TIME: "2026-03-31T09:30:00",
    ValueKind.DAYS: "P10D", ValueKind.MONTHS: "P3Y",
}  # fmt: skip
_PLAIN = (nodes.Literal, nodes.Name, nodes.ListLiteral, nodes.ContextLiteral, nodes.RangeLiteral, nodes.FunctionLiteral)
"""Parts that are what they are made of."""
_NUMBERS = frozenset({ValueKind.NUMBER})
_TEXTS = frozenset({ValueKind.STRING})
_ANY = Span()


def _find_endless_factor(node: nodes.Node) -> tuple[str, str] | None:
    """Return dividend and divisor of a constant quotient without end that is a factor of a part; None where there is none."""
    if not isinstance(node, nodes.Chain):
        return None
    written, times = node.first, [operand for sign, operand in node.rest if sign == "*"]
    if len(node.rest) > 1 and node.rest[0][0] == "/" and times:
        written = nodes.Chain(node.first, node.rest[:1], span=node.span)
    for factor in (written, *times) if times else ():
        if isinstance(factor, nodes.Chain) and [sign for sign, _ in factor.rest] == ["/"]:
            part, whole = factor.first, factor.rest[0][1]
            if (
                isinstance(part, nodes.Literal)
                and isinstance(whole, nodes.Literal)
                and _is_endless(part.value, whole.value)
            ):
                return f"{part.value:f}", f"{whole.value:f}"
    return next(filter(None, map(_find_endless_factor, (node.first, *(operand for _, operand in node.rest)))), None)


def _judge_digits(inference: _Inference, node: nodes.Call) -> None:
    """Tell a quotient made a text that need not end as a decimal: the text has its 34 digits."""
    part = node.arguments[0]
    if not isinstance(part, nodes.Chain) or "/" not in (sign for sign, _ in part.rest):
        return
    divisors = [operand for sign, operand in part.rest if sign == "/"]
    if any(not isinstance(d, nodes.Literal) or _is_endless(Decimal(1), d.value) for d in divisors):
        inference.tell(
            "argument_type", node,
            Text(f"“{inference.quote(part)}”可能除不尽，转成文字会有 34 位小数。",
                 f"“{inference.quote(part)}” may have no end: as a text it has 34 digits."),
            Text("在文书里直接写数，不用 string；或者先取整，例如 round half up(…, 2)。",
                 "In a letter write the number itself, without string; or round it first: round half up(…, 2)."),
        )  # fmt: skip


def _is_endless(part: object, whole: object) -> bool:
    if not isinstance(part, Decimal) or not isinstance(whole, Decimal) or not whole:
        return False
    rest = (Fraction(part) / Fraction(whole)).denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest != 1


def _has_outer_blank(word: str) -> bool:
    # what people type and choose is kept without
    return bool(word.strip()) and word != word.strip()


def _can_write(word: str, kind: ValueKind) -> bool:
    value = parse_duration(word) if kind in _DURATIONS else parse_any(word)
    return value is not None and (kind_of(value) is kind or kind is ValueKind.DATE_TIME)


def _of_value(kind: StaticType, value: object) -> StaticType:
    """Return the type of a part whose value is known beforehand."""
    if isinstance(value, str):
        return text_of_options([value])
    return replace(kind, span=Span(value, value, is_chosen=True)) if isinstance(value, Decimal) else kind


_QUOTED, _DIGITS = re.compile(r'"([^"]*)"'), re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_SIGNED, _LIMITS = re.compile(r"([<>]=?\s*)(.*)"), re.compile(r"([\[\](])(.*?)\.\.(.*)([\[\])])")
_READERS = {
    ValueKind.DATE: "date", ValueKind.DATE_TIME: "date and time", ValueKind.TIME: "time", ValueKind.NUMBER: "number",
    ValueKind.DAYS: "duration", ValueKind.MONTHS: "duration",
}  # fmt: skip
_DAY_PARTS = frozenset(
    {"year", "month", "day", "weekday", "day of week", "month of year", "day of year", "week of year"}
)
_CLOCK_PARTS = frozenset({"hour", "time"})
"""Parts of an instant, and functions that give one."""
_DURATIONS = frozenset({ValueKind.DAYS, ValueKind.MONTHS})
_ALSO = {ValueKind.DATE: (ValueKind.DATE_TIME,), ValueKind.DATE_TIME: (ValueKind.DATE,)}


def _infer_literal(_inference: _Inference, node: nodes.Literal) -> StaticType:
    value = node.value
    if value is None:
        return NULL
    return _of_value(of_kind(kind_of(value)), value)


def _infer_name(inference: _Inference, node: nodes.Name) -> StaticType:
    first, *rest = node.name.split(".") if node.name not in inference.functions else [node.name]
    kind = inference.look_up(first)
    for name in rest:
        kind = _infer_property(inference, node, kind, first, name)
    return kind


def _infer_path(inference: _Inference, node: nodes.Path) -> StaticType:
    base, before = node.base, inference.quote(node.base)
    kind = inference.look_up(base.name, has_more=True) if isinstance(base, nodes.Name) else inference.infer(base)
    _judge_instant(inference, node, base, node.names[0])
    for name in node.names:
        kind = _infer_property(inference, node, kind, before, name)
        before = f"{before}.{name}"
    return kind


def _judge_instant(inference: _Inference, node: nodes.Node, base: nodes.Node, part: str) -> None:
    """Tell a day or an hour that is read of an instant on record, which is kept in UTC."""
    text = _find_recorded_instant(inference, base) if part in (*_DAY_PARTS, *_CLOCK_PARTS) else None
    if text is not None:
        chinese = f"date({text})" if part in _DAY_PARTS else _put_in_china(text)
        written = f"{part}({chinese})" if isinstance(node, nodes.Call) else f"{chinese}.{part}"
        inference.tell(
            "instant_part", node,
            Text(f"记录的时刻是世界时，“{inference.quote(node)}”得到的不是北京时间的日期、钟点。",
                 f"Instants on record are in UTC: “{inference.quote(node)}” is not the day or hour in China."),
            Text(f"写 {written}。", f"Write {written}."),
        )  # fmt: skip


def _judge_months(inference: _Inference, node: nodes.Chain, sign: str, side: nodes.Node, amount: StaticType) -> None:
    """Tell months or years that are reckoned from an instant on record: the month in UTC may be the one before."""
    text = _find_recorded_instant(inference, side) if sign in "+-" and amount.kinds == {ValueKind.MONTHS} else None
    if text is not None:
        inference.tell(
            "instant_part", node,
            Text(f"记录的时刻是世界时，北京时间早上八点以前还是前一天：“{inference.quote(node)}”按月推算会差一到三天。",
                 f"Instants on record are in UTC, where it is the day before until eight in China: “{inference.quote(node)}” is up to three days off."),
            Text(f"要日期的写 date({text}) {sign} …；要时刻的写 {_put_in_china(text)} {sign} …。",
                 f"For a day write date({text}) {sign} …; for an instant {_put_in_china(text)} {sign} …."),
        )  # fmt: skip


def _find_recorded_instant(inference: _Inference, node: nodes.Node) -> str | None:
    """Return what an instant is read from, as it is written; None for what is none, and for one that is written itself."""
    if not (isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) and len(node.arguments) == 1):
        return None
    is_recorded = node.function.name == "date and time" and not isinstance(node.arguments[0], nodes.Literal)
    return inference.quote(node.arguments[0]) if is_recorded else None


def _put_in_china(text: str) -> str:
    return f'date and time(date and time({text}), "Asia/Shanghai")'


def _infer_property(inference: _Inference, node: nodes.Node, kind: StaticType, before: str, name: str) -> StaticType:
    if kind.kinds == {ValueKind.LIST}:
        return list_of(_infer_property(inference, node, kind.element or UNKNOWN, before, name))
    if kind.may_be(ValueKind.CONTEXT):
        if kind.kinds == {ValueKind.CONTEXT} and kind.is_closed and name not in (kind.entries or {}):
            holder = (
                Text(f"表单{kind.label.zh}", f"form {kind.label.en}")
                if kind.label
                else Text(f"“{before}”", f"“{before}”")
            )
            inference.tell(
                "undeclared_fact", node, Text(f"{holder.zh}中没有“{name}”。", f"{holder.en} has no “{name}”."), Text("", ""), name,
                sorted(kind.entries or ()),
            )  # fmt: skip
            return UNKNOWN
        return kind.entry(name) if kind.kinds == {ValueKind.CONTEXT} else UNKNOWN
    if not kind.is_determined or kind.is_null or kind.may_be(ValueKind.LIST, ValueKind.FUNCTION):
        return UNKNOWN
    kind_sets = [kinds for value_kind in kind.kinds if (kinds := kinds_of_property(value_kind, name)) is not None]
    if kind_sets:
        unit, span = _OF_PROPERTIES.get(name, (None, SPANS.get(name))) if kind.kinds & _NUMBERED else (None, None)
        return replace(join_types(StaticType(kinds) for kinds in kind_sets), unit=unit, span=span)
    words, reader = kind.words(), _READERS.get(kind.writes) if kind.writes else None
    if inference.is_local(before):
        remedy = Text(
            f"“{before}”是这个表达式自己的（先写的一项、循环变量），不是同名的变量：把其中一个改个名称。",
            f"“{before}” is the expression's own (an entry before it, a loop variable), not the variable: rename one.",
        )
    elif reader and name in PROPERTY_NAMES.get(kind.writes or ValueKind.NULL, ()):
        if name in _DAY_PARTS:
            reader = "date"
        remedy = Text(f"写 {reader}({before}).{name}。", f"Write {reader}({before}).{name}.")
    else:
        remedy = Text(
            "读一组值里的一项，或者去掉点号后面的部分。",
            "Read an entry of a group of values, or drop what follows the dot.",
        )
    inference.tell(
        "no_property", node,
        Text(f"“{before}”是{words.zh}，没有“{name}”。", f"“{before}” is a {words.en} and has no “{name}”."), remedy,
    )  # fmt: skip
    return UNKNOWN


def _infer_filter(inference: _Inference, node: nodes.Filter) -> StaticType:
    base = inference.infer(node.base)
    item = (
        (base.element or UNKNOWN)
        if base.kinds == {ValueKind.LIST}
        else UNKNOWN
        if base.may_be(ValueKind.LIST)
        else base
    )
    if base.is_determined and base.kinds <= _SCALARS:
        words = base.words()
        inference.tell(
            "filtered_result", node,
            Text(f"“{inference.quote(node.base)}”是{words.zh}，不是名单，不能筛选。", f"“{inference.quote(node.base)}” is a {words.en} and no list to filter."),
            Text("把条件写进括号：count(名单[条件])。", "Put the condition inside: count(rows[condition])."),
        )  # fmt: skip
    entries = dict(item.entries or {}) if item.kinds == {ValueKind.CONTEXT} else {}
    plain = item.is_determined and not item.may_be(ValueKind.CONTEXT)
    with inference.within({"item": item} | entries, may_have_others=not plain and not item.is_closed):
        condition = inference.infer(node.condition)
    if not condition.may_be(ValueKind.BOOLEAN, ValueKind.NUMBER, ValueKind.NULL):
        words = condition.words()
        inference.tell(
            "not_boolean", node.condition,
            Text(
                f"方括号里的“{inference.quote(node.condition)}”是{words.zh}，不是条件，也不是第几项。",
                f"“{inference.quote(node.condition)}” in square brackets is a {words.en}, neither a condition nor a position.",
            ),
            Text("写成条件，例如 [result = \"met\"]。", "Write a condition, such as [result = \"met\"]."),
        )  # fmt: skip
    if isinstance(truth := inference.folding.compute(node.condition), bool) and not inference.is_told(node.condition):
        inference.tell_foregone(node.condition, inference.quote(node.condition), is_met=truth)
    if condition.kinds == {ValueKind.NUMBER}:
        if inference.folding.is_always_null(node, ((node.base, base), (node.condition, condition))):
            inference.tell_null(node)
        return item
    return list_of(item) if condition.kinds == {ValueKind.BOOLEAN} else UNKNOWN


def _infer_call(inference: _Inference, node: nodes.Call) -> StaticType:
    name = node.function.name if isinstance(node.function, nodes.Name) else ""
    if not name or inference.is_local(name):
        for part in (node.function, *node.arguments):
            inference.infer(part)
        return UNKNOWN
    node = _in_order(inference, name, node)
    arguments = _infer_arguments(inference, name, node)
    if name == "get value" and len(arguments) == 2 and isinstance(node.arguments[1], nodes.Literal):
        return (
            arguments[0].entry(str(node.arguments[1].value)) if arguments[0].kinds == {ValueKind.CONTEXT} else UNKNOWN
        )
    if name in _PERIODS and node.arguments:
        _judge_length(inference, name, node.arguments[0])
        _judge_unit(inference, name, node.arguments[0], arguments[0].unit)
    ways = signatures_of(name)
    if not ways or node.names or name not in inference.functions:
        return UNKNOWN
    if name == "duration" and (kind := _kind_of_duration(node.arguments)) is not None:
        return of_kind(kind)
    ways = tuple(way for way in ways if way.accepts(len(arguments), alone=len(ways) == 1))
    fitting = [way for way in ways if all((p := way.parameter(n)) and p.takes(a) for n, a in enumerate(arguments))]
    if ways and not fitting:
        _tell_argument(inference, name, node, arguments, ways[0])
    elif _has_odd_items(inference, name, node, fitting):
        pass  # told
    elif name in _SEARCHES and len(arguments) == 2:
        _judge_search(inference, node, arguments)
    elif name in ("max", "min"):
        _judge_extreme(inference, node, arguments)
    elif name in ("split", "replace"):
        _judge_separator(inference, node.arguments[1])
    elif name == "string":
        _judge_digits(inference, node)
    elif len(arguments) == 1:
        _judge_instant(inference, node, node.arguments[0], name)
    if name == "not" and len(arguments) == 1:
        inference.judge_box(node, inference.quote(node.arguments[0]), arguments[0])
    if fitting:
        _judge_days(inference, fitting[0], node)
        if inference.folding.is_always_null(node, tuple(zip(node.arguments, arguments, strict=True))):
            inference.tell_null(node)
            return UNKNOWN
    made = join_types(way.result_of(arguments) for way in fitting or ways) if ways else UNKNOWN
    unit, span = _OF_FUNCTIONS.get(name, (None, None))
    if name == "count" and not (arguments and _holds_things(arguments[0].element)):
        unit = None  # it may count days
    if name == "string length" and arguments and arguments[0].most_signs is not None:
        span = Span(Decimal(0), Decimal(arguments[0].most_signs))
    made = replace(made, image=inference.folding.image(node))
    return replace(made, unit=unit, span=span) if made.kinds == _NUMBERS and (unit or span) else made


def _in_order(inference: _Inference, name: str, node: nodes.Call) -> nodes.Call:
    """Return a call whose arguments are named as one in which they stand in their places."""
    function = inference.functions.get(name) if node.names else None
    order = find_parameter_positions(function, node.names) if function is not None else None
    if order is None:
        return node
    arguments = tuple(nodes.Literal(value=None) if place < 0 else node.arguments[place] for place in order)
    return replace(node, arguments=arguments, names=())


def _has_odd_items(inference: _Inference, name: str, node: nodes.Call, ways: Sequence[Signature]) -> bool:
    """Tell an item of a written list that a function over lists does not take."""
    for way in ways:
        for place, argument in enumerate(node.arguments):
            parameter = way.parameter(place)
            for item in argument.elements if isinstance(argument, nodes.ListLiteral) else ():
                kind = inference.infer(item)
                if parameter is None or not parameter.has_items or kind.may_be(*parameter.kinds, ValueKind.NULL):
                    continue
                single = Signature((replace(parameter, has_items=False),), way.result)
                _tell_argument(inference, name, replace(node, arguments=(item,)), [kind], single)
                return True
    return False


def _kind_of_duration(arguments: Sequence[nodes.Node]) -> ValueKind | None:
    """Return which of the two kinds of durations is written, even around a setting: "P" + string(n) + "Y"."""
    part = arguments[0] if len(arguments) == 1 else None
    last = part.rest[-1][1] if isinstance(part, nodes.Chain) else part
    text = last.value if isinstance(last, nodes.Literal) else None
    if not isinstance(text, str) or not text:
        return None
    first = part.first.value if isinstance(part, nodes.Chain) and isinstance(part.first, nodes.Literal) else text
    is_clock = "T" in f"{first}{text}"
    return ValueKind.MONTHS if text[-1] in "YM" and not is_clock else ValueKind.DAYS if text[-1] in "DHMS" else None


def _judge_days(inference: _Inference, way: Signature, node: nodes.Call) -> None:
    """Tell a written day that there is none of: 2026年3月1日."""
    for place, argument in enumerate(node.arguments):
        parameter = way.parameter(place)
        text = argument.value if isinstance(argument, nodes.Literal) else None
        if parameter is None or parameter.kinds != DAY_KINDS or way.result not in ("date and time", "number"):
            continue
        if isinstance(text, str) and not (_can_write(text, ValueKind.DATE) or _can_write(text, ValueKind.DATE_TIME)):
            inference.tell(
                "argument_type", argument,
                Text(f"“{text}”不是日期，结果总是空值。", f"“{text}” is no day: it always gives null."),
                Text('写成 "2026-03-31" 的样子。', 'Write it like "2026-03-31".'),
            )  # fmt: skip


_WRITTEN_AS = {
    "date": '"2026-03-31"', "time": '"17:30:00"', "date and time": '"2026-03-31T17:30:00"', "duration": '"P10D"', "number": '"12.5"',
}  # fmt: skip
"""What the functions read that make values of texts."""


_PATTERNS = frozenset({"matches", "replace", "split"})
"""What reads a pattern of text."""
_PERIODS = {
    "workdays": Text("工作日", "working days"), "caldays": Text("日", "calendar days"), "months": Text("月", "months"),
    "years": Text("年", "years"), "workdays before": Text("工作日", "working days"), "caldays before": Text("日", "calendar days"),
}  # fmt: skip
"""What the functions of statutory time count."""
_OF_FUNCTIONS: Mapping[str, tuple[Text | None, Span | None]] = {
    "count": (Text("个", "items"), Span(Decimal(0))),
    "string length": (Text("字", "characters"), Span(Decimal(0))),
    "workdays between": (_PERIODS["workdays"], None),
    "day of year": (None, Span(Decimal(1), Decimal(366))),
    "week of year": (None, Span(Decimal(1), Decimal(53))),
}
"""What a function counts, and between what its numbers lie."""
_OF_PROPERTIES: Mapping[str, tuple[Text | None, Span | None]] = {
    "days": (_PERIODS["caldays"], None), "years": (_PERIODS["years"], None), "months": (_PERIODS["months"], SPANS["months"]),
}  # fmt: skip
_NUMBERED = frozenset({ValueKind.DATE, ValueKind.TIME, ValueKind.DATE_TIME, ValueKind.DAYS, ValueKind.MONTHS})


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


def _holds_things(element: StaticType | None) -> bool:
    return element is not None and element.is_determined and not element.kinds & _NUMBERED


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


def _judge_separator(inference: _Inference, node: nodes.Node) -> None:
    """Tell a sign that is meant as it stands and means another thing in a pattern: split("1.2", ".") leaves no digit."""
    if isinstance(node, nodes.Literal) and node.value in (".", "|", "^", "$"):
        inference.tell(
            "argument_type", node,
            Text(f"“{node.value}”在这里是正则表达式，不是这个符号本身。", f"“{node.value}” is a pattern here, not the sign itself."),
            Text(f"写成 \"\\\\{node.value}\"。", f"Write it as \"\\\\{node.value}\"."),
        )  # fmt: skip


def _judge_extreme(inference: _Inference, node: nodes.Call, arguments: Sequence[StaticType]) -> None:
    """Tell values of which none is greater: a date and a date with time."""
    parts = node.arguments
    if len(parts) == 1 and isinstance(parts[0], nodes.ListLiteral):
        parts = parts[0].elements
        arguments = [inference.infer(part) for part in parts]
    for part, kind in zip(parts[1:], arguments[1:], strict=True):
        inference.compare("<", part, (parts[0], arguments[0]), (part, kind))


def _infer_arguments(inference: _Inference, name: str, node: nodes.Call) -> list[StaticType]:
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
        actual = (argument.element or UNKNOWN) if items else argument
        words = actual.words()
        wanted = of_kind(*parameter.kinds)
        quoted = inference.quote(node.arguments[place])
        zh, en = ("的各项", "the items of ") if items else ("", "")
        inference.tell(
            "argument_type", node.arguments[place],
            Text(
                f"函数“{name}”要{wanted.words().zh}，“{quoted}”{zh}是{words.zh}。",
                f"“{name}” takes a {wanted.words().en}; {en}“{quoted}” is a {words.en}.",
            ),
            suggest_conversion(quoted, actual, wanted) or Text(f"改为{wanted.words().zh}。", f"Write a {wanted.words().en}."),
        )  # fmt: skip
        return


def _infer_chain(inference: _Inference, node: nodes.Chain) -> StaticType:
    kind, label, sides = inference.infer(node.first), inference.quote(node.first), node.first
    for place, (sign, operand) in enumerate(node.rest):
        other = inference.infer(operand)
        kinds = _find_result_kinds(sign, kind, other)
        _judge_months(inference, node, sign, sides, other)
        if kinds is not None and not kinds:
            _tell_calculation(inference, node, sign, (label, kind), (inference.quote(operand), other))
        step = replace(node, first=sides, rest=((sign, operand),))
        if kinds and inference.folding.is_always_null(step, ((sides, kind), (operand, other))):
            inference.tell_null(node)
            kinds = None
        span = _span_of_share(inference, node, sign, operand) or _calculate_span(sign, kind, other)
        kind = replace(of_kind(*kinds), span=span) if kinds == _NUMBERS else of_kind(*kinds) if kinds else UNKNOWN
        label = inference.text[node.span[0] : operand.span[1]].strip()
        sides = replace(node, rest=node.rest[: place + 1])
    if _BARE_DAY.fullmatch(label):
        inference.tell(
            "operand_type", node,
            Text(f"“{label}”不是日期，是两次减法。", f"“{label}” is no date but two subtractions."),
            Text(f"日期写成 date(\"{label}\")；要减的，符号两边空一格。", f"A date is date(\"{label}\"); to subtract, put blanks around the signs."),
        )  # fmt: skip
    return kind


def _calculate_span(sign: str, left: StaticType, right: StaticType) -> Span | None:
    return None if left.span is None or right.span is None else calculate_span(sign, left.span, right.span)


def _span_of_share(inference: _Inference, node: nodes.Chain, sign: str, operand: nodes.Node) -> Span | None:
    """Return 0 to 1 for the count of some rows of a list divided by that of all."""
    parts = (node.first, operand)
    if sign != "/" or operand is not node.rest[0][1] or not all(_is_count(part) for part in parts):
        return None
    some, rows = (part.arguments[0] for part in parts if isinstance(part, nodes.Call))
    same = isinstance(some, nodes.Filter) and inference.quote(some.base) == inference.quote(rows)
    return Span(Decimal(0), Decimal(1)) if same else None


def _is_count(node: nodes.Node) -> bool:
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.function, nodes.Name)
        and node.function.name == "count"
        and len(node.arguments) == 1
    )


def _find_result_kinds(sign: str, left: StaticType, right: StaticType) -> frozenset[ValueKind] | None:
    """Return what an operator makes of two types; None where that is not known."""
    if left.is_null or right.is_null or not (left.is_determined or right.is_determined):
        return None
    lefts, rights = left.kinds or frozenset(ValueKind), right.kinds or frozenset(ValueKind)
    return frozenset(
        kind for first_kind in lefts for other in rights if (kind := result_kinds(sign).get((first_kind, other)))
    )


def _tell_calculation(
    inference: _Inference, node: nodes.Node, sign: str, left: tuple[str, StaticType], right: tuple[str, StaticType]
) -> None:
    operands = [(text, kind, kind.words()) for text, kind in (left, right) if kind.is_determined]
    remedy = Text("检查写法。", "Check what is written.")
    for text, kind, _ in operands:
        reader = _READERS.get(kind.writes) if kind.writes else None
        if reader:
            remedy = Text(f"写 {reader}({text})。", f"Write {reader}({text}).")
        elif kind.kinds == {ValueKind.DATE} and len(operands) == 2:
            remedy = Text(
                '加减几天写 duration("P3D")，期限写 workdays(3)。',
                'Add days as duration("P3D"), a period as workdays(3).',
            )
            break
        elif sign == "+" and kind.kinds == {ValueKind.NUMBER}:
            remedy = Text(f"接在文字后面的写 string({text})。", f"To join it to a text, write string({text}).")
    zh = "，".join(f"“{text}”是{words.zh}" for text, _, words in operands)
    en = " and ".join(f"“{text}” is a {words.en}" for text, _, words in operands)
    inference.tell(
        "operand_type", node,
        Text(f"{zh}，“{sign}”不能这样用，结果总是空值。", f"{en}: “{sign}” is not defined for that and always gives null."), remedy,
    )  # fmt: skip


def _infer_negation(inference: _Inference, node: nodes.Negation) -> StaticType:
    kind = inference.infer(node.operand)
    if not kind.may_be(ValueKind.NUMBER, ValueKind.DAYS, ValueKind.MONTHS, ValueKind.NULL):
        _tell_calculation(inference, node, "-", (inference.quote(node.operand), kind), ("", UNKNOWN))
    return of_kind(*kind.kinds)


def _infer_comparison(inference: _Inference, node: nodes.CompareNode) -> StaticType:
    left, right = inference.infer(node.left), inference.infer(node.right)
    inference.compare(node.sign, node, (node.left, left), (node.right, right))
    inference.judge_numbers(node.sign, node, (inference.quote(node.left), left), (inference.quote(node.right), right))
    return BOOLEAN


def _infer_between(inference: _Inference, node: nodes.Between) -> StaticType:
    value, quoted = inference.infer(node.value), inference.quote(node.value)
    for sign, bound in ((">=", node.low), ("<=", node.high)):
        limit = inference.infer(bound)
        inference.compare("<", node, (node.value, value), (bound, limit))
        if judge_comparison(sign, value.span or _ANY, limit.span or _ANY) is not True:  # the other limit may bite
            inference.judge_numbers(sign, node, (quoted, value), (inference.quote(bound), limit))
    _judge_order(inference, node, node.low, node.high)
    return BOOLEAN


def _judge_order(inference: _Inference, node: nodes.Node, low: nodes.Node, high: nodes.Node) -> None:
    """Tell two written limits of which the first is beyond the second: nothing lies between them."""
    limits = [inference.folding.compute(part) for part in (low, high)]
    if any(isinstance(limit, str) for limit in limits) or compare_order(">", *limits) is not True:
        return
    inference.tell(
        "threshold_never", node,
        Text(f"“{inference.quote(low)}”比“{inference.quote(high)}”大，没有一个值在两者之间。",
             f"“{inference.quote(low)}” is beyond “{inference.quote(high)}”: nothing lies between them."),
        Text("小的写在前面。", "Write the lesser first."),
    )  # fmt: skip


def _infer_in(inference: _Inference, node: nodes.In) -> StaticType:
    value = inference.infer(node.value)
    inference.judge_tests(value, inference.quote(node.value), node.tests)
    return BOOLEAN


def _infer_logic(inference: _Inference, node: nodes.Logic) -> StaticType:
    for operand in node.operands:
        inference.require_boolean(
            operand,
            "“或者”的一边" if node.settles else "“并且”的一边",
            "one side of “or”" if node.settles else "one side of “and”",
        )
    for group, terms in inference.folding.groups(node):
        inference.judge_foregone(node, group, terms, [inference.infer(parts[0]) for parts in terms.values()])
    return BOOLEAN


def _infer_if(inference: _Inference, node: nodes.If) -> StaticType:
    if not isinstance(node.condition, nodes.Literal) or not isinstance(
        node.condition.value, bool
    ):  # written on purpose
        inference.require_boolean(node.condition, "if 的条件", "the condition of if")
    return join_types((inference.infer(node.then), inference.infer(node.otherwise)))


def _infer_iterators(inference: _Inference, iterators: tuple[nodes.Iterator, ...]) -> dict[str, StaticType]:
    names: dict[str, StaticType] = {}
    for iterator in iterators:
        with inference.within(dict(names)):
            source = inference.infer(iterator.source)
            if iterator.end is not None:
                inference.infer(iterator.end)
        names[iterator.name] = source if iterator.end is not None else _infer_item(inference, iterator, source)
    return names


def _infer_item(inference: _Inference, iterator: nodes.Iterator, source: StaticType) -> StaticType:
    if source.is_determined and source.kinds <= _SCALARS:
        words, quoted = source.words(), inference.quote(iterator.source)
        inference.tell(
            "not_a_list", iterator.source,
            Text(f"“{quoted}”是{words.zh}，不是名单，不能逐一来数。", f"“{quoted}” is a {words.en} and no list to go through."),
            Text("写一份名单。", "Write a list."),
        )  # fmt: skip
    if source.kinds == {ValueKind.LIST} or source.kinds == {ValueKind.RANGE}:
        return source.element or UNKNOWN
    return UNKNOWN


def _infer_for(inference: _Inference, node: nodes.For) -> StaticType:
    names = _infer_iterators(inference, node.iterators)
    with inference.within(names | {"partial": list_of(UNKNOWN)}):
        return list_of(inference.infer(node.body))


def _infer_quantified(inference: _Inference, node: nodes.Quantified) -> StaticType:
    names, condition = _infer_iterators(inference, node.iterators), node.condition
    with inference.within(names):
        if not isinstance(condition, nodes.Literal) or not isinstance(
            condition.value, bool
        ):  # "satisfies false": there is none
            inference.require_boolean(condition, "satisfies 后面的", "what follows satisfies,")
    return BOOLEAN


def _function_literal(inference: _Inference, node: nodes.FunctionLiteral) -> StaticType:
    types = {
        name: declared_type(kind, is_stored_as_json=False)
        for name, kind in zip(node.parameters, node.types, strict=True)
    }
    with inference.within(types):
        inference.infer(node.body)
    return of_kind(ValueKind.FUNCTION)


def _infer_context(inference: _Inference, node: nodes.ContextLiteral) -> StaticType:
    entries: dict[str, StaticType] = {}
    for name, value in node.entries:
        if name in entries:
            inference.tell(
                "always_null", value,
                Text(f"花括号里的“{name}”写了两次，整个花括号总是空值。", f"“{name}” stands twice in the braces, which are therefore always null."),
                Text("每个名称只写一次。", "Write each name once."),
            )  # fmt: skip
        with inference.within(dict(entries)):
            entries[name] = inference.infer(value)
    return context_of(entries, is_closed=True)


def _infer_list(inference: _Inference, node: nodes.ListLiteral) -> StaticType:
    return list_of(join_types([inference.infer(element) for element in node.elements]))


def _infer_range(inference: _Inference, node: nodes.RangeLiteral) -> StaticType:
    ends = [(end, inference.infer(end)) for end in (node.start, node.end) if end is not None]
    if len(ends) == 2 and node.operator is None and not any(kind.is_null for _, kind in ends):
        inference.compare("<", node, *ends)
        _judge_order(inference, node, ends[0][0], ends[1][0])
    return of_kind(ValueKind.RANGE, element=join_types(kind for _, kind in ends))


def _instance_of(inference: _Inference, node: nodes.InstanceOf) -> StaticType:
    kind = inference.infer(node.value)
    wanted = node.type.kind if kind.writes is not None else None
    if wanted is not None and wanted is kind.writes:
        quoted, words = inference.quote(node.value), kind.words()
        inference.tell(
            "types_differ", node,
            Text(f"“{quoted}”是{words.zh}，总不是{KIND_WORDS[wanted].zh}。", f"“{quoted}” is a {words.en}, never a {KIND_WORDS[wanted].en}."),
            Text(f"写 {_READERS[wanted]}({quoted}) != null。", f"Write {_READERS[wanted]}({quoted}) != null."),
        )  # fmt: skip
    return BOOLEAN


_INFER = cast(
    "dict[type[nodes.Node], Callable[[_Inference, nodes.Node], StaticType]]",
    {
        nodes.Literal: _infer_literal,
        nodes.Name: _infer_name,
        nodes.Path: _infer_path,
        nodes.Filter: _infer_filter,
        nodes.Call: _infer_call,
        nodes.Chain: _infer_chain,
        nodes.Negation: _infer_negation,
        nodes.CompareNode: _infer_comparison,
        nodes.Between: _infer_between,
        nodes.In: _infer_in,
        nodes.Logic: _infer_logic,
        nodes.If: _infer_if,
        nodes.For: _infer_for,
        nodes.Quantified: _infer_quantified,
        nodes.FunctionLiteral: _function_literal,
        nodes.ContextLiteral: _infer_context,
        nodes.ListLiteral: _infer_list,
        nodes.RangeLiteral: _infer_range,
        nodes.InstanceOf: _instance_of,
    },
)
