"""Days of the year in the words of a regulation: “每年3月31日前”, “三月底前”, in digits or Chinese numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.catalog.law_text.numbers import whole
from service.domain.wording.numbers import HAN_NUMERAL

_N = rf"[0-9]{{1,2}}|{HAN_NUMERAL}"
_DAY = re.compile(rf"(?P<month>{_N})月(?:份)?(?:(?P<day>{_N})[日号]|(?P<last>底|末))(?=(?:之|以)?前)")
_LAST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")


@dataclass(frozen=True, slots=True)
class YearDay:
    """A day of every year: ``typed`` as month-day such as 03-31, ``words`` those of the text."""

    typed: str
    words: str


def year_day(text: str) -> YearDay | None:
    """Return the day before which something is due each year; None where the text names none, or several."""
    text = re.sub(r"\s+", "", text).translate(_FULL_WIDTH)
    found = {}
    for hit in _DAY.finditer(text):
        month = whole(hit["month"])
        if not 1 <= month <= len(_LAST) or re.search(r"[0-9〇零一二三四五六七八九]年$", text[: hit.start()]):
            continue
        day = _LAST[month - 1] if hit["last"] else whole(hit["day"])
        if 1 <= day <= max(_LAST[month - 1], 29 if month == 2 else 0):
            found[f"{month:02}-{day:02}"] = hit[0]
    if len(found) != 1:
        return None
    [(typed, words)] = found.items()
    return YearDay(typed, f"{words}前")
