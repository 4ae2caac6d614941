"""Articles of a regulation, and parts of them, that a text names, and how it follows when they get other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from service.catalog.law_text.around import words_around
from service.catalog.law_text.moved_places import Moves, is_within, place_now
from service.domain.wording.han_numerals import HAN_NUMERAL, read_han, write_han

_NAMED = re.compile(rf"第(?P<first>{HAN_NUMERAL})(?P<more>(?:[、和及与至到](?:第)?{HAN_NUMERAL}){{0,8}})条")
"""第十三条, 第十三至十五条, 第十三、十四条; 第十三条至第十五条 are two."""
_PART = re.compile(rf"(?:第(?P<paragraph>{HAN_NUMERAL})款)?(?:第[（(]?(?P<item>{HAN_NUMERAL})[)）]?项)?")
_FURTHER = re.compile(
    rf"(?:第[（(]?{HAN_NUMERAL}[)）]?)?(?:[、和及与至到]|以及)(?:本条)?第?[（(]?{HAN_NUMERAL}[)）]?(?:[、和及与至到]|[款项])"
)
"""More than one part of an article: 第（二）、（三）项, 、第四项."""
_SECTION = re.compile(
    rf"(?<![一二三四五六七八九十百零〇]){HAN_NUMERAL}（{HAN_NUMERAL}）(?:[0-9]{{1,2}}(?![0-9年月日个]))?"
)
"""A passage of a text in parts: 二（三）2."""
_NUMERAL = re.compile(HAN_NUMERAL)
_Found: TypeAlias = tuple[int, int, str]
"""Beginning and end of a name, and what stands there then: "" where a person must decide."""
_TITLED = re.compile(
    rf"《(?P<title>[^《》]{{1,80}})》(?:（[^（）]{{0,40}}）)?的?"
    rf"(?:第{HAN_NUMERAL}条(?:第{HAN_NUMERAL}款)?(?:第[（(]?{HAN_NUMERAL}[)）]?项)?(?:第{HAN_NUMERAL}段)?(?:[、和及与至到]|以及)?)*$"
)
"""A title right before an article, with other articles of the same regulation between."""
_OTHER_LAW = re.compile(r"(?<![本该])(?:(?<!办)法|法典|条例|规定|细则)$")
_BEFORE, _AFTER = 200, 16


@dataclass(frozen=True, slots=True)
class NamedArticle:
    """A place of a text that names a moved article: line from 1, the words around, and what they would say.

    ``after`` is "" where a person must decide: the article is gone, or it may be one of another regulation.
    """

    line: int
    words: str
    before: str
    after: str


def articles_named(text: str, title: str, moved: Moves) -> tuple[NamedArticle, ...]:
    """Return where ``text`` names a place of the regulation ``title`` that ``moved`` gives another number, or none."""
    return tuple(_as_named(text, found) for found in _found(text, title, moved))


def followed(text: str, title: str, moved: Moves) -> str:
    """Return ``text`` with the new numbers wherever it is clear which article is meant."""
    for start, end, after in reversed(_found(text, title, moved)):
        if after:
            text = text[:start] + after + text[end:]
    return text


def _found(text: str, title: str, moved: Moves) -> list[_Found]:
    """Return every place that moved, in the order of the text."""
    found = list(_articles(text, title, moved))
    if any(not place.startswith("第") for place in moved):
        found += _sections(text, title, moved)
    return sorted(found)


def _sections(text: str, title: str, moved: Moves) -> Iterator[_Found]:
    for match in _SECTION.finditer(text):
        now = place_now(match[0], moved)
        if now != match[0] and not _is_foreign(_before(text, match), title):
            yield match.start(), match.end(), now or ""


def _articles(text: str, title: str, moved: Moves) -> Iterator[_Found]:
    for match in _NAMED.finditer(text):
        before = _before(text, match)
        places = [f"第{write_han(read_han(found))}条" for found in _NUMERAL.findall(match[0])]
        end, names = _named_part(text, match.end(), places, moved)
        if names == [place_now(name, moved) for name in names] or _is_foreign(before, title):
            continue
        now = [] if _OTHER_LAW.search(before) or end < 0 else [place_now(name, moved) for name in names]
        end = max(end, match.end())
        yield match.start(), end, _with_numbers(text[match.start() : end], now)


def _named_part(text: str, end: int, places: list[str], moved: Moves) -> tuple[int, list[str]]:
    """Return where a name ends and what it names: the articles, or the one part of one article of which parts moved.

    -1 where several of its parts are named, so that a person must look.
    """
    part = _PART.match(text, end)
    if len(places) > 1 or not part or not part[0] or not any(_is_part_of(held, places[0]) for held in moved):
        return end, places
    name = places[0]
    name += f"第{part['paragraph']}款" if part["paragraph"] else ""
    name += f"第（{part['item']}）项" if part["item"] else ""
    return (-1 if _FURTHER.match(text, part.end()) else part.end()), [name]


def _is_part_of(place: str, article: str) -> bool:
    return place != article and is_within(place, article)


def _with_numbers(words: str, now: list[str | None]) -> str:
    """Return ``words`` with the numbers of the places ``now``, in their own way of writing; "" where one is gone."""
    if not now or None in now:
        return ""
    numbers = iter(_NUMERAL.findall("".join(one or "" for one in now)))
    return _NUMERAL.sub(lambda _: next(numbers), words)


def _as_named(text: str, found: _Found) -> NamedArticle:
    start, end, after = found
    return NamedArticle(text.count("\n", 0, start) + 1, words_around(text, start, end, _AFTER), text[start:end], after)


def _before(text: str, match: re.Match[str]) -> str:
    return text[max(0, match.start() - _BEFORE) : match.start()]


def _is_foreign(before: str, title: str) -> bool:
    """Tell whether the article after these words is one of another regulation, whose title they end with."""
    titled = _TITLED.search(before)
    return titled is not None and not _is_own(titled["title"], title)


def _is_own(named: str, title: str) -> bool:
    """Tell whether a title names this regulation; one that a formula fills in does."""
    return "{" in named or named.endswith(title) or title.endswith(named)
