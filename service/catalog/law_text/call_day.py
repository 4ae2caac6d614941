"""The day of the year on which a text says that applications are called for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.catalog.law_text.numbers import whole
from service.catalog.law_text.preset import sentences, squeezed
from service.catalog.law_text.year_days import year_day

_COUNTED = "[0-9]{1,2}|[一二三四五六七八九十]{1,3}"
_CALLED = re.compile(rf"每年(?:的)?({_COUNTED})月({_COUNTED})日")
_BY = re.compile("前[^。；]{0,14}?(?:发布|发出|下发|印发|公布)[^，。；]{0,12}(?:公告|通知|通告)")


def call_by_presets(passages: Iterable[tuple[str, str]]) -> tuple[str, str] | None:
    """Return the last day (month-day) by which a text has applications called for, with the article; None where it names none."""
    for article, text in passages:
        for sentence in sentences(squeezed(text)):
            hit = _BY.search(sentence) if re.search("申报|评选|评审", sentence) else None
            day = year_day(sentence[: hit.start() + 1]) if hit else None
            if day is not None:
                return day.typed, article
    return None


def call_day_presets(text: str) -> dict[str, str]:
    """Return the day (month-day) that “每年3月1日” names; nothing where the text names none, several, or a last day (前)."""
    found = [(match, text[match.end() : match.end() + 2]) for match in _CALLED.finditer(text)]
    if len(found) != 1 or found[0][1].startswith(("前", "以前", "之前", "至")):
        return {}
    month, day = (whole(said) for said in found[0][0].groups())
    return {"day": f"{month:02}-{day:02}"} if month and day else {}
