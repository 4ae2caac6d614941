"""Built-in functions on truth and identity (DMN 1.5, tables 74 and 79)."""
# ruff: noqa: ARG001  functions of one family share a signature

from __future__ import annotations

from datetime import datetime, time

from service.domain.feel.compare import equal
from service.domain.feel.functions import builtin
from service.domain.feel.limits import Meter
from service.domain.feel.values import Value, kind_of


def _not(meter: Meter, negand: Value) -> Value:
    return not negand if isinstance(negand, bool) else None


def _is(meter: Meter, value1: Value, value2: Value) -> Value:
    """Say whether two values are the same in kind and in every part, time zones included."""
    if kind_of(value1) is not kind_of(value2):
        return False
    if isinstance(value1, datetime | time) and isinstance(value2, datetime | time):
        return (value1.replace(tzinfo=None), _zone(value1)) == (value2.replace(tzinfo=None), _zone(value2))
    return equal(value1, value2, meter) is True


def _zone(value: datetime | time) -> tuple[object, object]:
    return value.utcoffset(), getattr(value.tzinfo, "key", None)


LOGIC = [builtin("not", "negand", _not), builtin("is", "value1, value2", _is)]
