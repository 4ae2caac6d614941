"""``for``, ``some`` and ``every``: nested iterations, counted against the budget."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from service.domain.feel.limits import Meter
from service.domain.feel.scope import Code, Scope
from service.domain.feel.values import Range, Value, ValueKind, elements, kind_of, whole

Source = tuple[str, Code, Code | None]


def compile_for(sources: list[Source], body: Code, *, weight: int, uses_partial: bool) -> Code:
    """Compile ``for … return body``; ``partial`` is the list of results so far, ``weight`` the cost of one."""

    def run_loop(scope: Scope) -> Value:
        results: list[Value] = []
        for inner in _iterate_combinations(sources, 0, {}, scope):
            if inner is None:
                return None
            scope.meter.charge(weight)
            if uses_partial:
                scope.meter.room_for_list(len(results))
                inner.variables["partial"] = list(results)  # type: ignore[index]  # made by _combinations
            results.append(body(inner))
        scope.meter.room_for_list(len(results))
        return results

    return run_loop


def compile_quantified(sources: list[Source], condition: Code, *, weight: int, settles: bool) -> Code:
    """Compile ``some`` (``settles`` True) or ``every`` (False); one condition costs ``weight``."""

    def run_quantifier(scope: Scope) -> Value:
        result: bool | None = not settles
        for inner in _iterate_combinations(sources, 0, {}, scope):
            if inner is None:
                return None
            scope.meter.charge(weight)
            value = condition(inner)
            if value is settles:
                return settles
            if value is not result:
                result = None
        return result

    return run_quantifier


def _iterate_combinations(
    sources: list[Source], place: int, variables: dict[str, Value], scope: Scope
) -> Iterator[Scope | None]:
    """Run through all combinations; None says that a source cannot be iterated."""
    name, source, end = sources[place]
    outer = Scope(variables, scope, scope.meter) if variables else scope
    values = values_of(source(outer), None if end is None else (end(outer),), scope.meter)
    if values is None:
        yield None
        return
    for value in values:
        scope.meter.charge(2)
        inner = {**variables, name: value}
        if place + 1 < len(sources):
            yield from _iterate_combinations(sources, place + 1, inner, scope)
        else:
            yield Scope(inner, scope, scope.meter)


def values_of(source: Value, end: tuple[Value] | None, meter: Meter) -> list[Value] | None:
    """Return what an iteration runs through, from ``source`` to ``end`` where there is one; None where it is no list."""
    if end is not None:
        return _list_steps(source, end[0], meter)
    if isinstance(source, Range):
        return _range_values(source, meter)
    if type(source) is list and len(source) == 1 and isinstance(source[0], Range):
        return _range_values(source[0], meter)
    return None if source is None else elements(source)


def _range_values(limits: Range, meter: Meter) -> list[Value] | None:
    values = _list_steps(limits.start, limits.end, meter)
    if values is None or (len(values) > 1 and values[0] > values[-1]):  # type: ignore[operator]
        return None
    first = 0 if limits.start_included else 1
    return values[first : len(values) if limits.end_included else -1]


def _list_steps(start: Value, end: Value, meter: Meter) -> list[Value] | None:
    """Count from ``start`` to ``end``, up or down, in whole numbers or days."""
    if kind_of(start) is ValueKind.DATE and kind_of(end) is ValueKind.DATE:
        assert isinstance(start, date)
        assert isinstance(end, date)
        days = (end - start).days
        return [start + timedelta(days=step) for step in _build_step_range(days, meter)]
    first, last = whole(start), whole(end)
    if first is None or last is None:
        return None
    return [Decimal(first + step) for step in _build_step_range(last - first, meter)]


def _build_step_range(distance: int, meter: Meter) -> range:
    meter.room_for_list(abs(distance) + 1)
    return range(distance + 1) if distance >= 0 else range(0, distance - 1, -1)
