"""Built-in functions on lists (DMN 1.5, table 76)."""
# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key

from service.domain.feel.calls import invoke_function
from service.domain.feel.compare import compare_order, is_equal_value
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.values import Function, Value, ValueKind, elements, kind_of, to_feel_value, truncate_number


def _collect_elements(arguments: tuple[Value, ...]) -> list[Value]:
    """Return the elements meant by ``f(list)`` or ``f(a, b, c)``."""
    return elements(arguments[0]) if len(arguments) == 1 else list(arguments)


def _has_element(meter: Meter, values: Value, element: Value) -> Value:
    if values is None:
        return None
    return any(_is_equal(candidate, element, meter) for candidate in elements(values))


def _is_equal(value: Value, other: Value, meter: Meter) -> bool:
    meter.charge(1)
    return is_equal_value(value, other, meter) is True


def _count_elements(meter: Meter, values: Value) -> Value:
    if values is None:
        return None
    return Decimal(len(values)) if type(values) is list else Decimal(1)


def _make_extreme(sign: str) -> Callable[..., Value]:
    def find_extreme(meter: Meter, *arguments: Value) -> Value:
        values = _collect_elements(arguments)
        meter.charge(len(values))
        if not values or (
            len(values) == 1 and kind_of(values[0]) in (ValueKind.LIST, ValueKind.CONTEXT, ValueKind.NULL)
        ):
            return None
        best = values[0]
        for value in values[1:]:
            before = compare_order(sign, value, best)
            if before is None:
                return None
            best = value if before else best
        return best

    return find_extreme


def _test_all(meter: Meter, *arguments: Value) -> Value:
    return _combine_verdicts(arguments, settles=False, meter=meter)


def _test_any(meter: Meter, *arguments: Value) -> Value:
    return _combine_verdicts(arguments, settles=True, meter=meter)


def _combine_verdicts(arguments: tuple[Value, ...], *, settles: bool, meter: Meter) -> Value:
    if len(arguments) == 1 and arguments[0] is None:
        return None
    values = _collect_elements(arguments)
    meter.charge(len(values))
    if any(value is settles for value in values):
        return settles
    return (not settles) if all(isinstance(value, bool) for value in values) else None


def _take_sublist(meter: Meter, source: Value, start: Value, length: Value = None) -> Value:
    values = elements(source)
    first, size = truncate_number(start), truncate_number(length)
    if first is None or first == 0 or abs(first) > len(values):
        return None
    begin = first - 1 if first > 0 else len(values) + first
    if size is None:
        return None if length is not None else _copy_list(values[begin:], meter)
    return _copy_list(values[begin : begin + size], meter) if 0 <= size <= len(values) - begin else None


def _copy_list(values: list[Value], meter: Meter) -> list[Value]:
    meter.room_for_list(len(values))
    return [to_feel_value(value) for value in values]


def _append_elements(meter: Meter, values: Value, *added: Value) -> Value:
    if values is None:
        return None
    return _copy_list([*elements(values), *added], meter)


def _concatenate_lists(meter: Meter, *lists: Value) -> Value:
    if any(values is None for values in lists):
        return None
    return _join_lists(lists, meter)


def _join_lists(lists: tuple[Value, ...], meter: Meter) -> list[Value]:
    result: list[Value] = []
    for values in lists:
        meter.pay_for(values)
        result.extend(elements(values))
        meter.room_for_list(len(result))
    return result


def _insert_before(meter: Meter, source: Value, position: Value, item: Value) -> Value:
    values = elements(source)
    place = _find_index(values, position)
    if place is None:
        return None
    return _copy_list([*values[:place], item, *values[place:]], meter)


def _remove_element(meter: Meter, source: Value, position: Value) -> Value:
    values = elements(source)
    place = _find_index(values, position)
    if place is None:
        return None
    return _copy_list([*values[:place], *values[place + 1 :]], meter)


def _find_index(values: list[Value], position: Value) -> int | None:
    """Return a position counted from 1, or from -1 backwards, as an index."""
    place = truncate_number(position)
    if place is None or place == 0 or abs(place) > len(values):
        return None
    return place - 1 if place > 0 else len(values) + place


def _replace_element(meter: Meter, source: Value, where: Value, item: Value) -> Value:
    if source is None:
        return None
    values = elements(source)
    if not isinstance(where, Function):
        place = _find_index(values, where)
        return None if place is None else _copy_list([*values[:place], item, *values[place + 1 :]], meter)
    result: list[Value] = []
    for element in values:
        verdict = invoke_function(where, (element, item), meter)
        if not isinstance(verdict, bool):
            return None
        result.append(item if verdict else element)
    meter.room_for_list(len(result))
    return result


def _reverse_list(meter: Meter, values: Value) -> Value:
    return None if values is None else _copy_list(elements(values)[::-1], meter)


def _index_of(meter: Meter, values: Value, match: Value) -> Value:
    if values is None:
        return None
    return [Decimal(place) for place, value in enumerate(elements(values), 1) if _is_equal(value, match, meter)]


def _unite_lists(meter: Meter, *lists: Value) -> Value:
    if any(values is None for values in lists):
        return None
    return _drop_duplicates(meter, _join_lists(lists, meter))


def _drop_duplicates(meter: Meter, values: Value) -> Value:
    if values is None:
        return None
    result: list[Value] = []
    for value in elements(values):
        if not any(_is_equal(value, element, meter) for element in result):
            result.append(value)
    return result


def _flatten_list(meter: Meter, values: Value) -> Value:
    if values is None:
        return None
    result: list[Value] = []
    pending = [values]
    while pending:
        value = to_feel_value(pending.pop())
        meter.charge(1)
        if type(value) is list:
            meter.room_for_list(len(value))
            pending.extend(reversed(value))
        else:
            result.append(value)
    meter.room_for_list(len(result))
    return result


def _sort_list(meter: Meter, values: Value, precedes: Value = None) -> Value:
    if values is None or not (precedes is None or isinstance(precedes, Function)):
        return None
    failed = False

    def compare_items(item: Value, other: Value) -> int:
        nonlocal failed
        meter.charge(1)
        before = (
            compare_order("<", item, other) if precedes is None else invoke_function(precedes, (item, other), meter)
        )
        failed = failed or not isinstance(before, bool)
        if before is True:
            return -1
        after = compare_order("<", other, item) if precedes is None else invoke_function(precedes, (other, item), meter)
        return 1 if after is True else 0

    result = sorted(elements(values), key=cmp_to_key(compare_items))
    meter.room_for_list(len(result))
    return None if failed else result


LISTS = [
    builtin("list contains", "list, element", _has_element),
    builtin("count", "list", _count_elements),
    builtin("min", "list…", _make_extreme("<")),
    builtin("max", "list…", _make_extreme(">")),
    builtin("all", "list…", _test_all),
    builtin("any", "list…", _test_any),
    builtin("sublist", "list, start position, length?", _take_sublist),
    builtin("append", "list, item…", _append_elements),
    builtin("concatenate", "list…", _concatenate_lists),
    builtin("insert before", "list, position, newItem", _insert_before),
    builtin("remove", "list, position", _remove_element),
    builtin("list replace", "list, position, newItem", _replace_element, "list, match, newItem"),
    builtin("reverse", "list", _reverse_list),
    builtin("index of", "list, match", _index_of),
    builtin("union", "list…", _unite_lists),
    builtin("distinct values", "list", _drop_duplicates),
    builtin("flatten", "list", _flatten_list),
    builtin("sort", "list, precedes?", _sort_list),
]
