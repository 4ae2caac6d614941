"""Pages of a PDF are drawn in a child process: a text, a long one, a damaged one; pictures are measured by their heads."""

import struct
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest
import typst

from service.domain.files.picture_size import picture_size
from service.office import Sandbox, office_as_pdf, office_pdf, page_sandbox


def pdf(pages: int, text: str = "第 {n} 页") -> bytes:
    """Return a small PDF; its text layer holds ``text`` on each page."""
    sheets = "#pagebreak()\n".join(text.replace("{n}", str(n)) for n in range(1, pages + 1))
    made = typst.compile(
        ('#set page(width: 80mm, height: 50mm)\n#set text(font: "Noto Serif CJK SC")\n' + sheets).encode()
    )
    assert isinstance(made, bytes)
    return made


@pytest.fixture(scope="module")
def pager() -> Iterator[Sandbox]:
    made = page_sandbox()
    yield made
    made.close()


def shape(picture: str) -> tuple[int, int, int]:
    """Return width, height and kind of colours of a PNG."""
    width, height, _, colours = struct.unpack(">IIBB", b64decode(picture)[16:26])
    return width, height, colours


def test_pages_come_as_pictures_with_their_text_grey_where_there_is_no_colour(pager: Sandbox) -> None:
    found = pager.pages(pdf(3, "自评报告 {n} #if {n} == 2 [#text(fill: red)[红]]"), 2, 5)
    assert found["pages"] == 3
    assert [sheet["page"] for sheet in found["sheets"]] == [2, 3]
    red, grey = found["sheets"]
    assert (red["text"].replace(" ", ""), grey["text"]) == ("自评报告2红", "自评报告 3")
    assert picture_size(b64decode(red["picture"])) == (red["width"], red["height"])
    assert shape(grey["picture"]) == (grey["width"], grey["height"], 0)
    assert shape(red["picture"])[2] == 2


@pytest.mark.parametrize("content", [b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", pdf(1)[:400], b"%PDF-"])
def test_a_damaged_file_is_called_so(pager: Sandbox, content: bytes) -> None:
    assert pager.pages(content, 1, 5) == {"broken": "damaged"}


# Office files become PDF by whatever is called soffice here: within limits, and without it there is none.


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, lines: str) -> None:
    """Put a program in the place of LibreOffice, which no machine of the tests has."""
    program = folder / "soffice"
    program.write_text(f'#!/bin/sh\nfor word in "$@"; do last="$word"; done\nplace=$(dirname "$last")\n{lines}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_it_reads_the_file_and_writes_beside_it_without_our_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAUREL_SECRET", "s")
    install(tmp_path, monkeypatch, '(cat "$last"; echo "$LAUREL_SECRET$http_proxy") > "$place/file.pdf"')
    assert office_as_pdf(b"content ", ".docx") == b"content http://127.0.0.1:9\n"


def test_what_takes_too_long_or_writes_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_pdf, "_SECONDS", 0.2)
    install(tmp_path, monkeypatch, "sleep 60 & sleep 60")
    assert office_as_pdf(b"PK", ".xlsx") is None
    install(tmp_path, monkeypatch, "exit 1")
    assert office_as_pdf(b"PK", ".xlsx") is None
