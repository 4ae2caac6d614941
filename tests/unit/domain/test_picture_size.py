"""Pictures are measured by their heads."""

import struct

from service.domain.files.picture_size import MOST_POINTS, picture_size


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
