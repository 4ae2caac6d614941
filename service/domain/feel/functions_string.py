"""Built-in functions on strings and conversions to them (DMN 1.5, tables 73 and 74)."""

# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from service.domain.feel import numbers
from service.domain.feel.compare import compare_order
from service.domain.feel.errors import FeelSyntaxError
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.nodes import Call, Literal, Name, Node, RangeLiteral
from service.domain.feel.parser import parse_expression
from service.domain.feel.show import show
from service.domain.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from service.domain.feel.values import Range, Value, elements, kind_of, truncate_number

_SEPARATORS = (" ", ",", ".")


def _take_substring(meter: Meter, string: Value, start: Value, length: Value = None) -> Value:
    first, size = truncate_number(start), truncate_number(length)
    if not isinstance(string, str) or first is None or first == 0 or (length is not None and (size or 0) < 1):
        return None
    begin = first - 1 if first > 0 else max(len(string) + first, 0)
    return string[begin:] if size is None else string[begin : begin + size]


def _wrap_unary(read: Callable[[str], Value]) -> Callable[[Meter, Value], Value]:
    def call_unary(meter: Meter, string: Value) -> Value:
        if not isinstance(string, str):
            return None
        meter.pay_for(string)
        return read(string)

    return call_unary


def _of_two(read: Callable[[str, str], Value]) -> Callable[[Meter, Value, Value], Value]:
    def call_binary(meter: Meter, string: Value, match: Value) -> Value:
        if not isinstance(string, str) or not isinstance(match, str):
            return None
        meter.charge(1 + (len(string) * (1 + len(match) // 64) >> 5))
        return read(string, match)

    return call_binary


def _take_before(string: str, match: str) -> str:
    return string.partition(match)[0] if match and match in string else ""


def _take_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


def _join_texts(meter: Meter, values: Value, delimiter: Value = None) -> Value:
    if values is None or not (delimiter is None or isinstance(delimiter, str)):
        return None
    parts = [value for value in elements(values) if value is not None]
    if not all(isinstance(part, str) for part in parts):
        return None
    between = delimiter or ""
    texts = [part for part in parts if isinstance(part, str)]
    meter.room_for_text(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def _to_string(meter: Meter, value: Value) -> Value:
    return None if value is None else show(value, meter)


def _parse_number(meter: Meter, source: Value, grouping: Value = None, decimal: Value = None) -> Value:
    if type(source) is Decimal and grouping is None and decimal is None:
        return source
    if not isinstance(source, str) or grouping not in (None, *_SEPARATORS) or decimal not in (None, ".", ","):
        return None
    if grouping is not None and grouping == decimal:
        return None
    text = source.replace(str(grouping), "") if grouping else source
    text = text.replace(str(decimal), ".") if decimal == "," else text
    return numbers.parse_decimal(text) if numbers.WRITTEN.fullmatch(text) else None


STRINGS = [
    builtin("substring", "string, start position, length?", _take_substring),
    builtin("string length", "string", _wrap_unary(lambda string: Decimal(len(string)))),
    builtin("upper case", "string", _wrap_unary(str.upper)),
    builtin("lower case", "string", _wrap_unary(str.lower)),
    builtin("substring before", "string, match", _of_two(_take_before)),
    builtin("substring after", "string, match", _of_two(_take_after)),
    builtin("contains", "string, match", _of_two(lambda string, match: match in string)),
    builtin("starts with", "string, match", _of_two(str.startswith)),
    builtin("ends with", "string, match", _of_two(str.endswith)),
    builtin("string join", "list, delimiter?", _join_texts),
    builtin("string", "from", _to_string),
    builtin("number", "from, grouping separator?, decimal separator?", _parse_number),
]


if TYPE_CHECKING:
    from service.domain.feel.pattern import Match, Pattern

_REFERENCE = re.compile(r"\\[\\$]|\$[0-9]|[\\$]")
_COMPILING = 500
"""Steps that reading a pattern costs."""
_HARD = 5_000
"""Steps that reading a pattern costs which is too large, and each class in it that takes out another."""


def _pattern(pattern: Value, flags: Value, meter: Meter) -> Pattern | None:
    if not isinstance(pattern, str) or not (flags is None or isinstance(flags, str)):
        return None
    from service.domain.feel.pattern import compile_pattern  # few expressions match patterns

    meter.charge(_COMPILING + _HARD * pattern.count("-["))
    compiled = compile_pattern(pattern, flags or "")
    meter.charge(_HARD if compiled is None else compiled.size >> 4)
    return compiled


def _matches(meter: Meter, text: Value, pattern: Value, flags: Value = None) -> Value:
    compiled = _pattern(pattern, flags, meter)
    if not isinstance(text, str) or compiled is None:
        return None
    return any(True for _ in compiled.find_all(text, meter))


def _replace(meter: Meter, text: Value, pattern: Value, replacement: Value, flags: Value = None) -> Value:
    compiled = _pattern(pattern, flags, meter)
    if not isinstance(text, str) or not isinstance(replacement, str) or compiled is None:
        return None
    literal = isinstance(flags, str) and "q" in flags
    parts, position = [], 0
    for match in compiled.find_all(text, meter):
        filled = replacement if literal else _filled(replacement, text, match, compiled.groups)
        if filled is None:
            return None
        start, end = match.span()
        parts += [text[position:start], filled]
        position = end
        meter.room_for_text(sum(map(len, parts[-2:])))
    parts.append(text[position:])
    meter.room_for_text(sum(map(len, parts)))
    return "".join(parts)


def _filled(replacement: str, text: str, match: Match, groups: int) -> str | None:
    """Put groups into ``$0`` to ``$9``, nothing for those without part; None for a stray dollar or backslash."""
    strays = 0

    def fill(found: re.Match[str]) -> str:
        nonlocal strays
        token = found[0]
        strays += len(token) == 1
        if token[0] == "\\":
            return token[1:]
        number = int(token[1:] or 0)
        return text[slice(*match.span(number))] if number <= groups else ""

    filled = _REFERENCE.sub(fill, replacement)
    return None if strays else filled


def _split(meter: Meter, text: Value, delimiter: Value) -> Value:
    compiled = _pattern(delimiter, None, meter)
    if not isinstance(text, str) or compiled is None:
        return None
    parts: list[Value] = []
    position = 0
    for match in compiled.find_all(text, meter):
        start, end = match.span()
        if end > start:
            parts.append(text[position:start])
            position = end
    meter.room_for_list(len(parts) + 1)
    return [*parts, text[position:]]


PATTERNS = [
    builtin("matches", "input, pattern, flags?", _matches),
    builtin("replace", "input, pattern, replacement, flags?", _replace),
    builtin("split", "string, delimiter", _split),
]


MAX_TEXT = 500
_READING = 200
"""Steps that reading a range costs."""
_MAKERS = {"date": parse_date, "time": parse_time, "date and time": parse_date_time, "duration": parse_duration}


def _range(meter: Meter, text: Value) -> Value:
    if not isinstance(text, str) or len(text) > MAX_TEXT:
        return None
    meter.charge(_READING)
    try:
        node = parse_expression(_completed(text.strip()), _MAKERS)
    except FeelSyntaxError:
        return None
    return _range_of(node) if isinstance(node, RangeLiteral) else None


def _completed(text: str) -> str:
    """Put null where an end is left open: ``[1..)``, ``(..1]``."""
    low, dots, high = text.partition("..")
    if not dots:
        return text
    return (f"{low} null" if len(low) == 1 else low) + dots + (f"null {high}" if len(high) == 1 else high)


def _range_of(node: RangeLiteral) -> Range | None:
    """Return the range; None for ends in reverse order, and for an open end that is said to be included."""
    start, end = _constant(node.start), _constant(node.end)
    missing = [bound for bound, value in ((node.start, start), (node.end, end)) if value is None]
    if len(missing) == 2 or not all(isinstance(bound, Literal) for bound in missing):
        return None
    if start is None or end is None:
        included = node.start_included if start is None else node.end_included
        sign = _open_sign(node, start)
        return None if included else Range(start, end, node.start_included, node.end_included, sign)
    if kind_of(start) is not kind_of(end) or compare_order("<=", start, end) is not True:
        return None
    return Range(start, end, node.start_included, node.end_included)


def _open_sign(node: RangeLiteral, start: Value) -> str:
    if start is None:
        return "<=" if node.end_included else "<"
    return ">=" if node.start_included else ">"


def _constant(node: Node | None) -> Value:
    if isinstance(node, Literal):
        return node.value
    if not isinstance(node, Call) or not isinstance(node.function, Name) or len(node.arguments) != 1:
        return None
    maker, argument = _MAKERS.get(node.function.name), node.arguments[0]
    if maker is None or not isinstance(argument, Literal) or not isinstance(argument.value, str):
        return None
    return maker(argument.value)


CONVERSIONS = [builtin("range", "from", _range)]
