"""Articles of a regulation that a text names, and how the text follows when they get other numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.han_numerals import HAN_NUMERAL, read_han, write_han

_NAMED = re.compile(rf"第(?P<first>{HAN_NUMERAL})(?P<more>(?:[、和及与至到](?:第)?{HAN_NUMERAL}){{0,8}})条")
"""第十三条, 第十三至十五条, 第十三、十四条; 第十三条至第十五条 are two."""
_NUMERAL = re.compile(HAN_NUMERAL)
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


def articles_named(text: str, title: str, moved: Mapping[int, int | None]) -> tuple[NamedArticle, ...]:
    """Return where ``text`` names an article of the regulation ``title`` that ``moved`` gives another number, or none."""
    return tuple(named for _, named in _named(text, title, moved))


def followed(text: str, title: str, moved: Mapping[int, int | None]) -> str:
    """Return ``text`` with the new numbers wherever it is clear which article is meant."""
    for match, named in reversed(list(_named(text, title, moved))):
        if named.after:
            text = text[: match.start()] + named.after + text[match.end() :]
    return text


def _named(text: str, title: str, moved: Mapping[int, int | None]) -> Iterator[tuple[re.Match[str], NamedArticle]]:
    for match in _NAMED.finditer(text):
        numbers = [read_han(found) for found in _NUMERAL.findall(match[0])]
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        if not moved.keys() & set(numbers) or _is_foreign(before, title):
            continue
        clear = not _OTHER_LAW.search(before) and all(moved.get(number, number) is not None for number in numbers)
        after = _NUMERAL.sub(lambda found: _now(found[0], moved), match[0]) if clear else ""
        line_start = text.rfind("\n", 0, match.start()) + 1
        around = text[max(line_start, match.start() - _AFTER) : match.end() + _AFTER].partition("\n")[0]
        yield match, NamedArticle(text.count("\n", 0, match.start()) + 1, around.strip(), match[0], after)


def _now(numeral: str, moved: Mapping[int, int | None]) -> str:
    number = moved.get(read_han(numeral))
    return write_han(number) if number else numeral


def _is_foreign(before: str, title: str) -> bool:
    """Tell whether the article after these words is one of another regulation, whose title they end with."""
    titled = _TITLED.search(before)
    return titled is not None and not _is_own(titled["title"], title)


def _is_own(named: str, title: str) -> bool:
    """Tell whether a title names this regulation; one that a formula fills in does."""
    return "{" in named or named.endswith(title) or title.endswith(named)
