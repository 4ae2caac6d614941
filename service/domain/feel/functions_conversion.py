"""Built-in functions that read values from text (DMN 1.5, table 73): ``range``."""

from __future__ import annotations

from service.domain.feel.compare import ordered
from service.domain.feel.errors import FeelSyntaxError
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.nodes import Call, Literal, Name, Node, RangeLiteral
from service.domain.feel.parser import parse_expression
from service.domain.feel.temporal import parse_date, parse_date_time, parse_duration, parse_time
from service.domain.feel.values import Range, Value, kind_of

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
    if kind_of(start) is not kind_of(end) or ordered("<=", start, end) is not True:
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
