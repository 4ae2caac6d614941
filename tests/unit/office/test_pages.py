"""Pages of a PDF are drawn in a child process: a text, a long one, a damaged one; pictures are measured by their heads."""

import struct
from base64 import b64decode
from collections.abc import Iterator

import pytest
import typst

from service.domain.files.picture_size import MOST_POINTS, picture_size
from service.office import Sandbox, page_sandbox
from service.office.pages import read_pages


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


def test_a_heavy_page_is_drawn_with_fewer_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.office.pages._HEAVY", 10)
    (sheet,) = read_pages(pdf(1, "#text(fill: blue)[蓝]"), 1, 1)["sheets"]
    assert shape(sheet["picture"])[2] == 3


def test_of_two_thousand_pages_those_asked_for_are_drawn(pager: Sandbox) -> None:
    found = pager.pages(pdf(2000, "{n}"), 1990, 5)
    assert (found["pages"], [sheet["text"] for sheet in found["sheets"]]) == (2000, [str(n) for n in range(1990, 1995)])


@pytest.mark.parametrize("content", [b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", pdf(1)[:400], b"%PDF-"])
def test_a_damaged_file_is_called_so(pager: Sandbox, content: bytes) -> None:
    assert pager.pages(content, 1, 5) == {"broken": "damaged"}


def png(width: int, height: int) -> bytes:
    return (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    )


def test_a_picture_is_measured_without_being_unpacked() -> None:
    jpeg = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc2\x00\x11\x08" + struct.pack(">HH", 3000, 4000) + b"\x03" * 9
    assert picture_size(jpeg) == (4000, 3000)
    assert picture_size(png(12000, 9000)) == (12000, 9000)
    assert MOST_POINTS < 12000 * 9000
    assert [picture_size(one) for one in (b"", b"\xff\xd8\xff\xe0", jpeg[:12], png(0, 5), png(5, 5)[:20])] == [None] * 5
