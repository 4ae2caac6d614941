"""Parse days, times, numbers, row numbers and words from fields and addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TypeVar

from flask import g, request

from service.domain.calendar import CHINA
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_whole_number, whole_number
from service.domain.values.typed_text import split_words
from service.domain.values.typed_times import read_day, typed_moment

Moment = TypeVar("Moment")

LARGEST_ID = 2**63 - 1
"""Largest number a row can have, in SQLite and in PostgreSQL."""


def words(name: str) -> tuple[str, ...]:
    """Return the words of a field."""
    return split_words(request.form.get(name, ""))


def refuse_field(name: str, message: Text) -> Invalid:
    """Return the refusal of a field of this request, beside which the page that answers says ``message`` too."""
    g.refused_fields = {name: message}
    return Invalid(message, field=name)


def find_refusal(name: str) -> Text | None:
    """Return why this request's field was refused, None where it was not."""
    refused: Mapping[str, Text] = g.get("refused_fields", {})
    return refused.get(name)


def typed_again(name: str, value: object) -> object:
    """Return what was typed under ``name`` into the posted form that this page answers, ``value`` where there is none."""
    return request.form.get(name, value) if request.method == "POST" else value


def day(name: str) -> date:
    """Return the day of a field; raises Invalid."""
    try:
        return read_day(request.form.get(name, ""))
    except ValueError:
        raise refuse_field(name, Text("日期请写成 2026-06-05 的样子。", "Write dates like 2026-06-05.")) from None


def day_or_none(name: str) -> date | None:
    """Return the day of a field, or None where it is empty."""
    return day(name) if request.form.get(name, "").strip() else None


COUNTED_YEARS = range(1000, 9000)
"""Years whose days have a week before and after them, to count from."""


def find_query_day(values: Mapping[str, str], name: str) -> date | None:
    """Return the day under ``name`` of a query string, None where there is none; raises Invalid."""
    text = values.get(name, "").strip()
    try:
        parsed_day = read_day(text) if text else None
        if parsed_day and parsed_day.year not in COUNTED_YEARS:
            raise ValueError(text)
        return parsed_day
    except ValueError:
        raise Invalid(
            Text(
                f"日期“{text[:20]}”无效，请写成 2026-06-05 的样子。",
                f"The day “{text[:20]}” cannot be: write days like 2026-06-05.",
            )
        ) from None


def instant(name: str) -> datetime:
    """Return the time of a field, Chinese time unless it says another; raises Invalid."""
    try:
        moment = datetime.fromisoformat(typed_moment(request.form.get(name, "")))
    except ValueError:
        message = Text("时间请写成 2026-06-05 09:30 的样子。", "Write the time like 2026-06-05 09:30.")
        raise refuse_field(name, message) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def read_form_number(name: str, called: Text | None = None) -> int:
    """Return the whole number of a field, which people know as ``called``, None for one they do not see; raises Invalid."""
    value = typed_whole_number(request.form.get(name, ""))
    if value is not None and value < 10**12:
        return value
    if called is None:
        raise _build_incomplete()
    raise refuse_field(name, Text(f"“{called.zh}”请填写整数。", f"Enter a whole number in “{called.en}”."))


def row_id(text: str) -> int:
    """Return the number of a row; raises NotFound for what cannot be one."""
    value = whole_number(text)
    if value is None or value > LARGEST_ID:
        raise NotFound(Text("没有这一项，可能已被移除，请刷新页面后重试。", "There is no such item: reload the page."))
    return value


def row_id_or_none(values: Mapping[str, str], name: str) -> int | None:
    """Return the row number under ``name``, None where there is none; raises NotFound for what cannot be one."""
    text = values.get(name, "").strip()
    return row_id(text) if text else None


def row_ids(name: str) -> list[int]:
    """Return the row numbers a form picks under ``name``; raises NotFound for what cannot be one."""
    return [row_id(text) for text in request.form.getlist(name)]


def count_or_none(values: Mapping[str, str], name: str) -> int | None:
    """Return a whole number such as a version, None where there is none; raises Invalid."""
    text = values.get(name, "").strip()
    value = whole_number(text)
    if text and (value is None or value > 2**31):
        raise _build_incomplete()
    return value


def _build_incomplete() -> Invalid:
    return Invalid(Text("页面内容不完整，请刷新后重试。", "The page was incomplete: reload it."))


def find_query_cursor(values: Mapping[str, str], name: str) -> int | None:
    """Return after or before which row a list goes on, None at its beginning; raises Invalid for a malformed one."""
    text = values.get(name, "").strip()
    value = whole_number(text)
    if text and (value is None or value > LARGEST_ID):
        raise malformed_cursor()
    return value


def pair_cursor(values: Mapping[str, str]) -> tuple[int, int] | None:
    """Return before which rows a list of two kinds goes on ("17_4"), None at its beginning; raises Invalid."""
    return _after_place(values.get("before", ""), _row_number)


def pair_place(place: tuple[int, int] | None) -> str | None:
    """Return such a place as `pair_cursor` reads it; None where a list ends."""
    return f"{place[0]}_{place[1]}" if place else None


def _row_number(text: str) -> int:
    value = whole_number(text)
    if value is None or value > LARGEST_ID:
        raise malformed_cursor()
    return value


def dated_cursor(values: Mapping[str, str], name: str) -> tuple[datetime, int] | None:
    """Return after or before which instant and row a list goes on ("2026-06-05T01:00:00+00:00_17"); raises Invalid."""
    return _after_place(values.get(name, ""), lambda t: datetime.fromisoformat(t.replace(" ", "+")).astimezone(UTC))


def dated_place(place: tuple[datetime, int] | None) -> str | None:
    """Return such a place as `dated_cursor` reads it; None where a list ends."""
    return f"{place[0].isoformat()}_{place[1]}" if place else None


def day_cursor(values: Mapping[str, str], name: str) -> tuple[date, int] | None:
    """Return after or before which day and row a list goes on ("2026-06-05_17"); raises Invalid."""
    return _after_place(values.get(name, ""), date.fromisoformat)


def _after_place(text: str, read: Callable[[str], Moment]) -> tuple[Moment, int] | None:
    if not text:
        return None
    moment, _, number = text.rpartition("_")
    row_number = _row_number(number)
    try:
        return read(moment), row_number
    except (ValueError, OverflowError):
        raise malformed_cursor() from None


def malformed_cursor() -> Invalid:
    """Return the refusal of a place from which no list goes on."""
    return Invalid(
        Text(
            "翻页的位置无效，请从列表的第一页重新开始。",
            "The list cannot go on from there: start again from its first page.",
        )
    )
