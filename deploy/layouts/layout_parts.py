"""What Word has no words for in python-docx: the seal's place, rules, the character grid, page numbers, frames."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt

NUMBER_FONT = "宋体"
SEAL = 1512000
"""42 mm in EMU: the seal of an authority below the provinces is 42 mm wide."""

SIGNED = f"""<w:tbl {nsdecls("w")} xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">
<w:tblPr><w:tblW w:w="0" w:type="auto"/><w:jc w:val="right"/><w:tblLayout w:type="autofit"/>
<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="1264" w:type="dxa"/></w:tblCellMar></w:tblPr>
<w:tblGrid><w:gridCol w:w="{{{{ [([signature|length, 10]|max) * SIZE * 10 + 1600, 8844]|min }}}}"/></w:tblGrid>
<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>
<w:p><w:pPr><w:keepNext/><w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr>
<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>
<wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="2" behindDoc="1" locked="0"
 layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="column"><wp:align>center</wp:align></wp:positionH>
<wp:positionV relativeFrom="paragraph"><wp:posOffset>-388000</wp:posOffset></wp:positionV>
<wp:extent cx="SEAL" cy="SEAL"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
<wp:docPr id="1" name="印章位置" descr="印章位置"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="SEAL" cy="SEAL"/></a:xfrm>
<a:prstGeom prst="ellipse"><a:avLst/></a:prstGeom><a:noFill/>
<a:ln w="7620"><a:solidFill><a:srgbClr val="B9B9B9"/></a:solidFill><a:prstDash val="dash"/></a:ln></wps:spPr>
<wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>
<w:r><w:rPr><w:rFonts w:ascii="仿宋" w:hAnsi="仿宋" w:eastAsia="仿宋"/><w:sz w:val="SIZE"/></w:rPr>
<w:t>{{{{ signature }}}}</w:t></w:r></w:p>
<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr>
<w:r><w:rPr><w:rFonts w:ascii="仿宋" w:hAnsi="仿宋" w:eastAsia="仿宋"/><w:sz w:val="SIZE"/></w:rPr>
<w:t>{{{{ date }}}}</w:t></w:r></w:p>
<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="400" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr>
<w:r><w:rPr><w:rFonts w:ascii="仿宋" w:hAnsi="仿宋" w:eastAsia="仿宋"/><w:color w:val="969696"/><w:sz w:val="18"/></w:rPr>
<w:t>{{% if signature %}}（印章）{{% endif %}}</w:t></w:r></w:p>
</w:tc></w:tr></w:tbl>"""


def face(run: Any, font: str, size: float) -> None:
    """Set a run in a typeface, for Chinese too, at a size in points."""
    run.font.name, run.font.size = font, Pt(size)
    run._element.rPr.rFonts.set(qn("w:eastAsia"), font)


def rule(paragraph: Any, side: str, color: str, eighths: int, space: int) -> None:
    """Draw a rule along a paragraph, its width in eighths of a point, its distance in points."""
    borders, line = OxmlElement("w:pBdr"), OxmlElement(side)
    for name, value in (("w:val", "single"), ("w:sz", str(eighths)), ("w:space", str(space)), ("w:color", color)):
        line.set(qn(name), value)
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def grid(section: Any) -> None:
    """Set 22 lines: 225 mm / 22 = 579 twips. No character grid: programs differ widely in what they make of one."""
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    chosen = OxmlElement("w:docGrid")
    for name, value in (("w:type", "lines"), ("w:linePitch", "579")):
        chosen.set(qn(name), value)
    section._sectPr.append(chosen)


def off_the_grid(paragraph: Any) -> None:
    """Let a paragraph be as high as its letters, whatever the pitch of the page."""
    free = OxmlElement("w:snapToGrid")
    free.set(qn("w:val"), "0")
    paragraph._p.pPr.find(qn("w:spacing")).addprevious(free)


def closer(run: Any) -> None:
    """Draw the characters of 三号 together by a quarter of a point, so that 28 of them fill 156 mm."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), "-5")
    run._element.rPr.find(qn("w:sz")).addprevious(spacing)


def page_numbers(document: Any, section: Any) -> None:
    """Set — 1 — in 四号: odd pages right, even pages left, a character from the edge (7.5)."""
    document.settings.odd_and_even_pages_header_footer = True
    for footer, align in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(14)
        face(paragraph.add_run("— "), NUMBER_FONT, 14)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        run = paragraph.add_run("1")
        face(run, NUMBER_FONT, 14)
        field.append(run._element)
        paragraph._p.append(field)
        face(paragraph.add_run(" —"), NUMBER_FONT, 14)


def frame(section: Any) -> None:
    """Draw a golden frame around every page."""
    borders = parse_xml(
        f'<w:pgBorders {nsdecls("w")} w:offsetFrom="page">'
        + "".join(f'<w:{s} w:val="thinThickSmallGap" w:sz="24" w:space="28" w:color="B8923A"/>' for s in _SIDES)
        + "</w:pgBorders>"
    )
    margins = section._sectPr.find(qn("w:pgMar"))
    margins.addnext(borders)


_SIDES = ("top", "left", "bottom", "right")


def added_cell(row: Any, text: str) -> None:
    """Add a cell with plain text to a row of a table."""
    cell = OxmlElement("w:tc")
    row._tr.append(cell)
    paragraph, run, words = OxmlElement("w:p"), OxmlElement("w:r"), OxmlElement("w:t")
    words.text = text
    run.append(words)
    paragraph.append(run)
    cell.append(paragraph)
