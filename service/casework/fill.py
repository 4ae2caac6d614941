"""Sentences with FEEL in braces: titles, documents, notices, consequences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from service.domain.calendar import local_date
from service.domain.feel import Expression, FunctionSet, compile_expression

_BRACES = re.compile(r"\{([^{}]+)\}")


def fill(template: str, scope: Mapping[str, object], functions: FunctionSet, context: object) -> str:
    """Return ``template`` with every ``{FEEL}`` replaced by its value over ``scope``, in words.

    Dates are written 2026年6月5日, lists joined by 、, and what is unknown leaves nothing.
    """
    return _BRACES.sub(lambda m: in_words(compiled(m[1], functions).evaluate(scope, context)), template)


@lru_cache(maxsize=4096)
def compiled(text: str, functions: FunctionSet) -> Expression:
    """Return the compiled expression ``text``; raises FeelSyntaxError."""
    return compile_expression(text, functions=functions)


def in_words(value: object) -> str:
    """Return a FEEL value as a Chinese reader expects it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return _chinese(local_date(value))
    if isinstance(value, date):
        return _chinese(value)
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, list | tuple):
        return "、".join(in_words(item) for item in value)
    text = str(value)
    return _chinese(date.fromisoformat(text)) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
