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
    text = sandbox.prose("办法.docx", word(LINES))
    assert text.splitlines() == [*LINES, "奖项　名额"]
    assert [unit.place for unit in split_law("\n".join(text.splitlines()[:5]))][1:4] == [
        "第一条",
        "第二条",
        "第二条第（一）项",
    ]


def test_a_pdf_with_a_text_layer_gives_the_text_of_its_pages(sandbox: Sandbox) -> None:
    assert CONTENT["title"] in sandbox.prose("办法.pdf", Printer().print(CONTENT)).replace("\r\n", "")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_plain_text_is_read_in_the_usual_encodings(encoding: str) -> None:
    assert read_prose("办法.txt", "第一条 质量。".encode(encoding)) == "第一条 质量。"


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


def test_a_word_file_that_unpacks_to_too_much_is_refused(sandbox: Sandbox) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word(LINES))) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            big = entry.filename == "word/document.xml"
            new.writestr(entry.filename, old.read(entry.filename) + (b" " * 300_000_000 if big else b""))
    with pytest.raises(Invalid):
        sandbox.prose("炸弹.docx", buffer.getvalue())
