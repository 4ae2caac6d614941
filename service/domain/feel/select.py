"""Filters and positions: ``list[condition]`` and ``list[position]``."""

from __future__ import annotations

from decimal import Decimal

from service.domain.feel.scope import NOTHING, Code, Scope
from service.domain.feel.values import Value, is_context, to_feel_value, whole


def by_position(value: Value, position: Decimal) -> Value:
    """Return the element at ``position``, counted from 1, or from -1 backwards; None if there is none."""
    place = whole(position)
    values = value if type(value) is list else ([] if value is None else [value])
    if place is None or place == 0 or abs(place) > len(values):
        return None
    return to_feel_value(values[place - 1 if place > 0 else place])


def filter_elements(base: Code, condition: Code, weight: int) -> Code:
    """Keep the elements for which ``condition`` is true; a number is a position.

    ``weight`` is what one evaluation of the condition costs.
    """

    def run_filter(scope: Scope) -> Value:
        source = base(scope)
        if source is None:
            return None
        values = source if type(source) is list else [source]
        meter = scope.meter
        meter.charge(1 + weight * len(values))
        selection: list[Value] = []
        for element in values:
            value = element if type(element) is dict else to_feel_value(element)
            inner = Scope(value if is_context(value) else NOTHING, scope, meter, value)  # type: ignore[arg-type]
            verdict = condition(inner)
            if verdict is True:
                selection.append(value)
            elif verdict is not False and verdict is not None:
                return by_position(source, verdict) if type(verdict) is Decimal else None
        if not values and type(condition(scope)) is Decimal:
            return None
        return selection

    return run_filter
