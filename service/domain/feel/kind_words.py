"""The kinds of values in words that designers read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from service.domain.feel.values import ValueKind
from service.domain.text import Text

KIND_WORDS: Mapping[ValueKind, Text] = MappingProxyType(
    {
        ValueKind.NULL: Text("空值", "null"),
        ValueKind.BOOLEAN: Text("是或否", "true or false"),
        ValueKind.NUMBER: Text("数字", "number"),
        ValueKind.STRING: Text("文字", "text"),
        ValueKind.DATE: Text("日期", "date"),
        ValueKind.TIME: Text("时刻", "time of day"),
        ValueKind.DATE_TIME: Text("日期时间", "date with time"),
        ValueKind.DAYS: Text("时长", "duration"),
        ValueKind.MONTHS: Text("年月时长", "years and months"),
        ValueKind.LIST: Text("名单", "list"),
        ValueKind.CONTEXT: Text("一组值", "group of values"),
        ValueKind.RANGE: Text("区间", "range"),
        ValueKind.FUNCTION: Text("函数", "function"),
    }
)
