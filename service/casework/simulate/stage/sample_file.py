"""The files that scenarios hand in: a PDF of two pages with some words, and a picture."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import cache

_PAGES = (
    ("演练附件", "本文件供演练和试用，内容仅供演示。", "Sample attachment for rehearsals", "1 / 2"),
    ("演练正文", "组织推行质量管理的做法、成效和证明材料，正式申报时由申报组织提供。", "Sample text", "2 / 2"),
)
_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType0"
    b"/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000/W[1[270]2 95 500]"
    b"/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0"
    b"/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)

_WIDE, _HIGH = 320, 240


def sample_pdf() -> bytes:
    """Return the PDF (ISO 32000-1), the same bytes every time; its font is one that readers bring themselves."""
    pages = range(len(_PAGES))
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in pages)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(_PAGES)}>>".encode(),
        _FONT,
    ]
    for n in pages:
        drawn = _drawn(_PAGES[n])
        head = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F 3 0 R>>>>/Contents {5 + 2 * n} 0 R>>"
        )
        objects += [head.encode(), b"<</Length %d>>stream\n%s\nendstream" % (len(drawn), drawn)]
    return _file(objects)


@cache
def sample_picture() -> bytes:
    """Return a PNG (ISO/IEC 15948) of 320 × 240 points, the same picture every time: a wall with a notice on its board."""
    rows = b"".join(b"\0" + bytes(_tone(x, y) for x in range(_WIDE)) for y in range(_HIGH))
    header = struct.pack(">IIBBBBB", _WIDE, _HIGH, 8, 0, 0, 0, 0)  # 8 bits of grey, not interlaced
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def _tone(x: int, y: int) -> int:
    """Return the grey of a point, 0 to 255: lines of writing on a sheet, the board around it, the wall."""
    if 90 <= x < 230 and 40 <= y < 200:
        writing = 104 <= x < (190 if y >= 170 else 216) and 56 <= y < 186 and y % 12 < 4
        return 70 if writing else 250
    if 60 <= x < 260 and 20 <= y < 220:
        return 120
    return 190 + (y * 30) // _HIGH


def _drawn(lines: Sequence[str]) -> bytes:
    """Return the first line as a heading, the others below it."""
    shown = (
        f"BT /F {22 if n == 0 else 13} Tf 72 {740 - 34 * n} Td <{line.encode('utf-16-be').hex()}> Tj ET"
        for n, line in enumerate(lines)
    )
    return "\n".join(shown).encode()


def _file(objects: Sequence[bytes]) -> bytes:
    whole, places = b"%PDF-1.4\n", list[int]()
    for number, content in enumerate(objects, 1):
        places.append(len(whole))
        whole += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size, begin = len(objects) + 1, len(whole)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    return whole + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (size, begin)
