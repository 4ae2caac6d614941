"""Values of parameters in words, instead of keys such as ``hold_organisation``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.source.freeze import thaw
from service.catalog.wording.english import english_words
from service.catalog.wording.word_lists import choice_words
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text

_UNITS = {
    Unit.WORKING_DAYS: Text("个工作日", " working days"),
    Unit.CALENDAR_DAYS: Text("天", " days"),
    Unit.MONTHS: Text("个月", " months"),
    Unit.YEARS: Text("年", " years"),
    Unit.YUAN: Text("元", " yuan"),
    Unit.POINTS: Text("分", " points"),
}

_ENTRIES = {
    "tier": Text("", ""),
    "unit": Text("", ""),
    "places": Text("名额", "places "),
    "share": Text("比例", "share "),
    "yuan": Text("金额", "yuan "),
    "years": Text("满几年：", "after years: "),
    "on": Text("日期", "on "),
    "after": Text("等到", "after "),
}
"""What the entries of a row are called, where the row has no name; of whom it speaks stands by itself."""


def value_words(parameter: Parameter, value: Any) -> Text:
    """Return ``value`` of ``parameter`` in words; keys without words stand as they are."""
    if value is None or value == "none":
        return _describe_word(parameter, "none", Text("不设", "not set"))
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    if isinstance(value, int | float):
        return number_words(value, parameter.unit)
    if isinstance(value, date) or parameter.unit is Unit.DATE:  # frozen in a case, a day is a text
        return format_full_day(date.fromisoformat(str(value)))
    if isinstance(value, str):
        return _describe_word(parameter, value, _text_words(value))
    return _describe_items(parameter, thaw(value))


def number_words(value: float, unit: Unit) -> Text:
    """Return a number with its unit."""
    words = _UNITS.get(unit, Text("", ""))
    return Text(f"{value:,}{words.zh}", f"{value:,}{words.en}")


def bounds_words(parameter: Parameter) -> Text | None:
    """Return what the law allows a number to be, None where it draws no line."""
    low = None if parameter.minimum is None else value_words(parameter, parameter.minimum)
    high = None if parameter.maximum is None else value_words(parameter, parameter.maximum)
    if low and high:
        return Text(f"{low.zh}至{high.zh}", f"{low.en} to {high.en}") if low != high else Text("不可变", "fixed")
    if low and str(parameter.minimum).startswith(">"):  # a share of votes is a bound in its own words: 不少于三分之二
        return low
    if low:
        return Text(f"不少于{low.zh}", f"at least {low.en}")
    return Text(f"不多于{high.zh}", f"at most {high.en}") if high else None


def _describe_word(parameter: Parameter, word: str, otherwise: Text) -> Text:
    words = choice_words()
    if label := parameter.labels.get(word):
        return label if label.en != label.zh else Text(label.zh, english_words().get(label.zh) or otherwise.en)
    return words.get(f"{parameter.id}/{word}") or parameter.bodies.get(word) or words.get(word) or otherwise


def _text_words(words: str) -> Text:
    """Return a value that stands in words: in English as the packages' English has it, else a key with spaces."""
    return Text(words, english_words().get(words) or words.replace("_", " "))


def _describe_items(parameter: Parameter, value: Any) -> Text:
    if isinstance(value, Mapping):
        parts = [
            (_describe_word(parameter, str(k), Text(str(k), str(k))), value_words(parameter, v))
            for k, v in value.items()
        ]
        return Text("；".join(f"{k.zh} {v.zh}" for k, v in parts), "; ".join(f"{k.en} {v.en}" for k, v in parts))
    items = [_describe_item(parameter, item) for item in value]
    return Text("、".join(i.zh for i in items) or "（空）", ", ".join(i.en for i in items) or "(empty)")


def _describe_item(parameter: Parameter, item: Any) -> Text:
    if isinstance(item, Mapping):
        named = item.get("label") or item.get("name")
        if named:
            return _text_words(str(named))
        parts = [
            (_ENTRIES.get(str(key), _text_words(str(key))), value_words(parameter, value))
            for key, value in item.items()
        ]
        return Text(" ".join(f"{k.zh}{v.zh}" for k, v in parts), " ".join(f"{k.en}{v.en}" for k, v in parts))
    return value_words(parameter, item)
