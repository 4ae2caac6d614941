"""A handbook as a Word file: styles that its contents are made of, drawings as pictures, tables with repeated heads."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from service.domain.output.handbook import BookBlock, BookHeading, BookPicture, BookTable, BookText, Handbook

_BODY, _TITLE = "宋体", "黑体"
_GREY = RGBColor(0x56, 0x5D, 0x68)
_LONG, _SHORT, _MARGIN = 297, 210, 20
_NATURAL = 0.3
"""Millimetres of a point of a drawing at most: small ones are not blown up."""
_SIZES = {"Normal": 10.5, "Heading 1": 20, "Heading 2": 14, "Heading 3": 11}


def handbook_docx(book: Handbook, pictures: Sequence[Sequence[bytes]], moment: datetime) -> bytes:
    """Return ``book`` as .docx; ``pictures`` are the strips of its drawings as PNG, in order, ``moment`` when it says it was written."""
    file = Document()
    _styles(file)
    _cover(file, book)
    _contents(file, book)
    drawn = dict(zip(map(id, book.pictures), pictures, strict=True))
    _turn(file, wide=False)
    for number, block in enumerate(book.blocks):
        _put(file, block, book.blocks[number + 1 : number + 2], drawn)
    said = file.core_properties
    said.title, said.author, said.created, said.modified = book.title, book.cover[0], moment, moment
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _styles(file: Any) -> None:
    for name, size in _SIZES.items():
        style = file.styles[name]
        face = _BODY if name == "Normal" else _TITLE
        style.font.size, style.font.name = Pt(size), face
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in (
            "asciiTheme",
            "hAnsiTheme",
            "eastAsiaTheme",
            "cstheme",
        ):  # they would take the place of the faces named
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), face)
        if name != "Normal":
            style.font.color.rgb = RGBColor(0, 0, 0)
    _page(file.sections[0], wide=False)


def _page(section: Any, *, wide: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(_LONG), Mm(_SHORT)) if wide else (Mm(_SHORT), Mm(_LONG))
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Mm(_MARGIN))


def _turn(file: Any, *, wide: bool) -> None:
    """Go on with a page of the other orientation; nothing where it is so already."""
    if (file.sections[-1].orientation == WD_ORIENT.LANDSCAPE) != wide:
        _page(file.add_section(WD_SECTION.NEW_PAGE), wide=wide)


def _cover(file: Any, book: Handbook) -> None:
    for _ in range(9):
        file.add_paragraph()
    title = file.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = title.add_run(book.title)
    run.bold, run.font.size = True, Pt(30)
    for line in book.cover:
        paragraph = file.add_paragraph(line)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    file.add_page_break()


def _contents(file: Any, book: Handbook) -> None:
    """Put the contents in as a field, which Word fills with page numbers when it is asked to; the headings stand in it."""
    heading = file.add_paragraph().add_run(book.contents)
    heading.bold, heading.font.size = True, Pt(20)
    entries = [block for block in book.blocks if isinstance(block, BookHeading) and block.level < 3]
    first = file.add_paragraph()
    _field(first, "begin")
    _instruction(first, 'TOC \\o "1-2" \\h \\z \\u')
    _field(first, "separate")
    last = first
    for entry in entries:
        last = file.add_paragraph(("　" if entry.level == 2 else "") + entry.text)
        last.paragraph_format.space_after = Pt(0)
    _field(last, "end")
    file.add_page_break()


def _field(paragraph: Any, kind: str) -> None:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    paragraph.add_run()._r.append(mark)


def _instruction(paragraph: Any, words: str) -> None:
    said = OxmlElement("w:instrText")
    said.set(qn("xml:space"), "preserve")
    said.text = words
    paragraph.add_run()._r.append(said)


def _put(file: Any, block: BookBlock, after: Sequence[BookBlock], drawn: Mapping[int, Sequence[bytes]]) -> None:
    if isinstance(block, BookHeading):
        below = after[0] if after else None
        _turn(file, wide=isinstance(below, BookPicture) and below.is_wide)
        heading = file.add_heading(block.text, block.level)
        heading.paragraph_format.page_break_before = block.level == 1
    elif isinstance(block, BookText):
        run = file.add_paragraph().add_run(block.text)
        if block.quiet:
            run.font.color.rgb = _GREY
    elif isinstance(block, BookTable):
        _turn(file, wide=False)
        _table(file, block)
    else:
        _picture(file, block, drawn[id(block)])


def _picture(file: Any, picture: BookPicture, strips: Sequence[bytes]) -> None:
    across, down = (_LONG, _SHORT) if picture.is_wide else (_SHORT, _LONG)
    room = (across - 2 * _MARGIN, (down - 2 * _MARGIN - 22) / len(strips) - 4)
    width = min(room[0], room[1] * picture.width / max(picture.height, 1), picture.width * _NATURAL)
    for strip in strips:
        shape = file.add_picture(io.BytesIO(strip), width=Mm(max(width, 10)))
        shape._inline.docPr.set("descr", picture.name)


def _table(file: Any, block: BookTable) -> None:
    table = file.add_table(rows=1, cols=len(block.head))
    table.style, table.autofit = "Table Grid", False
    room, all_shares = _SHORT - 2 * _MARGIN, sum(block.widths)
    size = Pt(7.5 if len(block.head) > 6 else 9)
    for column, share in zip(table.columns, block.widths, strict=True):
        column.width = Mm(room * share / all_shares)
    _row(table.rows[0], block.head, size, bold=True)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in block.rows:
        _row(table.add_row(), row, size)
    file.add_paragraph()


def _row(row: Any, cells: Sequence[str], size: Any, *, bold: bool = False) -> None:
    for cell, text in zip(row.cells, cells, strict=True):
        run = cell.paragraphs[0].add_run(text)
        run.font.size, run.bold = size, bold
