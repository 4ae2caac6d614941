"""Convert between FEEL values and the JSON that a running instance keeps."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum

from service.catalog.bpmn.vocabulary import RESERVED_KEYS
from service.domain.feel.limits import Meter
from service.domain.feel.show import show
from service.domain.feel.temporal import YearsMonths, show_duration
from service.domain.feel.values import to_feel_value
from service.domain.text import Text
from service.engine.errors import BadData


def json_data(data: Mapping[str, object]) -> dict[str, object]:
    """Return a deep JSON copy of ``data``.

    Numbers become int where they are whole, else the nearest float; dates, times and durations become ISO 8601 text.

    Raises:
        BadData: for a key that is no text or is reserved, and for a value that JSON does not have.
    """
    return {_require_text_key(key): json_value(value) for key, value in data.items()}


_MAX_DISPLAYED_LENGTH = 200


def show_value(value: object) -> str:
    """Return a value as FEEL writes it, cut where it is long: for sentences."""
    return show(to_feel_value(value), Meter(None))[:_MAX_DISPLAYED_LENGTH]


def json_value(value: object) -> object:
    """Return the JSON form of one value; see ``json_data``."""
    if value is None or isinstance(value, bool | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, int | float | Decimal):
        return _to_number(value)
    if isinstance(value, Mapping):
        return json_data(value)
    if isinstance(value, list | tuple):
        return [json_value(element) for element in value]
    return _to_text(value)


def _to_number(value: int | float | Decimal) -> int | float:
    if not math.isfinite(value):
        raise _build_refusal(str(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    return int(value) if value == value.to_integral_value() else float(value)


def _to_text(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return show_duration(value)
    if isinstance(value, YearsMonths):
        return str(value)
    if isinstance(value, Enum):
        return json_value(value.value)
    raise _build_refusal(type(value).__name__)


def _require_text_key(key: object) -> str:
    if not isinstance(key, str) or key in RESERVED_KEYS:
        raise BadData(
            Text(
                f"数据项名称“{key}”不能使用；请换一个名称。",
                f"A data item cannot be called “{key}”; choose another name.",
            )
        )
    return key


def _build_refusal(what: str) -> BadData:
    return BadData(
        Text(
            f"流程数据不能保存“{what}”这样的值；只能是文字、数字、是否、日期、列表或由它们组成的对象。",
            f"Process data cannot hold a value such as “{what}”: use text, numbers, yes/no, dates, lists or objects.",
        )
    )
