"""Paragraphs of a regulation out of lines: wrapped lines joined, page numbers dropped, seams between pages noted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from service.domain.values.typed_text import whole_characters
from service.domain.wording.numbers import HAN_NUMERAL, read_han

ARTICLE = re.compile(
    rf"^第\s*(?P<number>{HAN_NUMERAL}|[0-9０-９]{{1,3}})\s*条(?:\s*之\s*(?P<added>{HAN_NUMERAL}))?[\s:：]*(?P<text>.*)$"
)
CHAPTER = re.compile(rf"^第{HAN_NUMERAL}[章节编][\s　]*\S{{0,20}}(\s\S{{1,3}})?$")
HEADING = re.compile(rf"^({HAN_NUMERAL})[、．.]\s*(.*)$")
ITEM = re.compile(rf"^[（(]\s*({HAN_NUMERAL})\s*[)）]\s*(.*)$")
SUBITEM = re.compile(r"^(\d{1,2})[.．、]\s*(?!\d)(.*)$")
_REFERENCE = re.compile(rf"^第{HAN_NUMERAL}条(?:之{HAN_NUMERAL})?(?:的?规定|所列|第[^条]{{1,6}}[款项])")
"""An article that is referred to, where a line broke before it: not one that begins."""
_STARTS = (ARTICLE, CHAPTER, HEADING, ITEM, SUBITEM)
_PAGE_NUMBER = re.compile(r"[-—–\s]*\d+[-—–\s]*|第\s*\d+\s*页.*")
_SENTENCE_ENDS = re.compile(r"[。；;：:！？）)》”…]$")
_FIRST_WITHIN = re.compile(r"(?:^|(?<=[：:。；;]))\s*[（(]\s*(一)\s*[)）]")
_NEXT_WITHIN = re.compile(rf"(?<=[；;。])\s*[（(]\s*({HAN_NUMERAL})\s*[)）]")
_MARKS = "\ufeff\ufffe\u200b"
"""Marks of files and browsers that stand for nothing: byte order, zero width."""
_SHORTEST_WRAPPED = 24
"""Characters of the shortest line that counts as wrapped: a shorter one is a title or ends its paragraph."""
_FEWEST_LINES, _SHORT_BY, _SHARE_FULL = 12, 4, 0.4
"""A text whose lines are broken at one width: so many lines, of which that share is at most so much shorter than most of them."""
_ENDS_FOR_SURE = re.compile("[。；;：:！？]$")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``seams`` are the positions in it where a page ended, so that somebody looks whether text is lost."""

    text: str
    seams: tuple[int, ...] = ()


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of ``text``, whose pages, if any, end with a form feed."""
    paragraphs: list[Paragraph] = []
    page_ended = False
    lines = _list_lines(text)
    width, last = _find_line_width(lines), ""
    for line in lines:
        if line == "\f":
            page_ended = True
            continue
        if paragraphs and (_is_continuation(paragraphs[-1].text, line) or _is_broken(last, line, width)):
            paragraphs[-1] = _join_line(paragraphs[-1], line, page_ended)
        else:
            paragraphs.append(Paragraph(line))
        page_ended, last = False, line
    return tuple(part for paragraph in paragraphs for part in _split_items(paragraph))


def strip_blanks(text: str) -> str:
    """Return ``text`` without blanks: lines of a PDF break anywhere."""
    return re.sub(r"\s+", "", text)


def items_within(text: str) -> tuple[tuple[str, str], ...]:
    """Return the items that stand in one passage behind their introduction, as (第（一）项, words); none where it has no two."""
    begins = [*_items_begin(text), len(text)]
    matches = (ITEM.match(text[begin:end].strip()) for begin, end in pairwise(begins))
    return tuple((f"第（{hit[1]}）项", hit[2].strip().rstrip("；;。")) for hit in matches if hit is not None)


def _split_items(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Part items that stand in one line: “…：（一）…；（二）…。” is three paragraphs, each with its own seams.

    Only items that count on from （一）, each behind a semicolon or full stop: “第四条（一）、（二）项” names items.
    """
    begins = [0, *_items_begin(paragraph.text), len(paragraph.text)]
    for begin, end in pairwise(begins):
        if text := paragraph.text[begin:end].strip():
            yield Paragraph(text, tuple(seam - begin for seam in paragraph.seams if begin < seam < end))


def _items_begin(text: str) -> list[int]:
    """Return where the items of a line begin, the empty list where it has fewer than two."""
    first = _FIRST_WITHIN.search(text)
    if first is None:
        return []
    begins = [first.start()]
    for hit in _NEXT_WITHIN.finditer(text, first.end()):
        if read_han(hit[1]) == len(begins) + 1:
            begins.append(hit.start())
    return begins if len(begins) > 1 else []


def _list_lines(text: str) -> list[str]:
    plain = (
        whole_characters(text).replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\f", "\n\f\n")
    )
    lines = (line if line == "\f" else line.strip().strip(_MARKS).strip() for line in plain.split("\n"))
    return [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]


def _is_continuation(before: str, line: str) -> bool:
    """Tell whether ``line`` goes on with the paragraph before: that ends no sentence, and this starts nothing."""
    if _REFERENCE.match(line) and not CHAPTER.match(before):
        return not _SENTENCE_ENDS.search(before)
    if any(start.match(line) for start in _STARTS) or CHAPTER.match(before):
        return False
    return len(before) > _SHORTEST_WRAPPED and not _SENTENCE_ENDS.search(before)


def _find_line_width(lines: list[str]) -> int:
    """Return at how many characters the lines of a text are broken, 0 for a text with a line for each paragraph."""
    lengths = sorted(len(line) for line in lines if line != "\f")
    if len(lengths) < _FEWEST_LINES:
        return 0
    width = lengths[-1 - len(lengths) // 10]
    full = sum(width - _SHORT_BY <= length <= width + _SHORT_BY for length in lengths)
    return width if full >= _SHARE_FULL * len(lengths) else 0


def _is_broken(last: str, line: str, width: int) -> bool:
    """Tell whether ``last`` fills its width, so that ``line`` goes on with it even behind a closing mark."""
    if not width or len(last) < width - _SHORT_BY or any(start.match(line) for start in _STARTS):
        return False
    return not (CHAPTER.match(last) or _ENDS_FOR_SURE.search(last))


def _join_line(before: Paragraph, line: str, page_ended: bool) -> Paragraph:
    seams = (*before.seams, len(before.text)) if page_ended else before.seams
    return replace(before, text=before.text + line, seams=seams)
