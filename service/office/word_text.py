"""The text of a Word document as a reader sees it: revisions accepted, controls, boxes and automatic numbers read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from service.domain.wording.han_numerals import write_han
from service.office.protocol import Remark

_GONE = {qn(f"w:{tag}") for tag in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sectPr", "rt")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_CHANGES = {qn(f"w:{tag}") for tag in ("ins", "del", "moveFrom", "moveTo")}
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_UNREAD = {_MATH, _PICTURE, "{urn:schemas-microsoft-com:vml}imagedata"} | {
    qn(f"w:{tag}") for tag in ("sym", "object", "altChunk")
}
_NOTE_MARKS = {qn("w:footnoteReference"), qn("w:endnoteReference")}
_SIGNS = {qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_MARK_DELETED = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"
_CELL_DELETED = f"{qn('w:tcPr')}/{qn('w:cellDel')}"
_ROW_DELETED = f"{qn('w:trPr')}/{qn('w:del')}"
_PLACEHOLDER = f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}"
_HAN = re.compile("[\u4e00-\u9fff]")
_P, _R, _T, _TBL, _BOX = qn("w:p"), qn("w:r"), qn("w:t"), qn("w:tbl"), qn("w:txbxContent")
_R_PR, _STYLE, _VAL = qn("w:rPr"), qn("w:style"), qn("w:val")
_DEEPEST_STYLE = 12
"""Word lets styles stand on one another no deeper."""
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital"}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}


@dataclass(slots=True)
class WordText:
    """The lines of a document, read once; ``remarks`` are of `Remark`."""

    document: Document
    remarks: set[str] = field(default_factory=set)
    struck: list[str] = field(default_factory=list)
    _numbers: Numbering = field(init=False)
    _styles: Mapping[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self._numbers = Numbering(self.document)
        self._styles = {str(style.get(qn("w:styleId"))): style for style in self.document.styles.element.iter(_STYLE)}

    def lines(self) -> list[str]:
        """Return a line a paragraph and a line a row of a table, whose cells stand apart by a wide blank."""
        edges = (
            rel.target_part for rel in self.document.part.rels.values() if rel.reltype.endswith(("/header", "/footer"))
        )
        if any(_HAN.search("".join(t.text or "" for t in edge.element.iter(_T))) for edge in edges):
            self.remarks.add(Remark.UNREAD)
        return list(self._blocks(self.document.element.body))

    def _blocks(self, parent: Any) -> Iterator[str]:
        before = ""
        for element in parent:
            if element.tag == _P:
                goes_on = (
                    element.find(_MARK_DELETED) is not None
                )  # its end is deleted: the next one has its text, and numbers it
                number = "" if goes_on else self._number(element)
                boxes: list[Any] = []
                before += "".join(self._inline(element, boxes))
                if goes_on:
                    self.remarks.add(Remark.REVISIONS)
                else:
                    yield number + before
                    before = ""
                for box in boxes:
                    yield from self._blocks(box)
            elif element.tag == _TBL:
                yield from self._rows(element)
            elif element.tag in _CHANGES:
                self.remarks.add(Remark.REVISIONS)
                if element.tag not in _GONE:
                    yield from self._blocks(element)
            elif element.tag in _UNREAD:
                self.remarks.add(Remark.UNREAD)
            elif element.tag not in _GONE:
                yield from self._blocks(element)
        if before:
            yield before

    def _number(self, paragraph: Any) -> str:
        number = self._numbers.next_of(paragraph)
        if number is not None:
            self.remarks.add(Remark.NUMBERS)
        return number or ""

    def _inline(self, parent: Any, boxes: list[Any]) -> Iterator[str]:
        for element in parent:
            if element.tag in _CHANGES:
                self.remarks.add(Remark.REVISIONS)
            if element.tag in _NOTE_MARKS:
                self.remarks.add(Remark.NOTES)
            is_text = element.tag == _R and element.find(_T) is not None
            if element.tag in _UNREAD or (is_text and self._is_on(element, "w:vanish")):
                self.remarks.add(Remark.UNREAD)
                continue
            if is_text and (self._is_on(element, "w:strike") or self._is_on(element, "w:dstrike")):
                self.remarks.add(Remark.STRUCK)
                self.struck.append("".join(text.text or "" for text in element.iter(_T)))
            if element.tag == _BOX:
                boxes.append(element)
            elif element.tag == _T:
                yield element.text or ""
            elif element.tag in _SIGNS:
                yield _SIGNS[element.tag]
            elif element.tag not in _GONE and element.find(_PLACEHOLDER) is None:
                yield from self._inline(element, boxes)

    def _is_on(self, run: Any, setting: str) -> bool:
        """Say whether a run is set so, by itself or by its style or that of its paragraph."""
        chosen = run.find(f"{_R_PR}/{qn('w:rStyle')}")
        paragraph = next(run.iterancestors(_P), None)
        styles = [chosen.get(_VAL) if chosen is not None else "", "" if paragraph is None else _style_of(paragraph)]
        marks = [run.find(f"{_R_PR}/{qn(setting)}"), *(self._mark_of(str(style), setting) for style in styles)]
        mark = next((mark for mark in marks if mark is not None), None)
        return mark is not None and mark.get(_VAL) not in ("0", "false", "off")

    def _mark_of(self, ident: str, setting: str) -> Any:
        for _ in range(_DEEPEST_STYLE):
            style = self._styles.get(ident)
            mark = style.find(f"{_R_PR}/{qn(setting)}") if style is not None else None
            above = style.find(qn("w:basedOn")) if style is not None else None
            if mark is not None or above is None:
                return mark
            ident = str(above.get(_VAL))
        return None

    def _rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(qn("w:tr")):
            if row.find(_ROW_DELETED) is not None:
                self.remarks.add(Remark.REVISIONS)
            elif next(row.iterancestors(_TBL)) is table:  # a table within a cell is read with its cell
                cells = [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(_TBL)) is table]
                if any(cell.find(_CELL_DELETED) is not None for cell in cells):
                    self.remarks.add(Remark.REVISIONS)
                yield "　".join("\n".join(self._blocks(cell)) for cell in cells if not _is_gone(cell))


def _is_gone(cell: Any) -> bool:
    """Return whether a cell is deleted, or only goes on with the one above."""
    if cell.find(_CELL_DELETED) is not None:
        return True
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val")) != "restart"


class Numbering:
    """The numbers that Word itself writes before paragraphs (第%1条), counted as they come."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, Mapping[int, Any]] = {}
        self._lists: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        has_numbers = any(rel.reltype.endswith("/numbering") for rel in document.part.rels.values())
        if has_numbers:
            self._read(document.part.numbering_part.element)
        for style in document.styles.element.iter(qn("w:style")):
            if (found := _list_of(style)) is not None:
                self._styles[str(style.get(qn("w:styleId")))] = found

    def next_of(self, paragraph: Any) -> str | None:
        """Return the number of a paragraph ("" for a bullet), None for one that is in no list, and count it."""
        found = _list_of(paragraph) or self._styles.get(_style_of(paragraph))
        abstract = self._lists.get(found[0]) if found else None
        if found is None or abstract is None:
            return None
        level, levels = found[1], self._levels.get(abstract, {})
        if level not in levels:
            return None
        counts = self._counts.setdefault(abstract, {})
        restarted = self._restarts.pop((found[0], level), None)  # once: where the list is first used
        counts[level] = restarted if restarted is not None else counts.get(level, _start(levels[level]) - 1) + 1
        for deeper in [n for n in counts if n > level and n in levels and _restarts_below(levels[n], n, level)]:
            del counts[deeper]
        return _written(levels, counts, level)

    def _read(self, numbering: Any) -> None:
        for abstract in numbering.iter(qn("w:abstractNum")):
            ident = str(abstract.get(qn("w:abstractNumId")))
            self._levels[ident] = {int(lvl.get(qn("w:ilvl"))): lvl for lvl in abstract.iter(qn("w:lvl"))}
        for number in numbering.iter(qn("w:num")):
            abstract = number.find(qn("w:abstractNumId"))
            if abstract is not None:
                ident = str(number.get(qn("w:numId")))
                self._lists[ident] = str(abstract.get(qn("w:val")))
                for change in number.iter(qn("w:lvlOverride")):
                    start = change.find(qn("w:startOverride"))
                    if start is not None:
                        self._restarts[ident, int(change.get(qn("w:ilvl")))] = int(start.get(qn("w:val")))


def _list_of(element: Any) -> tuple[str, int] | None:
    """Return the list and level that a paragraph or style names."""
    numbered = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    ident = numbered.find(qn("w:numId")) if numbered is not None else None
    if ident is None:
        return None
    level = numbered.find(qn("w:ilvl"))
    return str(ident.get(qn("w:val"))), int(level.get(qn("w:val"))) if level is not None else 0


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return str(style.get(qn("w:val"))) if style is not None else ""


def _start(level: Any) -> int:
    start = level.find(qn("w:start"))
    return int(start.get(qn("w:val"))) if start is not None else 1


def _restarts_below(deeper: Any, depth: int, level: int) -> bool:
    """Say whether a level counts anew after ``level``; articles that go on through all chapters never do (0)."""
    mark = deeper.find(qn("w:lvlRestart"))
    after = int(mark.get(qn("w:val"))) if mark is not None else depth
    return level < after


def _written(levels: Mapping[int, Any], counts: Mapping[int, int], level: int) -> str:
    text = levels[level].find(qn("w:lvlText"))
    if _shape(levels[level]) == "bullet":
        return ""
    words = str(text.get(qn("w:val"))) if text is not None else ""
    for n, lvl in levels.items():
        words = words.replace(f"%{n + 1}", _numeral(lvl, counts.get(n, _start(lvl))))
    suffix = levels[level].find(qn("w:suff"))
    apart = "" if suffix is not None and suffix.get(qn("w:val")) == "nothing" else "　"
    return words + apart if words else ""


def _shape(level: Any) -> str:
    shape = level.find(qn("w:numFmt"))
    return str(shape.get(qn("w:val"))) if shape is not None else "decimal"


def _numeral(level: Any, number: int) -> str:
    kind = _shape(level)
    if kind in _CHINESE and 0 < number < 1000:
        return write_han(number)
    if kind in _CIRCLED and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if kind in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        return chr((0x61 if kind == "lowerLetter" else 0x41) + number - 1)
    return str(number)
