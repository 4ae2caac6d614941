"""Documents as .docx in the layout of GB/T 9704-2012 (党政机关公文格式).

Page A4, margins 37/35/28/26 mm, body in 仿宋 三号 (16 pt) with 28 pt lines, title in 小标宋 二号 (22 pt)
centred, signature and date right. FangSong is not free: the file names it first, and a machine
without it shows its own Song face.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY_FONT, TITLE_FONT = "仿宋", "方正小标宋简体"
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


def render_docx(content: Mapping[str, Any]) -> bytes:
    """Return the .docx of a composed document (see ``compose``); the same content gives the same bytes."""
    document = Document()
    _page(document)
    _paragraph(document, str(content["title"]), TITLE_FONT, 22, WD_ALIGN_PARAGRAPH.CENTER)
    if content.get("number"):
        _paragraph(document, str(content["number"]), BODY_FONT, 16, WD_ALIGN_PARAGRAPH.CENTER)
    _paragraph(document, "", BODY_FONT, 16)
    if content.get("addressee"):
        _paragraph(document, f"{content['addressee']}：", BODY_FONT, 16)
    for text in content["paragraphs"]:
        _paragraph(document, str(text), BODY_FONT, 16, indent=True)
    _attachments(document, [str(name) for name in content.get("attachments") or ()])
    _paragraph(document, "", BODY_FONT, 16)
    _signed(document, str(content.get("signature") or ""), _chinese_date(str(content["date"])))
    _copies(document, [str(name) for name in content.get("copies") or ()])
    document.core_properties.title = str(content["title"])
    document.core_properties.author = str(content.get("signature") or "")
    document.core_properties.created = document.core_properties.modified = _EPOCH
    buffer = io.BytesIO()
    document.save(buffer)
    return _without_clock(buffer.getvalue())


def _attachments(document: Any, names: Sequence[str]) -> None:
    """附件说明, one line below the text: 附件：1. …, the further numbers under the first (7.3.4)."""
    for number, name in enumerate(names, 1):
        before = "附件：" if number == 1 else "　　　"
        label = f"{number}. {name}" if len(names) > 1 else name
        _paragraph(document, f"{before}{label}", BODY_FONT, 16, indent=True)


def _signed(document: Any, signature: str, date_line: str) -> None:
    """署名, 成文日期 and the room in which the seal is set across both (7.3.5.1)."""
    if signature:
        _paragraph(document, signature, BODY_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    _paragraph(document, f"{date_line}　　　　", BODY_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT)
    if signature:
        _paragraph(document, "（印章）　　　　", BODY_FONT, 16, WD_ALIGN_PARAGRAPH.RIGHT)


def _copies(document: Any, names: Sequence[str]) -> None:
    """抄送机关 at the foot, between two rules, in 四号 (7.4.3)."""
    if names:
        _paragraph(document, "", BODY_FONT, 16)
        _ruled(_paragraph(document, f"　抄送：{'，'.join(names)}。", BODY_FONT, 14))


def _ruled(paragraph: Any) -> None:
    borders = OxmlElement("w:pBdr")
    for side in ("w:top", "w:bottom"):
        rule = OxmlElement(side)
        for name, value in (("w:val", "single"), ("w:sz", "6"), ("w:space", "1"), ("w:color", "000000")):
            rule.set(qn(name), value)
        borders.append(rule)
    paragraph._p.get_or_add_pPr().append(borders)


def _page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)


def _paragraph(document: Any, text: str, font: str, size: int, align: Any = None, *, indent: bool = False) -> Any:
    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(36 if size > 16 else 28)
    layout.space_after = layout.space_before = Pt(0)
    if align is not None:
        paragraph.alignment = align
    if indent:
        layout.first_line_indent = Pt(2 * size)
    run = paragraph.add_run(text)
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)
    return paragraph


def _chinese_date(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _without_clock(data: bytes) -> bytes:
    """Write the archive anew with fixed time stamps, so that producing twice gives one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in sorted(old.infolist(), key=lambda i: i.filename != "[Content_Types].xml"):
            new.writestr(
                zipfile.ZipInfo(info.filename, _EPOCH.timetuple()[:6]), old.read(info.filename), zipfile.ZIP_DEFLATED
            )
    return out.getvalue()
