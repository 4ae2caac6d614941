"""Built-in functions on contexts (DMN 1.5, table 80)."""

# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time

from service.domain.feel.compare import is_equal_value
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.values import Function, Value, elements, get_context_entry, is_context, kind_of, to_feel_value


def _get_value(meter: Meter, context: Value, key: Value) -> Value:
    if type(key) is list:
        for part in key:
            context = get_context_entry(context, part) if isinstance(part, str) else None
        return context if key else None
    return get_context_entry(context, key) if isinstance(key, str) else None


def _get_entries(meter: Meter, context: Value) -> Value:
    if not isinstance(context, Mapping):
        return None
    meter.room_for_list(len(context))
    return [{"key": key, "value": to_feel_value(value)} for key, value in context.items()]


def _build_context(meter: Meter, pairs: Value) -> Value:
    if is_context(pairs):
        pairs = [pairs]
    if type(pairs) is not list:
        return None
    meter.room_for_list(len(pairs))
    result: dict[str, Value] = {}
    for pair in pairs:
        if not isinstance(pair, Mapping) or "key" not in pair or "value" not in pair:
            return None
        key = pair["key"]
        if not isinstance(key, str) or key in result:
            return None
        result[key] = to_feel_value(pair["value"])
    return result


def _put_entry(meter: Meter, context: Value, key: Value, value: Value) -> Value:
    if not isinstance(context, Mapping):
        return None
    meter.room_for_list(len(context) + 1)
    if isinstance(key, str):
        return {**context, key: value}
    if type(key) is not list or not key or not isinstance(key[0], str):
        return None
    if len(key) == 1:
        return {**context, key[0]: value}
    inner = _put_entry(meter, get_context_entry(context, key[0]), key[1:], value)
    return None if inner is None else {**context, key[0]: inner}


def _merge_contexts(meter: Meter, contexts: Value) -> Value:
    if contexts is None:
        return None
    result: dict[str, Value] = {}
    for context in elements(contexts):
        if not isinstance(context, Mapping):
            return None
        meter.room_for_list(len(context))
        result.update(context)
    return result


CONTEXTS: list[Function] = [
    builtin("get value", "m, key", _get_value, "context, key", "m, keys", "context, keys"),
    builtin("get entries", "m", _get_entries, "context"),
    builtin("context", "entries", _build_context),
    builtin("context put", "context, key, value", _put_entry, "context, keys, value"),
    builtin("context merge", "contexts", _merge_contexts),
]


def _not(meter: Meter, negand: Value) -> Value:
    return not negand if isinstance(negand, bool) else None


def _is(meter: Meter, value1: Value, value2: Value) -> Value:
    """Say whether two values are the same in kind and in every part, time zones included."""
    if kind_of(value1) is not kind_of(value2):
        return False
    if isinstance(value1, datetime | time) and isinstance(value2, datetime | time):
        return (value1.replace(tzinfo=None), _zone(value1)) == (value2.replace(tzinfo=None), _zone(value2))
    return is_equal_value(value1, value2, meter) is True


def _zone(value: datetime | time) -> tuple[object, object]:
    return value.utcoffset(), getattr(value.tzinfo, "key", None)


LOGIC = [builtin("not", "negand", _not), builtin("is", "value1, value2", _is)]
