"""The size of a picture as its first bytes say it, without unpacking it: PNG (ISO/IEC 15948), JPEG (ITU-T T.81)."""

from __future__ import annotations

import struct

MOST_POINTS = 40_000_000
"""Points of the largest picture that is shown: unpacked it takes 160 MB of a browser's memory."""
_PNG = b"\x89PNG\r\n\x1a\n"
_ALONE = {0x01, *range(0xD0, 0xD9)}
"""Markers of a JPEG that no length follows."""
_FRAMES = set(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG after which its size stands (SOF)."""


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Return width and height in points; None where the beginning says none, or none above 0."""
    size = _of_png(content) if content.startswith(_PNG) else _of_jpeg(content)
    return size if size is not None and min(size) > 0 else None


def _of_png(content: bytes) -> tuple[int, int] | None:
    if len(content) < 24 or content[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _of_jpeg(content: bytes) -> tuple[int, int] | None:
    at = 2 if content.startswith(b"\xff\xd8") else len(content)
    while at + 9 < len(content):
        if content[at] != 0xFF:
            return None
        marker = content[at + 1]
        if marker == 0xFF or marker in _ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return None
