import io
import zipfile
from collections.abc import Iterator

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from deploy.layouts.make_layouts import FOLDER, LAYOUTS, as_json
from service.domain.output.composed_document import composed
from service.office import Sandbox
from service.office.layout_tags import tagged_members
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


def test_a_table_fills_the_width_of_the_text_whatever_it_holds() -> None:
    wide = {"head": [f"第{n}列" for n in range(7)], "rows": [["很长的名称" * 9, *"123456"]]}
    for table in (TABLE, wide):
        drawn = opened(paragraphs=[table]).tables[0]
        columns = [int(c.get(qn("w:w"))) for c in drawn._tbl.tblGrid]
        assert 8830 < sum(columns) <= 8844
        assert [c._tc.tcPr.width.twips for c in drawn.rows[1].cells] == columns
    assert columns[0] > 2 * columns[1], "a number takes less than a name"


def test_nothing_after_the_signature_can_begin_a_page_of_its_own() -> None:
    last = opened(copies=[]).paragraphs[-1]
    assert last.paragraph_format.line_spacing == Pt(1)
    assert last._p.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0"


def test_pages_are_numbered_right_on_odd_and_left_on_even_pages() -> None:
    document = opened()
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    feet = (section.footer, section.even_page_footer)
    assert [f.paragraphs[0].alignment.name for f in feet] == ["RIGHT", "LEFT"]
    assert all("PAGE" in f._element.xml for f in feet)


def test_one_attachment_has_no_number_and_nothing_is_copied_to_nobody() -> None:
    document = opened(attachments=["名单"], copies=[])
    assert "附件：名单" in [p.text for p in document.paragraphs]
    assert len(document.tables) == 1


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


def test_a_table_has_a_column_for_every_heading() -> None:
    assert cells(opened(paragraphs=["排列如下：", TABLE, "请审议。"]))[0] == [TABLE["head"], *TABLE["rows"]]


def test_a_long_name_of_an_authority_fills_two_lines() -> None:
    long = "乌鲁木齐市质量和知识产权强市工作领导小组办公室"
    assert lines(signature=long)[:2] == ["乌鲁木齐市质量和知识产权强市工作", "领导小组办公室"]


def test_what_people_type_never_breaks_the_file() -> None:
    assert lines(paragraphs=["甲 < 乙 & {{ title }}\x0b\x00\r\n第二段", "  "])[4:6] == [
        "甲 < 乙 & {{ title }}",
        "第二段",
    ]


def test_a_certificate_lies_on_its_side() -> None:
    section = opened(layout="certificate").sections[0]
    assert section.page_width > section.page_height


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render_docx(CONTENT) == render_docx(dict(CONTENT))


def test_an_unknown_layout_and_a_broken_one_are_refused_with_a_sentence(sandbox: Sandbox) -> None:
    for content, own in (({**CONTENT, "layout": "none"}, None), (CONTENT, OwnLayout(b"no zip", sandbox))):
        with pytest.raises(BadLayout, match="版式不能使用"):
            render_docx(content, own)


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


def test_a_package_may_bring_a_layout_of_its_own(sandbox: Sandbox) -> None:
    own = Document()
    own.add_paragraph("本县版式：{{ title }}")
    buffer = io.BytesIO()
    own.save(buffer)
    found = Document(io.BytesIO(render_docx(CONTENT, OwnLayout(buffer.getvalue(), sandbox))))
    assert [p.text for p in found.paragraphs] == ["本县版式：关于授予质量奖的决定"]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ 'a' * 4000000000 }}",
        "{% for a in range(90000) %}{% for b in range(90000) %}{{ title }}{% endfor %}{% endfor %}",
        "{{ 1 // 0 }}",
        "{{ title.nothing.more }}",
        "{{ title + 1 }}",
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


def test_the_bundled_layouts_are_what_their_maker_makes() -> None:
    for name, make in LAYOUTS.items():
        layout, beside = make(), (FOLDER / f"{name}.json").read_text("utf-8")
        assert (FOLDER / f"{name}.docx").read_bytes() == layout, f"run python -m {make.__module__}"
        assert beside == as_json(tagged_members(layout)), f"run python -m {make.__module__}"


def test_a_long_title_is_cut_into_lines_of_like_length_that_break_no_word() -> None:
    for title, cut in (
        ("关于表彰自治州人民政府质量奖获奖组织和先进个人的决定", ("关于表彰自治州人民政府质量奖", "获奖组织和先进个人的决定")),
        (
            "示例区人民政府质量奖评审委员会关于审批第一届示例区人民政府质量奖拟获奖组织名单的请示",
            ("示例区人民政府质量奖评审委员会", "关于审批第一届示例区人民政府", "质量奖拟获奖组织名单的请示"),
        ),
        ("关于印发《示例市人民政府质量奖评审工作细则》的通知", ("关于印发《示例市人民政府", "质量奖评审工作细则》的通知")),
    ):  # fmt: skip
        assert composed({**CONTENT, "title": title}).title_lines == cut


def test_the_last_paragraph_stays_with_the_signature() -> None:
    document = opened(paragraphs=["第一段。", "第二段。"])
    kept = {p.text: bool(p.paragraph_format.keep_with_next) for p in document.paragraphs if "段" in p.text}
    assert kept == {"第一段。": False, "第二段。": True}
