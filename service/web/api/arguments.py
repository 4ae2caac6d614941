"""What operations read of their query: each name with its meaning and the values it takes; anything else is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number
from service.web.frame.requests.list_query import HEADER
from service.web.frame.requests.parse_values import (
    COUNTED_YEARS,
    LARGEST_ID,
    dated_cursor,
    day_cursor,
    find_query_cursor,
    malformed_cursor,
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Check = Callable[[str], Text | None]


@dataclass(frozen=True, slots=True)
class Argument:
    """One name of a query: what it means, its values as JSON Schema, and ``wrong``, which says what a value lacks.

    ``wrong`` gets the value as sent and returns what is expected instead, None where the value is good. ``header`` names
    the header in which it is sent instead of the address, because it may name people; it is read under its name all the same.
    ``read`` makes of a good value what the use case takes as ``parameter``, by default the one of its name.
    """

    meaning: str
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    required: bool = False
    wrong: Check = lambda _value: None
    header: str = ""
    read: Callable[[str], Any] = str
    parameter: str = ""

    def to(self, parameter: str) -> Argument:
        """Return the same for a ``parameter`` of another name."""
        return replace(self, parameter=parameter)


Query = Mapping[str, str | Argument]
"""The query of an operation; a bare text is the meaning of an argument that takes any text."""


def to_argument(argument: str | Argument) -> Argument:
    """Return an argument of a query as one."""
    return argument if isinstance(argument, Argument) else Argument(argument)


def build_text_argument(meaning: str) -> Argument:
    """A text without which there is nothing to answer."""
    expected = Text("不能为空", "something")
    return Argument(meaning, {"type": "string", "minLength": 1}, True, lambda value: None if value else expected)


def people_sought(meaning: str) -> Argument:
    """Words that may name somebody: sent in a header (UTF-8 with %-escapes), never in the address."""
    return Argument(f"{meaning}; in UTF-8 with %-escapes", header=HEADER)


def words(meaning: str, *choices: str) -> Argument:
    """One of a few words."""
    expected = Text("应为 " + "、".join(choices), "one of " + ", ".join(choices))
    return Argument(
        meaning, {"type": "string", "enum": list(choices)}, wrong=lambda value: None if value in choices else expected
    )


def award_id(meaning: str) -> Argument:
    """The id of an award, without its place."""
    expected = Text("只写奖项，不带地方（地方用 jurisdiction）", "an award without its place, which is `jurisdiction`")
    schema = {"type": "string", "pattern": "^[^/]+$"}
    return Argument(meaning, schema, wrong=lambda value: expected if "/" in value else None)


def whole(meaning: str, least: int = 1, most: int = LARGEST_ID) -> Argument:
    """A whole number, by default that of a row."""
    expected = Text(f"应为 {least} 至 {most} 的整数", f"a whole number from {least} to {most}")

    def check_whole(value: str) -> Text | None:
        number = whole_number(value)
        return None if number is not None and least <= number <= most else expected

    return Argument(meaning, {"type": "integer", "minimum": least, "maximum": most}, wrong=check_whole, read=int)


def calendar_day(meaning: str) -> Argument:
    """A day such as 2026-06-05."""
    expected = Text("应为日期，如 2026-06-05", "a day such as 2026-06-05")
    schema = {"type": "string", "format": "date"}
    return Argument(meaning, schema, wrong=lambda v: None if is_day(v) else expected, read=date.fromisoformat)


def due_within() -> Argument:
    """Which last days tasks have: over, today, within five working days, none, or one day."""
    words = ("late", "today", "soon", "none")
    expected = Text(
        "应为 late、today、soon、none 或日期，如 2026-06-05", "late, today, soon, none or a day such as 2026-06-05"
    )
    schema = {"anyOf": [{"type": "string", "enum": list(words)}, {"type": "string", "format": "date"}]}
    return Argument("when it is due", schema, wrong=lambda v: None if v in words or is_day(v) else expected)


def is_day(value: str) -> bool:
    """Return whether a text is a day as RFC 3339 writes it; weeks, days without hyphens and days of no counted year are none."""
    try:
        return _DAY.fullmatch(value) is not None and date.fromisoformat(value).year in COUNTED_YEARS
    except ValueError:
        return False


def _build_place_argument(
    schema: Mapping[str, Any], read: Callable[[Mapping[str, str], str], object], meaning: str
) -> Argument:
    def check_place(value: str) -> Text | None:
        if not value.strip():
            raise malformed_cursor()
        read({"": value}, "")
        return None

    return Argument(meaning, schema, wrong=check_place, read=lambda value: read({"": value}, ""))


_AFTER_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}_[0-9]{1,19}$"}
_AFTER_INSTANT = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}.*_[0-9]{1,19}$"}
_ON = "continue a page: the `next` of the one before"


def row_place(meaning: str = _ON) -> Argument:
    """Where a list goes on that is continued by the number of a row."""
    return _build_place_argument({"type": "integer", "minimum": 0, "maximum": LARGEST_ID}, find_query_cursor, meaning)


def instant_place(meaning: str = _ON) -> Argument:
    """Where a list goes on that is continued by an instant and a row."""
    return _build_place_argument(_AFTER_INSTANT, dated_cursor, meaning)


def day_place() -> Argument:
    """Where a list goes on that is continued by a day and a row."""
    return _build_place_argument(_AFTER_DAY, day_cursor, _ON)


def read_query_values(query: Query | None, sent: MultiDict[str, str]) -> ImmutableMultiDict[str, str]:
    """Return what was sent under the names of ``query``; raises Invalid for a name that the operation does not have."""
    arguments = query or {}
    strange = [name for name in sent if name not in arguments]
    if strange:
        taken = [name for name, told in arguments.items() if not to_argument(told).header]
        takes = "、".join(taken), ", ".join(taken)
        raise Invalid(
            Text(
                f"此地址没有参数“{'、'.join(strange)}”，{f'可用：{takes[0]}' if taken else '不接受参数'}。请核对写法后重新发送。",
                f"There is no query argument {', '.join(strange)} here; {f'there are: {takes[1]}' if taken else 'none is taken'}."
                " See how it is written and send it again.",
            )
        )
    return ImmutableMultiDict(sent)


def require_in_header(query: Query | None, address: Mapping[str, str]) -> None:
    """Raise Invalid where an ``address`` says what may name people, and is sent in a header for that reason."""
    for name, spec in (query or {}).items():
        header = to_argument(spec).header
        if header and name in address:
            raise Invalid(
                Text(
                    f"“{name}”可能含有姓名、电话等个人信息，不能写在地址里：请改用请求头 {header} 发送（UTF-8，按 % 转义）。",
                    f"“{name}” may name people and is not taken from the address: send it in the header {header} (UTF-8 with %-escapes).",
                )
            )


def require_query(query: Query | None, sent: Mapping[str, str]) -> None:
    """Raise Invalid for an argument that is missing, or whose value is none that it takes."""
    for name, spec in (query or {}).items():
        query_argument = to_argument(spec)
        value = sent.get(name)
        if value is None and not query_argument.required:
            continue
        expected = query_argument.wrong(value or "")
        if expected is not None:
            raise Invalid(
                Text(
                    f"请求地址中的参数“{name}”{expected.zh}。",
                    f"The query argument “{name}” must be {expected.en}.",
                )
            )
