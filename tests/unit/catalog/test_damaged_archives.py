"""A zip that is damaged anywhere, packed in whatever way, is refused in a sentence wherever one is read."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.office.active_office import active_in_office

WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
NAMES = (
    "[Content_Types].xml",
    "word/document.xml",
    "word/_rels/document.xml.rels",
    "processes/lakeside/law.yaml",
    "manifest.json",
)


def damaged(way: int, count: int = 120) -> Iterator[bytes]:
    """Yield archives with one to five bytes changed; the same ones every time."""
    drawn, out = random.Random(way), io.BytesIO()
    with zipfile.ZipFile(out, "w", way) as archive:
        for name in NAMES:
            archive.writestr(name, drawn.randbytes(300) + b"<a/>\n" * 200)
    for _ in range(count):
        data = bytearray(out.getvalue())
        for _ in range(drawn.choice((1, 1, 2, 5))):
            data[drawn.randrange(len(data))] = drawn.randrange(256)
        yield bytes(data)


READERS: dict[str, tuple[Callable[[bytes, Path], object], type[Exception]]] = {
    "an office file": (lambda data, _: active_in_office(data), ValueError),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("reader", READERS)
def test_what_is_damaged_is_refused(reader: str, way: int, tmp_path: Path) -> None:
    read, refusal = READERS[reader]
    refused = 0
    for data in damaged(way):
        try:
            read(data, tmp_path)
        except refusal:
            refused += 1
    assert refused > 20 or reader == "an office file"
