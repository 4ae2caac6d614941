"""The text of a Word document as a reader sees it: revisions accepted, controls, boxes and automatic numbers read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from service.domain.wording.numbers import write_han
from service.office.protocol import Remark

_GONE = {qn(f"w:{tag}") for tag in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "sectPr", "rt")} | {
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
}
_CHANGES = {qn(f"w:{tag}") for tag in ("ins", "del", "moveFrom", "moveTo")}
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic"
_UNREAD = {_MATH, _PICTURE, "{urn:schemas-microsoft-com:vml}imagedata"} | {
    qn(f"w:{tag}")
    for tag in (
        "sym", "object", "altChunk", "subDoc", "contentPart", "pgNum",
        "dayLong", "dayShort", "monthLong", "monthShort", "yearLong", "yearShort",
    )
}  # fmt: skip
_FIELD, _FIELD_TYPE, _INSTRUCTION = qn("w:fldChar"), qn("w:fldCharType"), qn("w:instrText")
_SIMPLE_FIELD = qn("w:fldSimple")
_CIRCLE = re.compile(r"EQ\s*\\o\s*\\ac\s*\(\s*[○〇◯]\s*[,;，]\s*(\d{1,2})\s*\)", re.IGNORECASE)
_WITHOUT_TEXT = ("TC", "XE", "TA", "RD", "SET", "PRIVATE", "ASK", "FORMDROPDOWN", "FORMCHECKBOX", "ADVANCE")
"""Fields that write nothing, or whose value stands in their mark."""
_PRIVATE_SIGN = re.compile("[\ue000-\uf8ff]")
_NOTE_MARKS = {qn("w:footnoteReference"), qn("w:endnoteReference")}
_SIGNS = {qn("w:tab"): "\t", qn("w:ptab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_MARK_DELETED = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"
_CELL_DELETED = f"{qn('w:tcPr')}/{qn('w:cellDel')}"
_ROW_DELETED = f"{qn('w:trPr')}/{qn('w:del')}"
_PLACEHOLDER = f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}"
_HAN = re.compile("[\u4e00-\u9fff]")
_P, _R, _T, _TBL, _BOX = qn("w:p"), qn("w:r"), qn("w:t"), qn("w:tbl"), qn("w:txbxContent")
_R_PR, _STYLE, _VAL = qn("w:rPr"), qn("w:style"), qn("w:val")
_NUM_PR = f"{qn('w:pPr')}/{qn('w:numPr')}"
_FRAME = f"{qn('w:pPr')}/{qn('w:framePr')}[@{qn('w:dropCap')}='drop']"
"""The great letter with which a paragraph begins."""
_P_STYLE, _NUM_ID, _LEVEL = f"{qn('w:pPr')}/{qn('w:pStyle')}", f"{_NUM_PR}/{qn('w:numId')}", f"{_NUM_PR}/{qn('w:ilvl')}"
_DEEPEST_STYLE = 12
"""Word lets styles stand on one another no deeper."""
_OFF = ("0", "false", "off")
_DIGITS = "0123456789０１２３４５６７８９"
_RAISED = {
    "superscript": ("^", str.maketrans(_DIGITS, "⁰¹²³⁴⁵⁶⁷⁸⁹" * 2)),
    "subscript": ("_", str.maketrans(_DIGITS, "₀₁₂₃₄₅₆₇₈₉" * 2)),
}
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "ideographDigital"}
_CIRCLED = {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"}
_MOST_CIRCLED = 20
_HIGH = 6
"""Half points by which a raised digit stands above its line."""
_CYCLES = {"ideographTraditional": "甲乙丙丁戊己庚辛壬癸", "ideographZodiac": "子丑寅卯辰巳午未申酉戌亥"}


class _Styles:
    """The styles of a document; what one does not say, that on which it is based says."""

    def __init__(self, document: Document) -> None:
        self.by_id = {str(style.get(qn("w:styleId"))): style for style in document.styles.element.iter(_STYLE)}
        self._default = ""  # of several the last one holds
        for ident, style in self.by_id.items():
            if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default"), "0") not in _OFF:
                self._default = ident

    def chain(self, ident: str) -> Iterator[Any]:
        """Yield a style and those below it, nearest first."""
        for _ in range(_DEEPEST_STYLE):
            style = self.by_id.get(ident)
            if style is None:
                return
            yield style
            below = style.find(qn("w:basedOn"))
            ident = str(below.get(_VAL)) if below is not None else ""

    def of_paragraph(self, paragraph: Any) -> Iterator[Any]:
        """Yield the styles of a paragraph, nearest first."""
        style = paragraph.find(_P_STYLE)
        ident = str(style.get(_VAL)) if style is not None else ""
        return self.chain(ident if ident in self.by_id else self._default)


@dataclass(slots=True)
class _Field:
    """A field that was begun: what it computes, and whether a result of it is written."""

    instruction: str = ""
    is_written: bool = False


@dataclass(slots=True)
class WordText:
    """The lines of a document, read once; ``remarks`` are of `Remark`."""

    document: Document
    remarks: set[str] = field(default_factory=set)
    struck: list[str] = field(default_factory=list)
    _fields: list[_Field] = field(default_factory=list)
    _numbers: Numbering = field(init=False)
    _styles: _Styles = field(init=False)

    def __post_init__(self) -> None:
        self._styles = _Styles(self.document)
        self._numbers = Numbering(self.document, self._styles)

    def lines(self) -> list[str]:
        """Return a line a paragraph and a line a row of a table, whose cells stand apart by a wide blank."""
        edges = (
            rel.target_part for rel in self.document.part.rels.values() if rel.reltype.endswith(("/header", "/footer"))
        )
        if any(_HAN.search("".join(t.text or "" for t in edge.element.iter(_T))) for edge in edges):
            self.remarks.add(Remark.UNREAD)
        return list(self._iterate_blocks(self.document.element.body))

    def _iterate_blocks(self, parent: Any) -> Iterator[str]:
        before = ""
        for element in parent:
            if element.tag == _P:
                is_joined = element.find(_MARK_DELETED) is not None  # the next one has its text, and numbers it
                goes_on = is_joined or element.find(_FRAME) is not None
                number = "" if goes_on else self._get_paragraph_number(element)
                boxes: list[Any] = []
                before += "".join(self._iterate_inline(element, boxes))
                if is_joined:
                    self.remarks.add(Remark.REVISIONS)
                if not goes_on:
                    yield number + before
                    before = ""
                for box in boxes:
                    yield from self._iterate_blocks(box)
            elif element.tag == _TBL:
                yield from self._iterate_rows(element)
            elif element.tag in _CHANGES:
                self.remarks.add(Remark.REVISIONS)
                if element.tag not in _GONE:
                    yield from self._iterate_blocks(element)
            elif element.tag in _UNREAD:
                self.remarks.add(Remark.UNREAD)
            elif element.tag not in _GONE:
                yield from self._iterate_blocks(element)
        if before:
            yield before

    def _get_paragraph_number(self, paragraph: Any) -> str:
        number = self._numbers.next_of(paragraph)
        if number is not None:
            self.remarks.add(Remark.NUMBERS)
        return number or ""

    def _iterate_inline(self, parent: Any, boxes: list[Any]) -> Iterator[str]:
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
                yield self._read_run_text(parent, element.text or "")
                for started in self._fields:
                    started.is_written = True
            elif element.tag == _FIELD:
                yield self._read_field(element)
            elif element.tag == _SIMPLE_FIELD:
                self._fields.append(_Field(element.get(qn("w:instr"), "")))
                yield from self._iterate_inline(element, boxes)
                yield self._end_field()
            elif element.tag == _INSTRUCTION and self._fields:
                self._fields[-1].instruction += element.text or ""
            elif element.tag in _SIGNS:
                yield _SIGNS[element.tag]
            elif element.tag not in _GONE and element.find(_PLACEHOLDER) is None:
                yield from self._iterate_inline(element, boxes)

    def _read_field(self, mark: Any) -> str:
        """Return what a field writes that has no text of its own: a drop-down, a box to tick, a number in a circle."""
        if mark.get(_FIELD_TYPE) == "begin":
            self._fields.append(_Field())
            return _choice_of(mark)
        return self._end_field() if mark.get(_FIELD_TYPE) == "end" else ""

    def _end_field(self) -> str:
        ended = self._fields.pop() if self._fields else _Field()
        instruction = ended.instruction.strip()
        circle = _CIRCLE.fullmatch(instruction)
        if circle is not None and 0 < int(circle[1]) <= _MOST_CIRCLED:
            return chr(0x2460 + int(circle[1]) - 1)
        if instruction and not ended.is_written and instruction.split()[0].upper() not in _WITHOUT_TEXT:
            self.remarks.add(Remark.UNREAD)
        return ""

    def _read_run_text(self, run: Any, text: str) -> str:
        """Return the text of a run; raised digits stay apart from the number before them and the one behind."""
        if _PRIVATE_SIGN.search(text):
            self.remarks.add(Remark.UNREAD)
        placed = self._find_setting(run, "w:vertAlign") or ""
        height = self._find_setting(run, "w:position") or "0"
        if placed not in _RAISED and text.strip().isdecimal() and re.fullmatch(r"-?\d{1,4}", height):
            placed = "superscript" if int(height) >= _HIGH else "subscript" if int(height) <= -_HIGH else ""
        sign, digits = _RAISED.get(placed, ("", {}))
        if not sign or not text.strip():
            return text
        self.remarks.add(Remark.RAISED)
        return text.translate(digits) if text.strip().isdecimal() else sign + text.translate(digits)

    def _is_on(self, run: Any, setting: str) -> bool:
        return self._find_setting(run, setting) not in (None, *_OFF)

    def _find_setting(self, run: Any, setting: str) -> str | None:
        """Return how a run is set, by itself or by its style or that of its paragraph; "" is a mark without value."""
        chosen = run.find(f"{_R_PR}/{qn('w:rStyle')}")
        paragraph = next(run.iterancestors(_P), None)
        styles = [
            *(self._styles.chain(str(chosen.get(_VAL))) if chosen is not None else ()),
            *(self._styles.of_paragraph(paragraph) if paragraph is not None else ()),
        ]
        marks = (source.find(f"{_R_PR}/{qn(setting)}") for source in (run, *styles))
        mark = next((mark for mark in marks if mark is not None), None)
        return None if mark is None else str(mark.get(_VAL, ""))

    def _iterate_rows(self, table: Any) -> Iterator[str]:
        for row in table.iter(qn("w:tr")):
            if row.find(_ROW_DELETED) is not None:
                self.remarks.add(Remark.REVISIONS)
            elif next(row.iterancestors(_TBL)) is table:  # a table within a cell is read with its cell
                cells = [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(_TBL)) is table]
                if any(cell.find(_CELL_DELETED) is not None for cell in cells):
                    self.remarks.add(Remark.REVISIONS)
                yield "　".join("\n".join(self._iterate_blocks(cell)) for cell in cells if not _is_gone(cell))


def _choice_of(mark: Any) -> str:
    """Return what is chosen in a drop-down or a box of an old form, "" for any other field."""
    entries = [entry.get(_VAL, "") for entry in mark.iter(qn("w:listEntry"))]
    if entries:
        chosen = int(next((element.get(_VAL, "0") for element in mark.iter(qn("w:result"), qn("w:default"))), "0"))
        return entries[chosen] if chosen < len(entries) else ""
    box = next(mark.iter(qn("w:checkBox")), None)
    if box is None:
        return ""
    states = [box.find(qn(tag)) for tag in ("w:checked", "w:default")]
    state = next((state for state in states if state is not None), None)
    return "☑" if state is not None and state.get(_VAL, "1") not in _OFF else "☐"


def _is_gone(cell: Any) -> bool:
    """Return whether a cell is deleted, or only goes on with the one above."""
    if cell.find(_CELL_DELETED) is not None:
        return True
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val")) != "restart"


class Numbering:
    """The numbers that Word itself writes before paragraphs (第%1条), counted as they come."""

    def __init__(self, document: Document, styles: _Styles) -> None:
        self._styles = styles
        self._lists: dict[str, str] = {}
        self._levels: dict[str, Mapping[int, Any]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._restarts: dict[tuple[str, int], int] = {}
        has_numbers = any(rel.reltype.endswith("/numbering") for rel in document.part.rels.values())
        if has_numbers:
            self._read_numbering(document.part.numbering_part.element)

    def next_of(self, paragraph: Any) -> str | None:
        """Return the number of a paragraph ("" where none is written), None for one in no list, and count it."""
        sources = [paragraph, *self._styles.of_paragraph(paragraph)]
        ident = next(filter(None, (_get_value(source, _NUM_ID) for source in sources)), "")
        if ident not in self._lists:
            return None
        levels, abstract = self._levels[ident], self._lists[ident]
        level = _level_of(sources, levels)
        if level not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        restarted = self._restarts.pop((ident, level), None)  # once: where the list is first used
        counts[level] = restarted if restarted is not None else counts.get(level, _get_start(levels[level]) - 1) + 1
        for deeper in [n for n in counts if n > level and n in levels and _restarts_below(levels[n], n, level)]:
            del counts[deeper]
        return _format_number(levels, counts, level)

    def _read_numbering(self, numbering: Any) -> None:
        abstracts = {
            str(element.get(qn("w:abstractNumId"))): element for element in numbering.iter(qn("w:abstractNum"))
        }
        lists = {str(e.get(qn("w:numId"))): _get_value(e, qn("w:abstractNumId")) for e in numbering.iter(qn("w:num"))}
        linked = {name: lists.get(_get_value(style, _NUM_ID), "") for name, style in self._styles.by_id.items()}
        linked |= {_get_value(element, qn("w:styleLink")): ident for ident, element in abstracts.items()}
        linked[""] = ""
        for number in numbering.iter(qn("w:num")):
            ident = str(number.get(qn("w:numId")))
            abstract = abstracts.get(lists[ident])
            link = _get_value(abstract, qn("w:numStyleLink")) if abstract is not None else ""
            self._lists[ident] = linked.get(link) or lists[ident]
            abstract = abstracts.get(self._lists[ident])
            changes = list(number.iter(qn("w:lvlOverride")))
            changed = [lvl for change in changes for lvl in change.iter(qn("w:lvl"))]
            defined = [*(abstract.iter(qn("w:lvl")) if abstract is not None else ()), *changed]
            self._levels[ident] = {int(lvl.get(qn("w:ilvl"))): lvl for lvl in defined}
            for change in changes:
                if start := _get_value(change, qn("w:startOverride")):
                    self._restarts[ident, int(change.get(qn("w:ilvl")))] = int(start)


def _level_of(sources: list[Any], levels: Mapping[int, Any]) -> int:
    """Return the level that a paragraph or its styles name; a style that a level names is of that level."""
    named = {_get_value(lvl, qn("w:pStyle")): level for level, lvl in levels.items()}
    for source in sources:
        level = named.get(source.get(qn("w:styleId")) or "-", _get_value(source, _LEVEL))
        if level != "":
            return int(level)
    return 0


def _get_value(element: Any, path: str) -> str:
    mark = element.find(path)
    return str(mark.get(_VAL, "")) if mark is not None else ""


def _get_start(level: Any) -> int:
    return int(_get_value(level, qn("w:start")) or 1)


def _restarts_below(deeper: Any, depth: int, level: int) -> bool:
    """Say whether a level counts anew after ``level``; articles that go on through all chapters never do (0)."""
    mark = deeper.find(qn("w:lvlRestart"))
    after = int(mark.get(qn("w:val"))) if mark is not None else depth
    return level < after


def _format_number(levels: Mapping[int, Any], counts: Mapping[int, int], level: int) -> str:
    if _get_number_shape(levels[level]) == "bullet":
        return ""
    words = _get_value(levels[level], qn("w:lvlText"))
    legal = levels[level].find(qn("w:isLgl"))
    plain = legal is not None and legal.get(_VAL) not in _OFF
    for n, lvl in levels.items():
        number = counts.get(n, _get_start(lvl))
        words = words.replace(f"%{n + 1}", str(number) if plain else _format_numeral(_get_number_shape(lvl), number))
    apart = "" if _get_value(levels[level], qn("w:suff")) == "nothing" else "　"
    return words + apart if words else ""


def _get_number_shape(level: Any) -> str:
    return _get_value(level, qn("w:numFmt")) or "decimal"


def _format_numeral(shape: str, number: int) -> str:
    if shape == "none":
        return ""
    if 0 < number < 1000 and shape in _CHINESE:
        return write_han(number)
    if 0 < number <= _MOST_CIRCLED and shape in _CIRCLED:
        return chr(0x2460 + number - 1)
    if 0 < number < 1000 and shape in ("lowerLetter", "upperLetter"):  # aa comes after z, and then bb
        return chr((0x61 if shape == "lowerLetter" else 0x41) + (number - 1) % 26) * ((number + 25) // 26)
    cycle = _CYCLES.get(shape, "")
    return cycle[number - 1] if 0 < number <= len(cycle) else str(number)
