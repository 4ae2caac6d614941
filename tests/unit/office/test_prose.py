"""The text of foreign documents, read in the sandbox; every file without text gets a sentence."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pypdfium2
import pytest
from docx import Document

from service.catalog.law_text.split import split_law
from service.domain.errors import Invalid
from service.office import Sandbox
from service.office.pdf import Printer
from service.office.prose import read_prose
from service.office.sandbox import SandboxLimits
from tests.unit.documents.test_pdf import CONTENT

LINES = ["示例办法", "第一条 为了提高质量，制定本办法。", "第二条 每届不超过5个。", "（一）质量奖；", "（二）提名奖。"]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(SandboxLimits(memory=256 * 1024 * 1024, processor=6, wall=20.0))
    yield made
    made.close()


def word(lines: list[str]) -> bytes:
    document, buffer = Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "奖项", "名额"
    document.save(buffer)
    return buffer.getvalue()


def blank_pdf() -> bytes:
    document, buffer = pypdfium2.PdfDocument.new(), io.BytesIO()
    document.new_page(595, 842)
    document.save(buffer)
    return buffer.getvalue()


def test_a_word_file_gives_its_paragraphs_and_tables(sandbox: Sandbox) -> None:
    text = sandbox.prose("办法.docx", word(LINES)).text
    assert text.splitlines() == [*LINES, "奖项　名额"]
    assert [unit.place for unit in split_law("\n".join(text.splitlines()[:5]))][1:4] == [
        "第一条",
        "第二条",
        "第二条第（一）项",
    ]


def test_a_pdf_with_a_text_layer_gives_the_text_of_its_pages(sandbox: Sandbox) -> None:
    assert CONTENT["title"] in sandbox.prose("办法.pdf", Printer().print(CONTENT)).text.replace("\r\n", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_plain_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    assert read_prose("办法.txt", "第一条 质量。".encode(encoding)).text == "第一条 质量。"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("办法.doc", b"\xd0\xcf\x11\xe0" + b"x" * 100, "另存为 .docx"),
        ("办法.wps", b"whatever", "另存为 .docx"),
        ("扫描.pdf", blank_pdf(), "扫描件"),
        ("坏.pdf", b"%PDF-1.7 broken", "打不开"),
        ("坏.docx", b"PK\x03\x04 broken", "打不开"),
        ("程序.bin", b"\0\1\2\3", "打不开"),
    ],
)
def test_a_file_without_text_is_refused_with_what_to_do(sandbox: Sandbox, name: str, content: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refusal:
        sandbox.prose(name, content)
    assert said in refusal.value.message.zh


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def with_body(body: str, numbering: str = "", styles: str = "") -> bytes:
    """Return a Word file whose body (and list definitions, and more styles) are this XML."""
    plain = io.BytesIO(word([]))
    buffer = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                content = f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'.encode()
            if name == "word/styles.xml":
                content = content.replace(b"</w:styles>", f"{STYLES}{styles}</w:styles>".encode())
            if name == "word/numbering.xml":
                content = f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'.encode()
            new.writestr(name, content)
    return buffer.getvalue()


STYLES = (
    "<w:style w:type='character' w:styleId='Old'><w:rPr><w:strike/></w:rPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='Cut'><w:rPr><w:strike/></w:rPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='OldLine'><w:basedOn w:val='Cut'/></w:style>"
    "<w:style w:type='character' w:styleId='Unseen'><w:rPr><w:vanish/></w:rPr></w:style>"
    "<w:style w:type='character' w:styleId='Mark'><w:rPr><w:vertAlign w:val='superscript'/></w:rPr></w:style>"
)


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def raised(align: str, text: str) -> str:
    return f"<w:r><w:rPr><w:vertAlign w:val='{align}'/></w:rPr><w:t>{text}</w:t></w:r>"


def lifted(half_points: int, text: str) -> str:
    return f"<w:r><w:rPr><w:position w:val='{half_points}'/></w:rPr><w:t>{text}</w:t></w:r>"


def circled(number: int) -> str:
    return old_form(rf"EQ \o\ac(○,{number})", "")


def old_form(instruction: str, data: str) -> str:
    return (
        f"<w:r><w:fldChar w:fldCharType='begin'>{data}</w:fldChar></w:r><w:r><w:instrText> {instruction} </w:instrText></w:r>"
        "<w:r><w:fldChar w:fldCharType='separate'/></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
    )


DROP_DOWN = "<w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='5日'/><w:listEntry w:val='7日'/></w:ddList></w:ffData>"
BOX = "<w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox></w:ffData>"


@pytest.mark.parametrize(
    ("body", "text", "remarks"),
    [
        (
            f"<w:p>{run('不少于')}<w:del><w:r><w:delText>5</w:delText></w:r></w:del><w:ins>{run('7')}</w:ins>{run('日')}</w:p>",
            "不少于7日",
            ("revisions",),
        ),
        (
            f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('不少于7')}</w:p><w:p>{run('个工作日。')}</w:p>",
            "不少于7个工作日。",
            ("revisions",),
        ),
        (
            f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p>{run('旧行')}</w:p></w:tc></w:tr>"
            f"<w:tr><w:tc><w:p>{run('新行')}</w:p></w:tc></w:tr></w:tbl>",
            "新行",
            ("revisions",),
        ),
        (
            f"<w:tbl><w:tr><w:tc><w:tcPr><w:cellDel/></w:tcPr><w:p>{run('旧格')}</w:p></w:tc>"
            f"<w:tc><w:p>{run('新格')}</w:p></w:tc></w:tr></w:tbl>",
            "新格",
            ("revisions",),
        ),
        (f"<w:p>{run('第一条')}<w:r><w:ptab/></w:r>{run('总则')}</w:p>", "第一条\t总则", ()),
        (f"<w:p>{run('甲')}<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>", "甲", ("unread",)),
        (f"<w:p>{run('限')}<w:fldSimple w:instr=' MERGEFIELD n '/>{run('日')}</w:p>", "限日", ("unread",)),
        (f"<w:p><w:fldSimple w:instr=' MERGEFIELD n '>{run('七')}</w:fldSimple>{run('日')}</w:p>", "七日", ()),
        (f"<w:p>{run('选')}<w:r><w:sym w:char='F0FE'/></w:r></w:p>", "选", ("unread",)),
        (f"<w:p><w:r><w:rPr><w:strike/></w:rPr><w:t>五日</w:t></w:r>{run('七日')}</w:p>", "五日七日", ("struck",)),
        (
            f"<w:p><w:r><w:rPr><w:rStyle w:val='Old'/></w:rPr><w:t>五日</w:t></w:r>{run('七日')}</w:p>",
            "五日七日",
            ("struck",),
        ),
        (f"<w:p><w:pPr><w:pStyle w:val='OldLine'/></w:pPr>{run('五日')}</w:p>", "五日", ("struck",)),
        (
            "<w:p><w:pPr><w:pStyle w:val='OldLine'/></w:pPr><w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>七日</w:t></w:r></w:p>",
            "七日",
            (),
        ),
        (
            f"<w:p>{run('甲')}<w:r><w:rPr><w:rStyle w:val='Unseen'/></w:rPr><w:t>隐藏</w:t></w:r></w:p>",
            "甲",
            ("unread",),
        ),
        (
            f"<w:p><w:r><w:ruby><w:rt>{run('guì')}</w:rt><w:rubyBase>{run('桂')}</w:rubyBase></w:ruby></w:r></w:p>",
            "桂",
            (),
        ),
        (
            f"<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('单击此处')}</w:sdtContent></w:sdt>{run('正文')}</w:p>",
            "正文",
            (),
        ),
        (
            f"<w:p><w:moveFrom>{run('旧处')}</w:moveFrom><w:moveTo>{run('新处')}</w:moveTo></w:p>",
            "新处",
            ("revisions",),
        ),
        (
            f"<w:p>自<w:smartTag>{run('自2026年')}<w:smartTag>{run('3月')}</w:smartTag></w:smartTag></w:p>",
            "自2026年3月",
            (),
        ),
        (
            f"<w:sdt><w:sdtContent><w:p>{run('第一条')}<w:sdt><w:sdtContent>{run(' 控件')}</w:sdtContent></w:sdt></w:p>"
            "</w:sdtContent></w:sdt>",
            "第一条 控件",
            (),
        ),
        (
            f"<w:p>{run('正文')}<w:r><w:pict><w:txbxContent><w:p>{run('框内')}</w:p></w:txbxContent></w:pict></w:r></w:p>",
            "正文\n框内",
            (),
        ),
        (f"<w:p><w:hyperlink>{run('链接')}</w:hyperlink><w:fldSimple>{run('域')}</w:fldSimple></w:p>", "链接域", ()),
        (f"<w:p>{run('甲')}<w:r><w:footnoteReference/></w:r></w:p>", "甲", ("notes",)),
        (f"<w:p>{run('10')}{raised('superscript', '2')}{run('5分')}</w:p>", "10²5分", ("raised",)),
        (f"<w:p>{run('10')}{raised('subscript', '２')}{run('分')}</w:p>", "10₂分", ("raised",)),
        (f"<w:p>{run('2')}{raised('superscript', 'n1')}{run('0')}</w:p>", "2^n¹0", ("raised",)),
        (f"<w:p>{run('2')}{raised('baseline', '0')}{run('分')}</w:p>", "20分", ()),
        (f"<w:p>{run('10')}{lifted(12, '2')}{run('分')}</w:p>", "10²分", ("raised",)),
        (f"<w:p>{run('10')}{lifted(2, '2')}{lifted(12, '分')}</w:p>", "102分", ()),
        (
            f"<w:p><w:pPr><w:framePr w:dropCap='drop'/></w:pPr>{run('第')}</w:p><w:p>{run('一条　公示')}</w:p>",
            "第一条　公示",
            (),
        ),
        (f"<w:p>{run('得分')}{circled(1)}{run('分')}</w:p>", "得分①分", ()),
        (f"<w:p>{run('得分')}{circled(31)}{run('分')}</w:p>", "得分分", ("unread",)),
        (f"<w:p>{run('公示')}{old_form('FORMDROPDOWN', DROP_DOWN)}</w:p>", "公示7日", ()),
        (f"<w:p>{old_form('FORMCHECKBOX', BOX)}{run('同意')}</w:p>", "☑同意", ()),
        (f"<w:p>{old_form('FORMCHECKBOX', BOX.replace('1', '0'))}{run('同意')}</w:p>", "☐同意", ()),
        (f"<w:p>{run('第')}{old_form('SEQ a', '')}{run('条')}</w:p>", "第条", ("unread",)),
        (f"<w:p>{run('自')}<w:r><w:dayLong/></w:r>{run('起')}</w:p>", "自起", ("unread",)),
        (f"<w:subDoc/><w:p>{run('正文')}</w:p>", "正文", ("unread",)),
        (f"<w:p>{run(chr(0xF0B3) + '3年')}</w:p>", chr(0xF0B3) + "3年", ("unread",)),
        (
            f"<w:p>{run('甲公司')}<w:r><w:rPr><w:rStyle w:val='Mark'/></w:rPr><w:t>1</w:t></w:r></w:p>",
            "甲公司¹",
            ("raised",),
        ),
        (
            f"<w:tbl><w:tr><w:tc><w:p>{run('甲')}</w:p></w:tc><w:tc><w:tbl><w:tr><w:tc><w:p>{run('内')}</w:p></w:tc></w:tr></w:tbl>"
            "</w:tc></w:tr></w:tbl>",
            "甲　内",
            (),
        ),
    ],
)
def test_a_word_file_is_read_as_its_reader_sees_it(body: str, text: str, remarks: tuple[str, ...]) -> None:
    read = read_prose("办法.docx", with_body(body))
    assert (read.text, read.remarks) == (text, remarks)


def level(depth: int, words: str, shape: str = "chineseCounting", more: str = "") -> str:
    return f"<w:lvl w:ilvl='{depth}'><w:numFmt w:val='{shape}'/>{more}<w:lvlText w:val='{words}'/></w:lvl>"


def styled(style: str, text: str, numbers: str = "") -> str:
    return f"<w:p><w:pPr><w:pStyle w:val='{style}'/><w:numPr>{numbers}</w:numPr></w:pPr>{run(text)}</w:p>"


def style(ident: str, numbers: str, below: str = "", kind: str = "w:type='paragraph'") -> str:
    based = f"<w:basedOn w:val='{below}'/>" if below else ""
    return f"<w:style {kind} w:styleId='{ident}'>{based}<w:pPr><w:numPr>{numbers}</w:numPr></w:pPr></w:style>"


NUM, OFF, DEEP = "<w:numId w:val='1'/>", "<w:numId w:val='0'/>", "<w:ilvl w:val='1'/>"
LIST = "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
CHAPTERS = f"<w:abstractNum w:abstractNumId='0'>{level(0, '第%1章')}{level(1, '第%2条')}</w:abstractNum>{LIST}"
HEADINGS = style("H1", NUM) + style("H2", DEEP, "H1") + style("H3", "", "H2") + style("H4", OFF, "H1")
ARTICLES = style("Articles", NUM, kind="w:type='numbering'")
LINKED = (
    f"<w:abstractNum w:abstractNumId='0'>{{link}}{level(0, '第%1条')}</w:abstractNum>"
    "<w:abstractNum w:abstractNumId='1'><w:numStyleLink w:val='Articles'/></w:abstractNum>"
    f"{LIST}<w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num>"
)
SECOND = "<w:numId w:val='2'/>"


@pytest.mark.parametrize(
    ("body", "numbering", "styles", "text"),
    [
        (
            styled("H1", "甲") + styled("H2", "乙") + styled("H3", "丙"),
            CHAPTERS,
            HEADINGS,
            "第一章　甲\n第一条　乙\n第二条　丙",
        ),
        (styled("H2", "甲") + styled("H4", "乙") + styled("H2", "丙", OFF), CHAPTERS, HEADINGS, "第一条　甲\n乙\n丙"),
        (styled("H1", "甲", DEEP), CHAPTERS, HEADINGS, "第一条　甲"),
        (
            styled("H1", "甲"),
            CHAPTERS.replace("<w:lvlText w:val='第%2条'/>", "<w:pStyle w:val='H1'/><w:lvlText w:val='第%2条'/>"),
            HEADINGS,
            "第一条　甲",
        ),
        (f"<w:p>{run('甲')}</w:p>", CHAPTERS, style("N", NUM, kind="w:type='paragraph' w:default='1'"), "第一章　甲"),
        (
            styled("X", "甲", SECOND) * 2,
            LINKED.format(link="<w:styleLink w:val='Articles'/>"),
            "",
            "第一条　甲\n第二条　甲",
        ),
        (styled("X", "甲", SECOND), LINKED.format(link=""), ARTICLES, "第一条　甲"),
        (styled("X", "甲", SECOND), LINKED.format(link=""), "", "甲"),
        (
            styled("X", "甲", NUM) * 2,
            CHAPTERS.replace("</w:num>", f"<w:lvlOverride w:ilvl='0'>{level(0, '第%1款')}</w:lvlOverride></w:num>"),
            "",
            "第一款　甲\n第二款　甲",
        ),
        (
            styled("H1", "甲") + styled("H2", "乙"),
            CHAPTERS.replace(level(1, "第%2条"), level(1, "%1.%2", more="<w:isLgl/>")),
            HEADINGS,
            "第一章　甲\n1.1　乙",
        ),
        (
            styled("H1", "甲"),
            CHAPTERS.replace(level(0, "第%1章"), level(0, "%1)", "lowerLetter", "<w:start w:val='28'/>")),
            HEADINGS,
            "bb)　甲",
        ),
        (
            styled("H1", "甲"),
            CHAPTERS.replace(level(0, "第%1章"), level(0, "%1、", "ideographTraditional")),
            HEADINGS,
            "甲、　甲",
        ),
    ],
)
def test_numbers_that_styles_and_lists_hand_down_are_written(body: str, numbering: str, styles: str, text: str) -> None:
    read = read_prose("办法.docx", with_body(body, numbering, styles))
    assert (read.text, read.remarks) == (text, ("numbers",))


def test_articles_are_told_by_chinese_or_arabic_numbers_and_by_an_added_one() -> None:
    units = split_law("第1条 质量。\n第十条 条件：\n（一）甲；\n第十条之一 例外。\n另一款。\n第１１条 施行。")
    assert [unit.place for unit in units] == [
        "第一条",
        "第十条",
        "第十条第（一）项",
        "第十条之一第一款",
        "第十条之一第二款",
        "第十一条",
    ]


def test_text_in_utf_16_is_read_and_rtf_told_what_to_do() -> None:
    assert read_prose("a.txt", "第一条 甲。".encode("utf-16")).text == "第一条 甲。"
    with pytest.raises(Invalid, match=r"RTF.*另存为 \.docx"):
        read_prose("a.rtf", rb"{\rtf1 \ansi abc}")
