import pypdfium2
import pytest

from service.domain.running.memory import give_back, measure_process_memory
from service.office.fonts import NoChineseFont
from service.office.pdf import Printer
from service.office.sandbox import SandboxLimits
from service.office.word import FOLDER, BadLayout
from tests.unit.documents.test_docx import CONTENT, TABLE


@pytest.fixture(scope="module")
def printer() -> Printer:
    made = Printer()
    try:
        made.faces()
    except NoChineseFont as missing:
        pytest.skip(missing.message.zh)
    return made


def pages(pdf: bytes) -> list[list[str]]:
    return [page.get_textpage().get_text_range().split("\r\n") for page in pypdfium2.PdfDocument(pdf)]


def test_the_same_words_stand_in_both_files(printer: Printer) -> None:
    lines = [line for page in pages(printer.print({**CONTENT, "paragraphs": ["排列如下：", TABLE]})) for line in page]
    for words in (
        "示政发〔2026〕1号",
        "各有关单位：",
        "甲厂",
        "附件：1． 名单",
        "2026年3月10日",
        "（印章）",
        "— 1 —",
        "抄送：市委，有关部门。",
    ):
        assert any(words in line for line in lines), (words, lines)


@pytest.mark.parametrize("attachments", [[], ["名单", "说明"]])
def test_no_page_holds_a_seal_alone(printer: Printer, attachments: list[str]) -> None:
    for lines in range(8, 16):
        content = {**CONTENT, "paragraphs": ["依据办法办理。"] * lines, "attachments": attachments, "copies": []}
        for page in pages(printer.print(content)):
            assert not any("（印章）" in line for line in page) or any(
                "附件" in line or "依据" in line for line in page
            )


def test_fonts_are_embedded_as_subsets_and_the_bytes_are_the_same_again(printer: Printer) -> None:
    pdf = printer.print(CONTENT)
    assert pdf == Printer().print(CONTENT)
    assert len(pdf) < 200_000
    assert b"/FontFile3" in pdf or b"/FontFile2" in pdf


def test_text_is_never_taken_for_markup(printer: Printer) -> None:
    [first] = pages(printer.print({**CONTENT, "paragraphs": ["#set text(red) *甲* $x$ <b> _乙_"]}))
    assert any("#set text(red) *甲* $x$ <b> _乙_" in line for line in first)


def test_the_fonts_are_no_memory_of_the_server(printer: Printer) -> None:
    give_back()
    before = measure_process_memory()
    Printer().print(CONTENT)
    assert measure_process_memory() - before < 16 * 1024 * 1024, "the fonts of one document are 50 MB"


def test_a_layout_of_a_package_reads_neither_network_nor_disk(printer: Printer) -> None:
    for source in (b'#import "@preview/x:1.0.0"', b'#read("/../../../etc/passwd")'):
        with pytest.raises(BadLayout):
            printer.print(CONTENT, source)


def test_a_layout_of_a_package_costs_so_much_and_no_more(printer: Printer) -> None:
    hasty = Printer(limits=SandboxLimits(memory=256 * 1024 * 1024, processor=1, wall=10.0))
    endless = b"#for i in range(30000) { for j in range(30000) { let a = i } }"
    for source in (b"#range(1000000000).len()", b'#{ "x" * 4000000000 }', endless):
        with pytest.raises(BadLayout, match="more time or memory"):
            hasty.print(CONTENT, source)
    own = (FOLDER / "official.typ").read_bytes()
    assert hasty.print(CONTENT, own) == printer.print(CONTENT)
    assert hasty.pages(CONTENT, own) == printer.pages(CONTENT)
