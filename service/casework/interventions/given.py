"""What an intervention is given: words, days, numbers, each told in one sentence where it is missing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.typed_times import read_day

LONGEST = 300


def text_of(values: Mapping[str, Any], name: str, what: Text) -> str:
    """Return the words under ``name``; raises Invalid where they are missing or too long."""
    text = str(values.get(name) or "").strip()
    if not text:
        raise Invalid(Text(f"请填写{what.zh}。", f"Enter {what.en}."), field=name)
    if len(text) > LONGEST:
        too_long = Text(f"{what.zh}请控制在{LONGEST}字以内。", f"At most {LONGEST} characters for {what.en}.")
        raise Invalid(too_long, field=name)
    return text


def day_of(values: Mapping[str, Any], name: str) -> date:
    """Return the day under ``name``; raises Invalid."""
    try:
        return read_day(str(values.get(name) or ""))
    except ValueError:
        raise Invalid(Text("日期请写成 2026-06-05 的样子。", "Write dates like 2026-06-05."), field=name) from None


def number_of(values: Mapping[str, Any], name: str, what: Text) -> int:
    """Return the row number under ``name``; raises Invalid."""
    text = str(values.get(name) if values.get(name) is not None else "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(Text(f"请选择{what.zh}。", f"Choose {what.en}."), field=name)
    return int(text)
