"""Split the text of a regulation into its articles, paragraphs and items, each named as it is cited."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from service.catalog.law_text.paragraphs import ARTICLE, CHAPTER, HEADING, ITEM, SUBITEM, Paragraph, paragraphs_of
from service.domain.text import Text
from service.domain.wording.numbers import HAN_NUMERAL, read_han, write_han

_FEWEST_ARTICLES = 2
_FIRST_ITEM = re.compile(r"^[（(]\s*一\s*[)）]")
_CITED = re.compile(rf"第[^条]+条(?:之{HAN_NUMERAL})?")
_WITHIN = re.compile(rf"[。；;]\s*(第{HAN_NUMERAL}条(?:之{HAN_NUMERAL})?)[\s:：]")
_SENTENCE = re.compile(r"(?<=[。；;])")


class LawLevel(StrEnum):
    """What a unit is in the regulation."""

    PREAMBLE = "preamble"
    HEADING = "heading"
    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SUBITEM = "subitem"


@dataclass(frozen=True, slots=True)
class LawUnit:
    """One passage: ``place`` is how it is cited, ``numbers`` those of its article, item and sub-item.

    ``again`` counts passages of the same place: a regulation may number two articles alike. ``seams`` are positions
    in ``text`` where a page ended.
    """

    place: str
    text: str
    level: LawLevel
    numbers: tuple[int, ...]
    again: int = 1
    seams: tuple[int, ...] = ()


def split_law(text: str) -> tuple[LawUnit, ...]:
    """Return the passages of a regulation in its order; chapter titles are left out.

    Texts by articles (第一条) and texts by headings (一、 and （一）) are told apart by what they hold.
    """
    paragraphs = paragraphs_of(text)
    begins = [bool(ARTICLE.match(paragraph.text)) for paragraph in paragraphs]
    by_articles = sum(begins) >= _FEWEST_ARTICLES or begins[:1] == [True]
    units = list(_Articles(paragraphs).units() if by_articles else _iterate_headed_units(paragraphs))
    return tuple(_number_repeated(_with_first_paragraphs(units) if by_articles else units))


def doubts_of(units: Sequence[LawUnit]) -> list[Text]:
    """Return what somebody should look at: articles out of turn, and those that begin within a line of another."""
    articles = [replace(u, place=u.place.removesuffix("第一款")) for u in units if u.level is LawLevel.ARTICLE]
    out_of_turn = [
        Text(
            f"条号不连续：“{a.place}”之后是“{b.place}”，请核对。",
            f"Article {a.place} is followed by {b.place}: check it.",
        )
        for a, b in pairwise(articles)
        if b.numbers[0] - a.numbers[0] not in (0, 1) or a.place == b.place
    ]
    within = [
        Text(f"“{unit.place}”中有“{hit[1]}”，请核对是否应另起一条。", f"{hit[1]} stands within {unit.place}: check it.")
        for unit in units
        for hit in _WITHIN.finditer(unit.text)
    ]
    return out_of_turn + within


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of a passage, parted behind full stops and semicolons."""
    return tuple(piece.strip() for piece in _SENTENCE.split(text) if piece.strip())


class _Articles:
    """Reads a text by articles; remembers in which article, paragraph and item it is."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self._paragraphs = paragraphs
        self._article, self._number, self._paragraph = "", 0, 0
        self._item, self._item_number, self._part = "", 0, 1

    def units(self) -> Iterator[LawUnit]:
        for index, paragraph in enumerate(self._paragraphs):
            if not CHAPTER.match(paragraph.text):
                yield self._read_unit(index, paragraph)

    def _read_unit(self, index: int, paragraph: Paragraph) -> LawUnit:
        text = paragraph.text
        if match := ARTICLE.match(text):
            number = match["number"]
            self._number = int(number) if number.isdigit() else read_han(number)
            self._article = f"第{write_han(self._number) if number.isdigit() else number}条"
            self._article += f"之{match['added']}" if match["added"] else ""
            self._paragraph, self._item = 1, ""
            return _build_passage(self._article, match["text"], LawLevel.ARTICLE, (self._number,), paragraph)
        if not self._article:
            return _build_passage("题注", text, LawLevel.PREAMBLE, (0,), paragraph)
        within = f"{self._article}第{write_han(self._paragraph)}款"
        if match := ITEM.match(text):
            self._item, self._item_number, self._part = f"第（{match[1]}）项", read_han(match[1]), 1
            item_numbers = (self._number, self._item_number)
            return _build_passage(within + self._item, match[2], LawLevel.ITEM, item_numbers, paragraph)
        if match := SUBITEM.match(text):
            numbers = (self._number, *([self._item_number] if self._item else []), int(match[1]))
            return _build_passage(f"{within}{self._item}第{match[1]}目", match[2], LawLevel.SUBITEM, numbers, paragraph)
        return self._read_further_paragraph(index, paragraph)

    def _read_further_paragraph(self, index: int, paragraph: Paragraph) -> LawUnit:
        """A paragraph with a further item behind it belongs to the item before (段); behind the last it is a 款."""
        if self._item and self._item_follows(index):
            self._part += 1
            place = f"{self._article}第{write_han(self._paragraph)}款{self._item}第{write_han(self._part)}段"
            return _build_passage(
                place, paragraph.text, LawLevel.PARAGRAPH, (self._number, self._item_number), paragraph
            )
        self._paragraph += 1
        self._item = ""
        place = f"{self._article}第{write_han(self._paragraph)}款"
        return _build_passage(place, paragraph.text, LawLevel.PARAGRAPH, (self._number,), paragraph)

    def _item_follows(self, index: int) -> bool:
        for paragraph in self._paragraphs[index + 1 :]:
            if ITEM.match(paragraph.text):
                return not _FIRST_ITEM.match(paragraph.text)
            if ARTICLE.match(paragraph.text):
                return False
        return False


def _iterate_headed_units(paragraphs: Sequence[Paragraph]) -> Iterator[LawUnit]:
    """Read a text by headings 一、, items （一） and sub-items 1."""
    heading, item, sub, part = "", "", "", 0
    numbers: tuple[int, ...] = (0,)
    begun = False
    for paragraph in paragraphs:
        text = paragraph.text
        if match := HEADING.match(text):
            heading, item, sub, part, numbers = match[1], "", "", 0, (read_han(match[1]),)
            yield _build_passage(heading, match[2], LawLevel.HEADING, numbers, paragraph)
        elif not heading:
            yield _build_passage("序" if begun else "题注", text, LawLevel.PREAMBLE, (0,), paragraph)
            begun = True
        elif match := ITEM.match(text):
            item, sub, part, numbers = f"（{match[1]}）", "", 1, (numbers[0], read_han(match[1]))
            yield _build_passage(heading + item, match[2], LawLevel.ITEM, numbers, paragraph)
        elif match := SUBITEM.match(text):
            sub, part = match[1], 1
            numbers = (*numbers[: 2 if item else 1], int(sub))
            yield _build_passage(heading + item + sub, match[2], LawLevel.SUBITEM, numbers, paragraph)
        else:
            part += 1
            yield _build_passage(
                f"{heading}{item}{sub}第{write_han(part)}段", text, LawLevel.PARAGRAPH, numbers, paragraph
            )


def _build_passage(place: str, text: str, level: LawLevel, numbers: tuple[int, ...], paragraph: Paragraph) -> LawUnit:
    cut = len(paragraph.text) - len(text)
    return LawUnit(place, text, level, numbers, seams=tuple(seam - cut for seam in paragraph.seams if seam > cut))


def _with_first_paragraphs(units: Sequence[LawUnit]) -> Iterator[LawUnit]:
    """Name the first paragraph only where its article has a second."""
    parted = {unit.place.removesuffix("第二款") for unit in units if unit.place.endswith("第二款")}
    for unit in units:
        cited = _CITED.match(unit.place)
        article = cited[0] if cited else unit.place
        if unit.level is LawLevel.ARTICLE and article in parted:
            yield replace(unit, place=f"{article}第一款")
        else:
            yield unit if article in parted else replace(unit, place=unit.place.replace("第一款", ""))


def _number_repeated(units: Sequence[LawUnit] | Iterator[LawUnit]) -> Iterator[LawUnit]:
    seen: Counter[str] = Counter()
    for unit in units:
        seen[unit.place] += 1
        yield replace(unit, again=seen[unit.place])
