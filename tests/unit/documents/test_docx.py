import io
import zipfile
from collections.abc import Iterator

import pytest
from docx import Document
from docx.oxml.ns import qn

from service.office import Sandbox
from service.office.sandbox import SandboxLimits
from service.office.word import BadLayout, OwnLayout, render_docx

CONTENT = {
    "title": "关于授予质量奖的决定", "number": "示政发〔2026〕1号", "addressee": "各有关单位：", "paragraphs": ["决定如下。"],
    "signature": "示例市人民政府", "date": "2026-03-10", "attachments": ["名单", "说明"], "copies": ["市委", "有关部门"],
}  # fmt: skip
TABLE = {"head": ["名次", "组织", "得分"], "rows": [["1", "甲厂", "712.5"], ["2", "乙厂", "688"]]}


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(SandboxLimits(memory=128 * 1024 * 1024, processor=4, wall=20.0))
    yield made
    made.close()


def opened(**changes: object):
    return Document(io.BytesIO(render_docx({**CONTENT, **changes})))


def lines(**changes: object) -> list[str]:
    return [p.text for p in opened(**changes).paragraphs if p.text]


def cells(document) -> list[list[list[str]]]:
    return [[[c.text for c in row.cells] for row in table.rows] for table in document.tables]


def test_every_part_stands_where_the_standard_puts_it() -> None:
    document = opened()
    assert [p.text for p in document.paragraphs if p.text] == [
        "示例市人民政府", "示政发〔2026〕1号", "关于授予质量奖的决定", "各有关单位：", "决定如下。",
        "附件：1．名单", "　　　2．说明",
    ]  # fmt: skip
    assert cells(document) == [
        [["示例市人民政府\n2026年3月10日\n（印章）"]],
        [["抄送：市委，有关部门。"], ["示例市人民政府　　2026年3月10日印发"]],
    ]


def test_a_page_holds_22_lines_of_28_characters_between_the_margins_of_the_standard() -> None:
    section = opened().sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(m.mm) for m in margins] == [37, 35, 28, 26]
    grid = section._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    text = next(r for p in opened().paragraphs for r in p.runs if r.text == "决定如下。")
    closer = int(text._element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert 225 / 25.4 * 72 // pitch == 22
    assert 156 / 25.4 * 72 // (16 + closer) == 28
    assert grid.get(qn("w:type")) == "lines", "what a character grid does differs from program to program"


def test_pages_are_numbered_right_on_odd_and_left_on_even_pages() -> None:
    document = opened()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    feet = (section.footer, section.even_page_footer)
    assert [f.paragraphs[0].alignment.name for f in feet] == ["RIGHT", "LEFT"]
    assert all("PAGE" in f._element.xml for f in feet)


ENCLOSED = [{"name": "获奖建议名单", "paragraphs": ["按票数排列：", TABLE]}, {"name": "说明", "paragraphs": ["无。"]}]


def test_a_request_names_who_signs_it_whom_to_ask_and_holds_what_it_encloses() -> None:
    document = opened(signer="王某", note=["联系人：李某"], attachments=ENCLOSED, copies=[])
    texts = [p.text for p in document.paragraphs if p.text]
    assert "示政发〔2026〕1号\t签发人：王某" in texts
    assert texts[texts.index("附件：1．获奖建议名单") :] == [
        "附件：1．获奖建议名单", "　　　2．说明", "（联系人：李某）",
        "附件1", "获奖建议名单", "按票数排列：", "附件2", "说明", "无。",
    ]  # fmt: skip
    assert [TABLE["head"], *TABLE["rows"]] in cells(document)
    assert [p.text for p in document.paragraphs if p.paragraph_format.page_break_before] == ["附件1", "附件2"]


def test_what_people_type_never_breaks_the_file() -> None:
    assert lines(paragraphs=["甲 < 乙 & {{ title }}\x0b\x00\r\n第二段", "  "])[4:6] == [
        "甲 < 乙 & {{ title }}",
        "第二段",
    ]


def test_a_layout_that_unpacks_to_too_much_ends_the_child_and_is_refused(sandbox: Sandbox) -> None:
    plain = io.BytesIO()
    Document().save(plain)
    bomb = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry.filename))
        new.writestr("word/header9.xml", b"<w>" + b"{{ title }}" * 4_000_000 + b"</w>")
    with pytest.raises(BadLayout, match="版式不能使用"):
        render_docx(CONTENT, OwnLayout(bomb.getvalue(), sandbox))


def test_a_tag_that_word_split_is_filled_in(sandbox: Sandbox) -> None:
    own = Document()
    paragraph = own.add_paragraph()
    for part in ("关于{", "{ ti", "tle }", "}"):
        paragraph.add_run(part).bold = len(part) == 1
    buffer = io.BytesIO()
    own.save(buffer)
    filled = Document(io.BytesIO(render_docx(CONTENT, OwnLayout(buffer.getvalue(), sandbox))))
    assert [p.text for p in filled.paragraphs] == ["关于关于授予质量奖的决定"]


@pytest.mark.parametrize(
    "part", ["footnotes", "endnotes", "header7", "diagrams/data1", "diagrams/drawing1", "charts/chart1"]
)
def test_a_tag_outside_the_text_is_filled_in(part: str, sandbox: Sandbox) -> None:
    own = Document()
    own.add_paragraph("{{ date }}")
    buffer = io.BytesIO()
    own.save(buffer)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(f"word/{part}.xml", "<part><t>{{ title }}</t></part>")
    with zipfile.ZipFile(io.BytesIO(render_docx(CONTENT, OwnLayout(buffer.getvalue(), sandbox)))) as filled:
        assert filled.read(f"word/{part}.xml").decode() == "<part><t>关于授予质量奖的决定</t></part>"


@pytest.mark.parametrize(
    "tag",
    [
        "{{ 'a' * 4000000000 }}",
        "{% for a in range(90000) %}{% for b in range(90000) %}{{ title }}{% endfor %}{% endfor %}",
        "{{ 1 // 0 }}",
        "{{ title.nothing.more }}",
        "{{ title + 1 }}",
        "{{ title }}{ title }",
        "｛｛ title ｝｝",
        "关于授奖的决定",
    ],
)
def test_a_layout_that_costs_too_much_or_asks_for_nonsense_is_refused(tag: str) -> None:
    own = Document()
    own.add_paragraph(tag)
    buffer = io.BytesIO()
    own.save(buffer)
    child = Sandbox(SandboxLimits(processor=2))
    try:
        with pytest.raises(BadLayout, match="版式不能使用"):
            render_docx(CONTENT, OwnLayout(buffer.getvalue(), child))
    finally:
        child.close()
