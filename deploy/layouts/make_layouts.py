"""The .docx layouts of the program (service/office/layouts), written anew by ``make layouts``.

They are ordinary Word files with Jinja tags (docxtpl's ``{{ … }}``, ``{%p … %}``), so that an office may take
one, change it in Word and put it into its package.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from deploy.layouts.layout_parts import (
    SEAL,
    SIGNED,
    added_cell,
    closer,
    face,
    frame,
    grid,
    off_the_grid,
    page_numbers,
    rule,
)
from service.office.archive import without_clock
from service.office.layout_tags import tagged_members
from service.office.word import FOLDER

CORE = "docProps/core.xml"
BODY_FONT, TITLE_FONT, NUMBER_FONT, LABEL_FONT = "仿宋", "方正小标宋简体", "宋体", "黑体"
RED = RGBColor(0xE6, 0x00, 0x12)
_PITCH = Pt(28.95)
_RIGHT, _CENTER, _LEFT = WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT


def official() -> bytes:
    """Return the layout of GB/T 9704-2012: 版心 156 × 225 mm, 22 lines of 28 characters, number at the foot."""
    document = _new()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    grid(section)
    page_numbers(document, section)
    _tag(document, "{%p if head %}")
    _tag(document, "{%p for line in head %}")
    head = _line(document, "{{ line }}", TITLE_FONT, 36, _CENTER, exact=False)
    head.runs[0].font.color.rgb, head.runs[0].font.bold = RED, True
    _size_tag(head.runs[0], "head_size")
    _tag(document, "{%p endfor %}")
    _line(document, "", BODY_FONT, 16)
    _tag(document, "{%p if signer %}")
    number = _line(document, "{{ number }}\t签发人：{{ signer }}", BODY_FONT, 16)
    number.paragraph_format.left_indent = Pt(16)
    number.paragraph_format.tab_stops.add_tab_stop(Mm(156) - Pt(16), WD_TAB_ALIGNMENT.RIGHT)
    rule(number, "w:bottom", "E60012", 12, space=11)
    _tag(document, "{%p else %}")
    number = _line(document, "{{ number }}", BODY_FONT, 16, _CENTER)
    rule(number, "w:bottom", "E60012", 12, space=11)
    _tag(document, "{%p endif %}")
    _line(document, "", BODY_FONT, 16)
    _tag(document, "{%p endif %}")
    _title_lines(document, "title_lines")
    _line(document, "", BODY_FONT, 16)
    _tag(document, "{%p if addressee %}")
    _line(document, "{{ addressee }}", BODY_FONT, 16)
    _tag(document, "{%p endif %}")
    _blocks(document, "blocks")
    _attachments(document)
    _signed(document)
    _note(document)
    _enclosed(document)
    _foot(document)
    return _saved(document)


def certificate() -> bytes:
    """Return the layout of a certificate: one landscape page within a golden frame."""
    document = _new()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = Mm(34), Mm(26)
    section.left_margin = section.right_margin = Mm(34)
    frame(section)
    title = _line(document, "{{ title }}", TITLE_FONT, 40, _CENTER, exact=False)
    title.runs[0].font.color.rgb, title.runs[0].font.bold = RGBColor(0xB3, 0x00, 0x1B), True
    _line(document, "", BODY_FONT, 20, exact=False)
    _tag(document, "{%p if addressee %}")
    _line(document, "{{ addressee }}", TITLE_FONT, 22, exact=False).runs[0].font.bold = True
    _tag(document, "{%p endif %}")
    _tag(document, "{%p for block in blocks %}")
    _indent(_line(document, "{{ block.text }}", BODY_FONT, 20, exact=False), 40)
    _tag(document, "{%p endfor %}")
    _line(document, "", BODY_FONT, 20, exact=False)
    _signed(document, 20)
    _tag(document, "{%p if number %}")
    _line(document, "{{ number }}", BODY_FONT, 14, exact=False)
    _tag(document, "{%p endif %}")
    return _saved(document)


LAYOUTS = {"official": official, "certificate": certificate}


def _new() -> Any:
    document = Document()
    for paragraph in list(document.paragraphs):
        paragraph._p.getparent().remove(paragraph._p)
    rels = document.part.package.rels
    for ident in [i for i, rel in rels.items() if rel.reltype.endswith("/thumbnail")]:
        del rels[ident]
    document.styles["Normal"].font.size = Pt(16)
    for name in ("w:sz", "w:szCs"):
        document.styles.element.find(f".//{qn('w:docDefaults')}//{qn(name)}").set(qn("w:val"), "32")
    return document


def _line(document: Any, text: str, font: str, size: float, align: Any = None, *, exact: bool = True) -> Any:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.space_after = layout.space_before = Pt(0)
    if exact:
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, _PITCH
    if align is not None:
        paragraph.alignment = align
    run = paragraph.add_run(text)
    face(run, font, size)
    if (font, size) == (BODY_FONT, 16):
        closer(run)
    return paragraph


def _tag(document: Any, text: str) -> None:
    """Add a paragraph that only steers; docxtpl takes it out."""
    document.add_paragraph(text)


def _size_tag(run: Any, points: str) -> None:
    """Let the data choose the size, which Word wants in half points."""
    for name in ("w:sz", "w:szCs"):
        size = run._element.rPr.find(qn(name))
        if size is not None:
            size.set(qn("w:val"), f"{{{{ {points} * 2 }}}}")


def _indent(paragraph: Any, points: float) -> Any:
    paragraph.paragraph_format.first_line_indent = Pt(points)
    paragraph._p.pPr.find(qn("w:ind")).set(qn("w:firstLineChars"), "200")
    return paragraph


def _keep_last_with_next(paragraph: Any) -> None:
    """Keep the last paragraph with the signature, so that no page holds a seal alone (7.3.5.5)."""
    paragraph.paragraph_format.keep_with_next = True
    properties = paragraph._p.pPr
    keep = properties.find(qn("w:keepNext"))
    keep.tail = "{% endif %}"
    before = keep.getprevious()
    if before is None:
        properties.text = "{% if loop.last %}"
    else:
        before.tail = "{% if loop.last %}"


def _blocks(document: Any, blocks: str) -> None:
    _tag(document, f"{{%p for block in {blocks} %}}")
    _tag(document, "{%p if block.table %}")
    table = document.add_table(rows=4, cols=2)
    table.style = "Table Grid"
    # A column for every heading: docxtpl's {%tc … %} and {%tr … %} repeat cells and rows.
    _cell(table.cell(0, 0), "{%tc for cell in block.table.head %}")
    _cell(table.cell(0, 1), "{{ cell }}", bold=True)
    table.cell(1, 0).text = "{%tr for row in block.table.rows %}"
    _cell(table.cell(2, 0), "{%tc for cell in row %}")
    _cell(table.cell(2, 1), "{{ cell }}")
    table.cell(3, 0).text = "{%tr endfor %}"
    for row in (table.rows[0], table.rows[2]):
        added_cell(row, "{%tc endfor %}")
    grid = table._tbl.tblGrid
    grid.remove(grid[1])
    grid[0].set(qn("w:w"), "{{ width }}")
    grid.text, grid[0].tail = "{% for width in block.table.widths %}", "{% endfor %}"
    _as_wide_as_the_text(table)
    _tag(document, "{%p else %}")
    _keep_last_with_next(_indent(_line(document, "{{ block.text }}", BODY_FONT, 16), 31.6))
    _tag(document, "{%p endif %}")
    _tag(document, "{%p endfor %}")


def _as_wide_as_the_text(table: Any) -> None:
    """Fix a table's columns to the widths of the data: what a program finds itself differs, and may leave the page."""
    properties = table._tbl.tblPr
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for name, value in (("w:w", "{{ block.table.widths|sum }}"), ("w:type", "dxa")):
        properties.find(qn("w:tblW")).set(qn(name), value)
    for row in (table.rows[0], table.rows[2]):
        for name, value in (("w:w", "{{ block.table.widths[loop.index0] }}"), ("w:type", "dxa")):
            row._tr.tc_lst[1].get_or_add_tcPr().get_or_add_tcW().set(qn(name), value)
    for row in (table.rows[0], table.rows[2]):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.trPr.append(OxmlElement("w:tblHeader"))  # repeated where the table goes on over the page


def _cell(cell: Any, text: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(3)
    paragraph.paragraph_format.line_spacing = 1.15
    off_the_grid(paragraph)
    run = paragraph.add_run(text)
    face(run, BODY_FONT, 14)
    _size_tag(run, "block.table.size")
    run.font.bold = bold


def _attachments(document: Any) -> None:
    """附件说明, one line below the text; further numbers stand under the first (7.3.4)."""
    _tag(document, "{%p if attachments %}")
    _line(document, "", BODY_FONT, 16)
    _tag(document, "{%p for name in attachments %}")
    before = "{% if loop.first %}附件：{% else %}　　　{% endif %}"
    number = "{% if attachments|length > 1 %}{{ loop.index }}．{% endif %}"
    name = _line(document, f"{before}{number}{{{{ name }}}}", BODY_FONT, 16)
    _indent(name, 31.6)
    name.paragraph_format.keep_with_next = True
    _tag(document, "{%p endfor %}")
    _tag(document, "{%p endif %}")


def _note(document: Any) -> None:
    """附注, in brackets one line below the date (7.3.7)."""
    _tag(document, "{%p for words in note %}")
    _indent(_line(document, "（{{ words }}）", BODY_FONT, 16), 31.6)
    _tag(document, "{%p endfor %}")


def _enclosed(document: Any) -> None:
    """What is attached, each on a page of its own before 版记 (7.3.8)."""
    _tag(document, "{%p for item in enclosed %}")
    label = _line(document, "{{ item.label }}", LABEL_FONT, 16)
    label.paragraph_format.page_break_before = True
    _line(document, "", BODY_FONT, 16)
    _title_lines(document, "item.title_lines")
    _line(document, "", BODY_FONT, 16)
    _blocks(document, "item.blocks")
    _tag(document, "{%p endfor %}")


def _title_lines(document: Any, lines: str) -> None:
    _tag(document, f"{{%p for line in {lines} %}}")
    title = _line(document, "{{ line }}", TITLE_FONT, 22, _CENTER, exact=False)
    title.paragraph_format.line_spacing_rule, title.paragraph_format.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(36)
    title.runs[0].font.bold = True
    _tag(document, "{%p endfor %}")


def _signed(document: Any, size: float = 16) -> None:
    """署名 and 成文日期, centred on each other, and a dashed circle where the seal goes (7.3.5.1)."""
    for _ in range(2):
        _line(document, "", BODY_FONT, size).paragraph_format.keep_with_next = True
    box = parse_xml(SIGNED.replace("SIZE", str(int(size * 2))).replace("SEAL", str(SEAL)))
    document.element.body.insert(len(document.element.body) - 1, box)
    _low(document)


def _low(document: Any) -> None:
    """Add the paragraph that must follow a table; a low one, so that it never begins a page of its own."""
    last = _line(document, "", BODY_FONT, 1)
    last.paragraph_format.line_spacing = Pt(1)
    off_the_grid(last)


def _foot(document: Any) -> None:
    """版记: 抄送 and who issued it when, between rules, at the foot of the last page in 四号 (7.4)."""
    _tag(document, "{%p if copies %}")
    table = document.add_table(rows=2, cols=1)
    place = parse_xml(
        f'<w:tblpPr {nsdecls("w")} w:leftFromText="0" w:rightFromText="0" w:horzAnchor="margin" w:tblpXSpec="center"'
        ' w:vertAnchor="margin" w:tblpYSpec="bottom"/>'
    )
    properties = table._tbl.tblPr
    for child in list(properties):
        if child.tag != qn("w:tblStyle"):
            properties.remove(child)
    properties.append(place)
    properties.append(parse_xml(f'<w:tblW {nsdecls("w")} w:w="5000" w:type="pct"/>'))
    borders = parse_xml(
        f"<w:tblBorders {nsdecls('w')}>"
        + "".join(f'<w:{s} w:val="single" w:sz="{z}" w:space="0" w:color="000000"/>' for s, z in _RULES)
        + "</w:tblBorders>"
    )
    properties.append(borders)
    for row, text in enumerate(("抄送：{{ copies|join('，') }}。", "{{ signature }}　　{{ date }}印发")):
        paragraph = table.cell(row, 0).paragraphs[0]
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        face(paragraph.add_run(text), BODY_FONT, 14)
    _low(document)
    _tag(document, "{%p endif %}")


_RULES = (("top", 8), ("bottom", 8), ("insideH", 6))


def _saved(document: Any) -> bytes:
    said = document.core_properties
    said.title, said.author, said.comments, said.last_modified_by = (
        "{{ title }}",
        "{{ signature }}",
        "",
        "{{ signature }}",
    )
    said.created = said.modified = datetime(2020, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    document.save(buffer)
    core = _member(buffer.getvalue(), CORE).replace(b"2020-01-01T", b"{{ day }}T")
    return without_clock(buffer.getvalue(), {CORE: core})


def _member(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def as_json(tagged: Mapping[str, str]) -> str:
    """Return what stands beside a layout: its members with tags, so that no process has to look for them."""
    return json.dumps(tagged, ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":
    for name, make in LAYOUTS.items():
        layout = make()
        (FOLDER / f"{name}.docx").write_bytes(layout)
        (FOLDER / f"{name}.json").write_text(as_json(tagged_members(layout)), "utf-8")
