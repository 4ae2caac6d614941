"""Built-in functions on strings and conversions to them (DMN 1.5, tables 73 and 74)."""
# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from service.domain.feel import numbers
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.show import show
from service.domain.feel.values import Value, elements, truncated

_SEPARATORS = (" ", ",", ".")


def _substring(meter: Meter, string: Value, start: Value, length: Value = None) -> Value:
    first, size = truncated(start), truncated(length)
    if not isinstance(string, str) or first is None or first == 0 or (length is not None and (size or 0) < 1):
        return None
    begin = first - 1 if first > 0 else max(len(string) + first, 0)
    return string[begin:] if size is None else string[begin : begin + size]


def _of_one(read: Callable[[str], Value]) -> Callable[[Meter, Value], Value]:
    def call(meter: Meter, string: Value) -> Value:
        if not isinstance(string, str):
            return None
        meter.pay_for(string)
        return read(string)

    return call


def _of_two(read: Callable[[str, str], Value]) -> Callable[[Meter, Value, Value], Value]:
    def call(meter: Meter, string: Value, match: Value) -> Value:
        if not isinstance(string, str) or not isinstance(match, str):
            return None
        meter.charge(1 + (len(string) * (1 + len(match) // 64) >> 5))
        return read(string, match)

    return call


def _before(string: str, match: str) -> str:
    return string.partition(match)[0] if match and match in string else ""


def _after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


def _join(meter: Meter, values: Value, delimiter: Value = None) -> Value:
    if values is None or not (delimiter is None or isinstance(delimiter, str)):
        return None
    parts = [value for value in elements(values) if value is not None]
    if not all(isinstance(part, str) for part in parts):
        return None
    between = delimiter or ""
    texts = [part for part in parts if isinstance(part, str)]
    meter.room_for_text(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def _string(meter: Meter, value: Value) -> Value:
    return None if value is None else show(value, meter)


def _number(meter: Meter, source: Value, grouping: Value = None, decimal: Value = None) -> Value:
    if type(source) is Decimal and grouping is None and decimal is None:
        return source
    if not isinstance(source, str) or grouping not in (None, *_SEPARATORS) or decimal not in (None, ".", ","):
        return None
    if grouping is not None and grouping == decimal:
        return None
    text = source.replace(str(grouping), "") if grouping else source
    text = text.replace(str(decimal), ".") if decimal == "," else text
    return numbers.parse(text) if numbers.WRITTEN.fullmatch(text) else None


STRINGS = [
    builtin("substring", "string, start position, length?", _substring),
    builtin("string length", "string", _of_one(lambda string: Decimal(len(string)))),
    builtin("upper case", "string", _of_one(str.upper)),
    builtin("lower case", "string", _of_one(str.lower)),
    builtin("substring before", "string, match", _of_two(_before)),
    builtin("substring after", "string, match", _of_two(_after)),
    builtin("contains", "string, match", _of_two(lambda string, match: match in string)),
    builtin("starts with", "string, match", _of_two(str.startswith)),
    builtin("ends with", "string, match", _of_two(str.endswith)),
    builtin("string join", "list, delimiter?", _join),
    builtin("string", "from", _string),
    builtin("number", "from, grouping separator?, decimal separator?", _number),
]
