"""The new wording that a decision gives to one passage or to each of several."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.domain.wording.han_numerals import HAN_NUMERAL

_MARKS = '“”"「」 \n'
_OWN_NUMBER = re.compile(rf"^(?:第{HAN_NUMERAL}条\s*|[（(]{HAN_NUMERAL}[)）]\s*)")
_LAST_NUMBER = re.compile(rf"第（?({HAN_NUMERAL})）?([条项])$")
_ARTICLE = re.compile(rf"(?:^|\n)\s*(第{HAN_NUMERAL}条)[\s　]")


def wordings(places: Sequence[str], quotes: Sequence[str]) -> tuple[str, ...]:
    """Return the wording of each of ``places`` out of what is quoted; () where it is not clear what is whose."""
    if len(places) == 1:
        text = "\n".join(quotes)
        return (wording(text),) if text.strip() and len(_ARTICLE.findall(text)) <= 1 else ()
    if len(quotes) == len(places):
        return tuple(wording(quote) for quote in quotes)
    return tuple(wording(part) for part in _parted(places, "\n".join(quotes)))


def own_places(quotes: Sequence[str]) -> tuple[str, ...]:
    """Return the articles whose numbers stand in what is quoted."""
    return tuple(_ARTICLE.findall("\n".join(quotes)))


def wording(text: str) -> str:
    """Return a wording without its own number and the marks around it."""
    return _OWN_NUMBER.sub("", text.strip(_MARKS)).strip(_MARKS)


def _parted(places: Sequence[str], text: str) -> list[str]:
    """Part a text before the number of each of ``places``; where they have none, by its lines."""
    begins: list[int] = []
    for place in places:
        number = _LAST_NUMBER.search(place)
        if number is None:
            lines = text.strip().split("\n")
            return lines if len(lines) == len(places) else []
        own = rf"第{number[1]}条" if number[2] == "条" else rf"[（(]{number[1]}[)）]"
        found = re.compile(rf"(?:^|(?<=[。；;：:\s])){own}").search(text, begins[-1] + 1 if begins else 0)
        if found is None:
            return []
        begins.append(found.start())
    if not begins or text[: begins[0]].strip():
        return []
    return [text[begin:end] for begin, end in zip(begins, [*begins[1:], len(text)], strict=True)]
