"""Built-in functions on lists (DMN 1.5, table 76)."""
# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key

from service.domain.feel.calls import invoke
from service.domain.feel.compare import equal, ordered
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.values import Function, Value, ValueKind, elements, kind_of, normal, truncated


def _given(arguments: tuple[Value, ...]) -> list[Value]:
    """Return the elements meant by ``f(list)`` or ``f(a, b, c)``."""
    return elements(arguments[0]) if len(arguments) == 1 else list(arguments)


def _contains(meter: Meter, values: Value, element: Value) -> Value:
    if values is None:
        return None
    return any(_same(candidate, element, meter) for candidate in elements(values))


def _same(one: Value, other: Value, meter: Meter) -> bool:
    meter.charge(1)
    return equal(one, other, meter) is True


def _count(meter: Meter, values: Value) -> Value:
    if values is None:
        return None
    return Decimal(len(values)) if type(values) is list else Decimal(1)


def _extreme(sign: str) -> Callable[..., Value]:
    def extreme(meter: Meter, *arguments: Value) -> Value:
        values = _given(arguments)
        meter.charge(len(values))
        if not values or (
            len(values) == 1 and kind_of(values[0]) in (ValueKind.LIST, ValueKind.CONTEXT, ValueKind.NULL)
        ):
            return None
        best = values[0]
        for value in values[1:]:
            before = ordered(sign, value, best)
            if before is None:
                return None
            best = value if before else best
        return best

    return extreme


def _all(meter: Meter, *arguments: Value) -> Value:
    return _verdict(arguments, settles=False, meter=meter)


def _any(meter: Meter, *arguments: Value) -> Value:
    return _verdict(arguments, settles=True, meter=meter)


def _verdict(arguments: tuple[Value, ...], *, settles: bool, meter: Meter) -> Value:
    if len(arguments) == 1 and arguments[0] is None:
        return None
    values = _given(arguments)
    meter.charge(len(values))
    if any(value is settles for value in values):
        return settles
    return (not settles) if all(isinstance(value, bool) for value in values) else None


def _sublist(meter: Meter, source: Value, start: Value, length: Value = None) -> Value:
    values = elements(source)
    first, size = truncated(start), truncated(length)
    if first is None or first == 0 or abs(first) > len(values):
        return None
    begin = first - 1 if first > 0 else len(values) + first
    if size is None:
        return None if length is not None else _copy(values[begin:], meter)
    return _copy(values[begin : begin + size], meter) if 0 <= size <= len(values) - begin else None


def _copy(values: list[Value], meter: Meter) -> list[Value]:
    meter.room_for_list(len(values))
    return [normal(value) for value in values]


def _append(meter: Meter, values: Value, *added: Value) -> Value:
    if values is None:
        return None
    return _copy([*elements(values), *added], meter)


def _concatenate(meter: Meter, *lists: Value) -> Value:
    if any(values is None for values in lists):
        return None
    return _joined(lists, meter)


def _joined(lists: tuple[Value, ...], meter: Meter) -> list[Value]:
    result: list[Value] = []
    for values in lists:
        meter.pay_for(values)
        result.extend(elements(values))
        meter.room_for_list(len(result))
    return result


def _insert_before(meter: Meter, source: Value, position: Value, item: Value) -> Value:
    values = elements(source)
    place = _place(values, position)
    if place is None:
        return None
    return _copy([*values[:place], item, *values[place:]], meter)


def _remove(meter: Meter, source: Value, position: Value) -> Value:
    values = elements(source)
    place = _place(values, position)
    if place is None:
        return None
    return _copy([*values[:place], *values[place + 1 :]], meter)


def _place(values: list[Value], position: Value) -> int | None:
    """Return a position counted from 1, or from -1 backwards, as an index."""
    place = truncated(position)
    if place is None or place == 0 or abs(place) > len(values):
        return None
    return place - 1 if place > 0 else len(values) + place


def _replace(meter: Meter, source: Value, where: Value, item: Value) -> Value:
    if source is None:
        return None
    values = elements(source)
    if not isinstance(where, Function):
        place = _place(values, where)
        return None if place is None else _copy([*values[:place], item, *values[place + 1 :]], meter)
    result: list[Value] = []
    for element in values:
        verdict = invoke(where, (element, item), meter)
        if not isinstance(verdict, bool):
            return None
        result.append(item if verdict else element)
    meter.room_for_list(len(result))
    return result


def _reverse(meter: Meter, values: Value) -> Value:
    return None if values is None else _copy(elements(values)[::-1], meter)


def _index_of(meter: Meter, values: Value, match: Value) -> Value:
    if values is None:
        return None
    return [Decimal(place) for place, value in enumerate(elements(values), 1) if _same(value, match, meter)]


def _union(meter: Meter, *lists: Value) -> Value:
    if any(values is None for values in lists):
        return None
    return _distinct(meter, _joined(lists, meter))


def _distinct(meter: Meter, values: Value) -> Value:
    if values is None:
        return None
    result: list[Value] = []
    for value in elements(values):
        if not any(_same(value, known, meter) for known in result):
            result.append(value)
    return result


def _flatten(meter: Meter, values: Value) -> Value:
    if values is None:
        return None
    result: list[Value] = []
    pending = [values]
    while pending:
        value = normal(pending.pop())
        meter.charge(1)
        if type(value) is list:
            meter.room_for_list(len(value))
            pending.extend(reversed(value))
        else:
            result.append(value)
    meter.room_for_list(len(result))
    return result


def _sort(meter: Meter, values: Value, precedes: Value = None) -> Value:
    if values is None or not (precedes is None or isinstance(precedes, Function)):
        return None
    failed = False

    def order(one: Value, other: Value) -> int:
        nonlocal failed
        meter.charge(1)
        before = ordered("<", one, other) if precedes is None else invoke(precedes, (one, other), meter)
        failed = failed or not isinstance(before, bool)
        if before is True:
            return -1
        after = ordered("<", other, one) if precedes is None else invoke(precedes, (other, one), meter)
        return 1 if after is True else 0

    result = sorted(elements(values), key=cmp_to_key(order))
    meter.room_for_list(len(result))
    return None if failed else result


LISTS = [
    builtin("list contains", "list, element", _contains),
    builtin("count", "list", _count),
    builtin("min", "list…", _extreme("<")),
    builtin("max", "list…", _extreme(">")),
    builtin("all", "list…", _all),
    builtin("any", "list…", _any),
    builtin("sublist", "list, start position, length?", _sublist),
    builtin("append", "list, item…", _append),
    builtin("concatenate", "list…", _concatenate),
    builtin("insert before", "list, position, newItem", _insert_before),
    builtin("remove", "list, position", _remove),
    builtin("list replace", "list, position, newItem", _replace, "list, match, newItem"),
    builtin("reverse", "list", _reverse),
    builtin("index of", "list, match", _index_of),
    builtin("union", "list…", _union),
    builtin("distinct values", "list", _distinct),
    builtin("flatten", "list", _flatten),
    builtin("sort", "list, precedes?", _sort),
]
