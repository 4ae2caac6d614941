"""Built-in relations between points and ranges (DMN 1.5, table 78)."""
# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable

from service.domain.feel.compare import equal, ordered
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


def _less(one: Value, other: Value) -> bool | None:
    return ordered("<", one, other)


def _same(one: Value, other: Value) -> bool | None:
    return None if one is None or other is None else equal(one, other, Meter())


def _and(*verdicts: bool | None) -> bool | None:
    if any(verdict is None for verdict in verdicts):
        return None
    return all(verdicts)


def _or(*verdicts: bool | None) -> bool | None:
    if any(verdict is None for verdict in verdicts):
        return None
    return any(verdicts)


def _before(a: Range, b: Range) -> bool | None:
    touching = not (a.end_included and b.start_included)
    return _or(_less(a.end, b.start), _and(_same(a.end, b.start), touching))


def _starts_first(a: Range, b: Range) -> bool | None:
    """Say whether ``a`` has a point before all of ``b``."""
    return _or(_less(a.start, b.start), _and(_same(a.start, b.start), a.start_included and not b.start_included))


def _ends_last(a: Range, b: Range) -> bool | None:
    return _or(_less(b.end, a.end), _and(_same(a.end, b.end), a.end_included and not b.end_included))


def _overlaps(a: Range, b: Range) -> bool | None:
    return _and(_not(_before(a, b)), _not(_before(b, a)))


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _overlaps_before(a: Range, b: Range) -> bool | None:
    return _and(_starts_first(a, b), _overlaps(a, b), _not(_ends_last(a, b)))


def _overlaps_after(a: Range, b: Range) -> bool | None:
    return _and(
        _not(_starts_first(a, b)), _overlaps(a, b), _not(_ends_last(b, a)), _not(_before(b, a)), _starts_first(b, a)
    )


def _meets(a: Range, b: Range) -> bool | None:
    return _and(a.end_included and b.start_included, _same(a.end, b.start))


def _same_start(a: Range, b: Range) -> bool | None:
    return _and(_same(a.start, b.start), a.start_included == b.start_included)


def _same_end(a: Range, b: Range) -> bool | None:
    return _and(_same(a.end, b.end), a.end_included == b.end_included)


def _includes(a: Range, b: Range) -> bool | None:
    return _and(_not(_starts_first(b, a)), _not(_ends_last(b, a)))


def _starts(a: Range, b: Range) -> bool | None:
    return _and(_same_start(a, b), _not(_ends_last(a, b)))


def _finishes(a: Range, b: Range) -> bool | None:
    return _and(_same_end(a, b), _not(_starts_first(a, b)))


def _coincides(a: Range, b: Range) -> bool | None:
    return _and(_same_start(a, b), _same_end(a, b))


def _turned(relation: _Relation) -> _Relation:
    return lambda a, b: relation(b, a)


def _relation(name: str, relation: _Relation, signature: str, accepted: str, *others: str) -> Function:
    """Describe a relation; ``accepted`` lists argument shapes, p for point and r for range: ``pp pr``."""

    def call(meter: Meter, one: Value, other: Value) -> Value:
        if _shape(one) + _shape(other) not in accepted.split():
            return None
        return relation(_as_range(one), _as_range(other))

    return builtin(name, signature, call, *others)


def _shape(value: Value) -> str:
    return "r" if isinstance(value, Range) else ("p" if kind_of(value) in _POINTS else "-")


def _as_range(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


_PAIRS = ("point1, point2", "point, range", "range, point", "range1, range2")
_TWO = ("range1, range2",)

RANGES: list[Function] = [
    _relation("before", _before, _PAIRS[0], "pp pr rp rr", *_PAIRS[1:]),
    _relation("after", _turned(_before), _PAIRS[0], "pp pr rp rr", *_PAIRS[1:]),
    _relation("meets", _meets, *_TWO, "rr"),
    _relation("met by", _turned(_meets), *_TWO, "rr"),
    _relation("overlaps", _overlaps, *_TWO, "rr"),
    _relation("overlaps before", _overlaps_before, *_TWO, "rr"),
    _relation("overlaps after", _overlaps_after, *_TWO, "rr"),
    _relation("finishes", _finishes, "point, range", "pr rr", *_TWO),
    _relation("finished by", _turned(_finishes), "range, point", "rp rr", *_TWO),
    _relation("includes", _includes, "range, point", "rp rr", *_TWO),
    _relation("during", _turned(_includes), "point, range", "pr rr", *_TWO),
    _relation("starts", _starts, "point, range", "pr rr", *_TWO),
    _relation("started by", _turned(_starts), "range, point", "rp rr", *_TWO),
    _relation("coincides", _coincides, _PAIRS[0], "pp rr", _PAIRS[3]),
]
