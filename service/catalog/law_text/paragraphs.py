"""Paragraphs of a regulation out of lines: wrapped lines joined, page numbers dropped, seams between pages noted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from service.domain.han_numerals import HAN_NUMERAL

ARTICLE = re.compile(rf"^第\s*({HAN_NUMERAL})\s*条[\s:：]*(.*)$")
CHAPTER = re.compile(rf"^第{HAN_NUMERAL}[章节编][\s　]*\S{{0,20}}(\s\S{{1,3}})?$")
HEADING = re.compile(rf"^({HAN_NUMERAL})[、．.]\s*(.*)$")
ITEM = re.compile(rf"^[（(]\s*({HAN_NUMERAL})\s*[)）]\s*(.*)$")
SUBITEM = re.compile(r"^(\d{1,2})[.．、]\s*(?!\d)(.*)$")
_STARTS = (ARTICLE, CHAPTER, HEADING, ITEM, SUBITEM)
_PAGE_NUMBER = re.compile(r"[-—–\s]*\d+[-—–\s]*|第\s*\d+\s*页.*")
_SENTENCE_ENDS = re.compile(r"[。；;：:！？）)》”…]$")
_SHORTEST_WRAPPED = 24
"""Characters of the shortest line that counts as wrapped: a shorter one is a title or ends its paragraph."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph; ``seams`` are the positions in it where a page ended, so that somebody looks whether text is lost."""

    text: str
    seams: tuple[int, ...] = ()


def paragraphs_of(text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of ``text``, whose pages, if any, end with a form feed."""
    found: list[Paragraph] = []
    page_ended = False
    for line in _lines(text):
        if line == "\f":
            page_ended = True
            continue
        if found and _continues(found[-1].text, line):
            found[-1] = _joined(found[-1], line, page_ended)
        else:
            found.append(Paragraph(line))
        page_ended = False
    return tuple(found)


def _lines(text: str) -> list[str]:
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").replace("\f", "\n\f\n")
    lines = (line if line == "\f" else line.strip(" \t\u3000\ufeff\ufffe\u200b") for line in plain.split("\n"))
    return [line for line in lines if line and not _PAGE_NUMBER.fullmatch(line)]


def _continues(before: str, line: str) -> bool:
    """Tell whether ``line`` goes on with the paragraph before: that ends no sentence, and this starts nothing."""
    if any(start.match(line) for start in _STARTS) or CHAPTER.match(before):
        return False
    return len(before) > _SHORTEST_WRAPPED and not _SENTENCE_ENDS.search(before)


def _joined(before: Paragraph, line: str, page_ended: bool) -> Paragraph:
    seams = (*before.seams, len(before.text)) if page_ended else before.seams
    return replace(before, text=before.text + line, seams=seams)
