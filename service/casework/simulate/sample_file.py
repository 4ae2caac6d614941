"""The file that scenarios hand in: a PDF of two pages with some words, so that readers of a rehearsal see pages."""

from __future__ import annotations

from collections.abc import Sequence

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
