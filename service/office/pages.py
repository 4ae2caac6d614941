"""Draw pages of a PDF as pictures (PNG) with their text; works within the sandbox child alone.

pypdfium2 hands out plain bytes of points: the PNG is written here, since nothing else of ours needs a library of pictures.
"""

from __future__ import annotations

import struct
import time
import zlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pypdfium2

_DOTS = 110 / 72
_LONGEST = 1600
"""Points of the longer side of a picture at most: a poster is drawn smaller."""
_HEAVY = 150_000
"""Bytes from which a coloured picture is drawn with fewer colours: scans of 200 pages would fill the volume."""
_MOST_ANSWERED = 24 * 1024 * 1024
_MOST_SIGNS = 20_000
_ENOUGH = 3.0
"""Seconds of processor after which an answer goes out with the pages that are done."""
_LEVELS = bytes((value * 5 + 127) // 255 for value in range(256))
_PALETTE = bytes(
    part * 51 for red in range(6) for green in range(6) for blue in range(6) for part in (red, green, blue)
)
_GRAYS = bytes((value * 15 + 127) // 255 * 17 for value in range(256))


def read_pages(content: bytes, first: int, count: int) -> Mapping[str, Any]:
    """Return {pages, sheets} of a PDF: how many it has, and at most ``count`` from page ``first`` on, counted from 1.

    A sheet is {page, width, height, text, picture}; {broken: why} where no reader can open the file. Fewer sheets
    come where they take long or grow large: ask again for the rest.
    """
    try:
        document = pypdfium2.PdfDocument(content)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        return {"broken": "locked" if "assword" in str(error) else "damaged"}
    if not pages:
        return {"broken": "damaged"}
    with suppress(pypdfium2.PdfiumError):
        document.init_forms()  # what was typed into a form of the file is drawn as well
    return {"pages": pages, "sheets": list(_sheets(document, range(first, min(first + count, pages + 1))))}


def _sheets(document: pypdfium2.PdfDocument, wanted: range) -> Iterator[Mapping[str, Any]]:
    begun, answered = time.process_time(), 0
    for number in wanted:
        sheet = _sheet(document, number)
        answered += len(sheet["picture"])
        if answered > _MOST_ANSWERED and number != wanted.start:
            return
        yield sheet
        if time.process_time() - begun > _ENOUGH:
            return


def _sheet(document: pypdfium2.PdfDocument, number: int) -> Mapping[str, Any]:
    """Return one page; a page that cannot be drawn has no picture."""
    nothing = {"page": number, "width": 0, "height": 0, "text": "", "picture": ""}
    try:
        page = document[number - 1]
        scale = min(_DOTS, _LONGEST / max(*page.get_size(), 1))
        drawn = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
        picture = _picture(drawn)
        text = page.get_textpage().get_text_range()
    except (pypdfium2.PdfiumError, ValueError):
        return nothing
    said = text.replace("\r\n", "\n").replace("\0", "").encode("utf-8", "ignore").decode()
    shape = {"width": drawn.width, "height": drawn.height}
    return nothing | shape | {"text": said.strip()[:_MOST_SIGNS], "picture": b64encode(picture).decode()}


def _picture(drawn: pypdfium2.PdfBitmap) -> bytes:
    """Return the points as a PNG: in grays where there is no colour, with 216 colours where it would be heavy."""
    channels, row = drawn.n_channels, drawn.width * drawn.n_channels
    whole = bytes(drawn.buffer)
    points = b"".join(whole[y * drawn.stride : y * drawn.stride + row] for y in range(drawn.height))
    if channels == 1:
        return _png(drawn, 0, 1, points)
    red, green, blue = (points[part::channels] for part in range(3))
    if red == green == blue:
        return _png(drawn, 0, 1, red.translate(_GRAYS))
    if channels == 3 and len(plain := _png(drawn, 2, 3, points)) <= _HEAVY:
        return plain
    places = zip((red, green, blue), (36, 6, 1), strict=True)
    sums = sum(int.from_bytes(one.translate(_LEVELS), "big") * by for one, by in places)
    return _png(drawn, 3, 1, sums.to_bytes(len(red), "big"))


def _png(drawn: pypdfium2.PdfBitmap, colours: int, channels: int, points: bytes) -> bytes:
    """Return a PNG (ISO/IEC 15948) of eight bits a channel; ``colours`` 0 gray, 2 red-green-blue, 3 of the palette."""
    row = drawn.width * channels
    lines = b"".join(b"\0" + points[start : start + row] for start in range(0, len(points), row))
    head = struct.pack(">IIBBBBB", drawn.width, drawn.height, 8, colours, 0, 0, 0)
    palette = _chunk(b"PLTE", _PALETTE) if colours == 3 else b""
    body = _chunk(b"IHDR", head) + palette + _chunk(b"IDAT", zlib.compress(lines, 6)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
