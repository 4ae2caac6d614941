"""Days, times, numbers and words as they are typed into plain fields."""

from __future__ import annotations

from datetime import date, datetime

from flask import request

from service.domain.calendar import CHINA
from service.domain.errors import Invalid
from service.domain.text import Text


def words(name: str) -> tuple[str, ...]:
    """Return the words of a field, parted by 、 or ，."""
    return tuple(w.strip() for w in request.form.get(name, "").replace("，", "、").split("、") if w.strip())


def day(name: str) -> date:
    """Return the day of a field; raises Invalid."""
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError:
        raise Invalid(Text("日期请写成 2026-06-05 的样子。", "Write dates like 2026-06-05.")) from None


def day_or_none(name: str) -> date | None:
    """Return the day of a field, or None where it is empty."""
    return day(name) if request.form.get(name, "").strip() else None


def instant(text: str) -> datetime:
    """Return a time as typed, Chinese time unless it says another; raises Invalid."""
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "T"))
    except ValueError:
        raise Invalid(Text("时间请写成 2026-06-05 09:30 的样子。", "Write the time like 2026-06-05 09:30.")) from None
    return found if found.tzinfo else found.replace(tzinfo=CHINA)


def number(name: str) -> int:
    """Return the whole number of a field; raises Invalid."""
    text = request.form.get(name, "").strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        raise Invalid(Text("请填写数字。", "Enter a number."))
    return int(text)
