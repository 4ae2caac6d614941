"""Active content of PDF files (ISO 32000): scripts, starts of other programs, files inside.

The reader of PDF files names scripts of the document and files inside; what stands at pages and fields is found by its
names, in the file and in its compressed objects. Compressed objects of an encrypted file are the reader's alone to open.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress

import pypdfium2

from service.domain.files.active_content import Active

_MOST_INFLATED = 64 * 1024 * 1024
_PIECE = 16 * 1024
_HEAD = 2048
"""Bytes before a stream in which its dictionary is looked for."""
_NAMES = (
    (re.compile(rb"/JavaScript(?![A-Za-z0-9])"), Active.SCRIPT),
    (re.compile(rb"/S\s*/Launch(?![A-Za-z0-9])"), Active.LAUNCH),
    (re.compile(rb"/EmbeddedFiles?(?![A-Za-z0-9])"), Active.EMBEDDED),
)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def active_in_pdf(content: bytes) -> Active | None:
    """Return the first active content of a PDF, None for none."""
    active = _find_active_name(content)
    if active is not None:
        return active
    locked = b"/Encrypt" in content
    try:
        for objects in _iterate_inflated(content):
            active = _find_active_name(objects)
            if active is not None:
                return active
    except (zlib.error, OverflowError):
        if not locked:
            return Active.UNREADABLE
    return _as_read(content)


def fault_of_pdf(content: bytes) -> str | None:
    """Return why no reader can open a PDF: "damaged" or "locked"; None where one can."""
    try:
        pages = len(pypdfium2.PdfDocument(content))
    except pypdfium2.PdfiumError as error:
        return "locked" if "assword" in str(error) else "damaged"
    return None if pages else "damaged"


def _find_active_name(content: bytes) -> Active | None:
    """Return what the names of ``content`` tell; signs of a name may be written by their numbers."""
    plain = _ESCAPED.sub(lambda sign: bytes([int(sign[1], 16)]), content)
    return next((active for pattern, active in _NAMES if pattern.search(plain)), None)


def _iterate_inflated(content: bytes) -> Iterator[bytes]:
    """Yield the compressed objects of a file; raises zlib.error, OverflowError where they cannot be read."""
    remaining = _MOST_INFLATED
    for stream in _STREAM.finditer(content):
        head = content[max(0, stream.start() - _HEAD) : stream.start()].rpartition(b" obj")[2]
        if b"/ObjStm" not in _ESCAPED.sub(lambda sign: bytes([int(sign[1], 16)]), head):
            continue
        if b"/Filter" not in head:
            continue  # they were read with the file itself
        inflated = _inflate_object(content, stream.end(), remaining)
        remaining -= len(inflated)
        yield inflated


def _inflate_object(content: bytes, start: int, most: int) -> bytes:
    """Return what is compressed from ``start`` on; raises zlib.error, and OverflowError where it is more than ``most``."""
    reader, parts = zlib.decompressobj(), []
    for at in range(start, len(content), _PIECE):
        parts.append(reader.decompress(content[at : at + _PIECE], most + 1))
        most -= len(parts[-1])
        if most < 0:
            raise OverflowError
        if reader.eof:
            break
    return b"".join(parts)


def _as_read(content: bytes) -> Active | None:
    """Return what the reader of PDF files counts; a file that it cannot open has nothing to count."""
    with suppress(pypdfium2.PdfiumError):
        document = pypdfium2.PdfDocument(content)
        if pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(document) > 0:
            return Active.SCRIPT
        if document.count_attachments() > 0:
            return Active.EMBEDDED
    return None
