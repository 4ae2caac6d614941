"""Built-in relations between points and ranges (DMN 1.5, table 78)."""
# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable

from service.domain.feel.compare import compare_order, is_equal_value
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.values import Function, Range, Value, ValueKind, kind_of

_Relation = Callable[[Range, Range], "bool | None"]
_POINTS = frozenset(
    {
        ValueKind.NUMBER,
        ValueKind.STRING,
        ValueKind.DATE,
        ValueKind.TIME,
        ValueKind.DATE_TIME,
        ValueKind.DAYS,
        ValueKind.MONTHS,
    }
)


def _is_less(value: Value, other: Value) -> bool | None:
    return compare_order("<", value, other)


def _is_same(value: Value, other: Value) -> bool | None:
    return None if value is None or other is None else is_equal_value(value, other, Meter())


def _combine_and(*verdicts: bool | None) -> bool | None:
    if any(verdict is None for verdict in verdicts):
        return None
    return all(verdicts)


def _combine_or(*verdicts: bool | None) -> bool | None:
    if any(verdict is None for verdict in verdicts):
        return None
    return any(verdicts)


def _is_before(a: Range, b: Range) -> bool | None:
    touching = not (a.end_included and b.start_included)
    return _combine_or(_is_less(a.end, b.start), _combine_and(_is_same(a.end, b.start), touching))


def _starts_first(a: Range, b: Range) -> bool | None:
    """Say whether ``a`` has a point before all of ``b``."""
    return _combine_or(
        _is_less(a.start, b.start), _combine_and(_is_same(a.start, b.start), a.start_included and not b.start_included)
    )


def _ends_last(a: Range, b: Range) -> bool | None:
    return _combine_or(
        _is_less(b.end, a.end), _combine_and(_is_same(a.end, b.end), a.end_included and not b.end_included)
    )


def _has_overlap(a: Range, b: Range) -> bool | None:
    return _combine_and(_negate(_is_before(a, b)), _negate(_is_before(b, a)))


def _negate(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _overlaps_before(a: Range, b: Range) -> bool | None:
    return _combine_and(_starts_first(a, b), _has_overlap(a, b), _negate(_ends_last(a, b)))


def _overlaps_after(a: Range, b: Range) -> bool | None:
    return _combine_and(
        _negate(_starts_first(a, b)),
        _has_overlap(a, b),
        _negate(_ends_last(b, a)),
        _negate(_is_before(b, a)),
        _starts_first(b, a),
    )


def _is_adjacent(a: Range, b: Range) -> bool | None:
    return _combine_and(a.end_included and b.start_included, _is_same(a.end, b.start))


def _same_start(a: Range, b: Range) -> bool | None:
    return _combine_and(_is_same(a.start, b.start), a.start_included == b.start_included)


def _same_end(a: Range, b: Range) -> bool | None:
    return _combine_and(_is_same(a.end, b.end), a.end_included == b.end_included)


def _is_including(a: Range, b: Range) -> bool | None:
    return _combine_and(_negate(_starts_first(b, a)), _negate(_ends_last(b, a)))


def _is_starting(a: Range, b: Range) -> bool | None:
    return _combine_and(_same_start(a, b), _negate(_ends_last(a, b)))


def _is_finishing(a: Range, b: Range) -> bool | None:
    return _combine_and(_same_end(a, b), _negate(_starts_first(a, b)))


def _is_coinciding(a: Range, b: Range) -> bool | None:
    return _combine_and(_same_start(a, b), _same_end(a, b))


def _swap_arguments(relation: _Relation) -> _Relation:
    return lambda a, b: relation(b, a)


def _make_relation(name: str, relation: _Relation, signature: str, accepted: str, *others: str) -> Function:
    """Describe a relation; ``accepted`` lists argument shapes, p for point and r for range: ``pp pr``."""

    def call_relation(meter: Meter, value: Value, other: Value) -> Value:
        if _get_shape(value) + _get_shape(other) not in accepted.split():
            return None
        return relation(_as_range(value), _as_range(other))

    return builtin(name, signature, call_relation, *others)


def _get_shape(value: Value) -> str:
    return "r" if isinstance(value, Range) else ("p" if kind_of(value) in _POINTS else "-")


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


_PAIRS = ("point1, point2", "point, range", "range, point", "range1, range2")
_TWO = ("range1, range2",)

RANGES: list[Function] = [
    _make_relation("before", _is_before, _PAIRS[0], "pp pr rp rr", *_PAIRS[1:]),
    _make_relation("after", _swap_arguments(_is_before), _PAIRS[0], "pp pr rp rr", *_PAIRS[1:]),
    _make_relation("meets", _is_adjacent, *_TWO, "rr"),
    _make_relation("met by", _swap_arguments(_is_adjacent), *_TWO, "rr"),
    _make_relation("overlaps", _has_overlap, *_TWO, "rr"),
    _make_relation("overlaps before", _overlaps_before, *_TWO, "rr"),
    _make_relation("overlaps after", _overlaps_after, *_TWO, "rr"),
    _make_relation("finishes", _is_finishing, "point, range", "pr rr", *_TWO),
    _make_relation("finished by", _swap_arguments(_is_finishing), "range, point", "rp rr", *_TWO),
    _make_relation("includes", _is_including, "range, point", "rp rr", *_TWO),
    _make_relation("during", _swap_arguments(_is_including), "point, range", "pr rr", *_TWO),
    _make_relation("starts", _is_starting, "point, range", "pr rr", *_TWO),
    _make_relation("started by", _swap_arguments(_is_starting), "range, point", "rp rr", *_TWO),
    _make_relation("coincides", _is_coinciding, _PAIRS[0], "pp rr", _PAIRS[3]),
]
