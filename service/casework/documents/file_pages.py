"""Pages of a file that somebody sent, as pictures with their text: drawn when somebody first looks, then kept."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.documents.doubtful_file import fault_of_pdf, fault_of_picture, unshown
from service.casework.reading.submissions import ERASED_FILE
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.files.picture_size import picture_size
from service.domain.files.uploads import FileKind
from service.domain.text import Text
from service.office import office_as_pdf
from service.store.rows import FilePageRow, PagedFileRow, UploadRow

AT_ONCE = 50
"""Pages that are shown together."""
_LARGEST = 60 * 1024 * 1024
"""Bytes of the largest file that is handed to the child."""
_DRAWING = Lock()
"""Pictures of a page are asked for side by side: the first who asks draws, the others find it done."""
_PATIENCE = 1.0
"""Seconds for which somebody waits while others' pages are drawn: whoever waits holds a thread of the server."""
_READERS: set[int | None] = set()
"""Who has pages drawn now, or waits for it: one file at a time for each."""
_ENTRY = Lock()
_PNG = FileKind.PNG.media_type
_OFFICE = {kind.media_type: kind.extensions[0] for kind in (FileKind.DOCX, FileKind.XLSX)}

_OTHER_KIND = Text("这类文件不能在线显示，请下载后查看。", "Files of this kind are not shown here: download it.")
_TOO_MUCH = Text(
    "这个文件过大或过于复杂，不能在线显示，请下载后查看。",
    "This file is too large or too complex to be shown here: download it.",
)


class PagesBusy(LaurelError):
    """Pages of others' files, or of another of the reader's, are being drawn."""

    code = "pages_busy"


def pages_of(
    desk: Desk, row: UploadRow, first: int, count: int, reader: int | None
) -> tuple[PagedFileRow, list[FilePageRow]]:
    """Return what is known of a file, and of its pages from ``first`` on those that are drawn, now or before.

    Fewer than ``count`` come where drawing takes long or others' pages are drawn; those that are missing are drawn when
    they are asked for again. ``reader`` is the person who asks, for whom one file is drawn at a time.

    Raises:
        PagesBusy: nothing is known of the file yet, and pages are drawn for others or for the reader.
    """
    known = _known(desk, row, first, count)
    if known is not None and _enough(known, first, count):
        return known
    try:
        with drawing(reader):
            known = _known(desk, row, first, count)
            if known is not None and _enough(known, first, count):
                return known
            have = {page.page for page in known[1]} if known else set()
            start = next((n for n in range(first, first + count) if n not in have), first)
            file, made = _made(desk, row, start, first + count - start)
            return file, sorted([*(known[1] if known else ()), *made], key=lambda page: page.page)
    except PagesBusy:
        if known is None:
            raise
        return known


def redrawn(desk: Desk, row: UploadRow, page: int, reader: int | None) -> FilePageRow | None:
    """Draw one page anew, whose picture was lost; None where it cannot be drawn. Raises PagesBusy."""
    with drawing(reader):
        known = _known(desk, row, page, 1)
        if known is not None and not known[0].pages:
            return None
        _, made = _made(desk, row, page, 1)
    return next((one for one in made if one.page == page), None)


@contextmanager
def drawing(reader: int | None) -> Iterator[None]:
    """Draw one file after another, one for each reader; long ones must not keep the server's threads waiting.

    Raises PagesBusy.
    """
    with _ENTRY:
        if reader in _READERS:
            raise pages_busy()
        _READERS.add(reader)
    try:
        if not _DRAWING.acquire(timeout=_PATIENCE):
            raise pages_busy()
        try:
            yield
        finally:
            _DRAWING.release()
    finally:
        with _ENTRY:
            _READERS.discard(reader)


def pages_busy() -> PagesBusy:
    """Return the refusal of who asks while pages are drawn."""
    return PagesBusy(
        Text(
            "服务器正在生成页面，请过一分钟再打开，或者先下载文件。",
            "Pages are being drawn: open this again in a minute, or download the file.",
        )
    )


def _known(desk: Desk, row: UploadRow, first: int, count: int) -> tuple[PagedFileRow, list[FilePageRow]] | None:
    with desk.store.read() as tx:
        file = tx.file_pages.file(row.sha256)
        return None if file is None else (file, tx.file_pages.between(row.sha256, first, first + count - 1))


def _enough(found: tuple[PagedFileRow, Sequence[FilePageRow]], first: int, count: int) -> bool:
    """Return whether nothing is left to be drawn."""
    return not found[0].pages or len(found[1]) >= min(count, found[0].pages - first + 1)


def _made(desk: Desk, row: UploadRow, first: int, count: int) -> tuple[PagedFileRow, list[FilePageRow]]:
    """Draw pages and note them; of a file that was erased meanwhile nothing is left."""
    file, pages = _drawn(desk, row, first, count)
    with desk.store.write() as tx:
        if tx.file_pages.is_kept(row.sha256):
            tx.file_pages.keep(file, pages)
            return file, pages
        drawn = {one for one in (file.source, *(page.picture for page in pages)) if one is not None} - {row.sha256}
        stamps = {sha256: desk.store.files.stamp(sha256) for sha256 in drawn}
        for sha256 in drawn - tx.erasures.still_needed(drawn):
            desk.store.files.drop(sha256, stamps[sha256])
    return unshown(desk, row.sha256, ERASED_FILE), []


def _drawn(desk: Desk, row: UploadRow, first: int, count: int) -> tuple[PagedFileRow, list[FilePageRow]]:
    with desk.store.files.open(row.sha256) as stream:
        content = stream.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        return unshown(desk, row.sha256, _TOO_MUCH), []
    if row.kind in (FileKind.JPEG.media_type, FileKind.PNG.media_type):
        return _picture(desk, row, content)
    if row.kind == FileKind.PDF.media_type:
        return _of_pdf(desk, row, content, first, count)
    if row.kind in _OFFICE:
        return _of_office(desk, row, content, first, count)
    return unshown(desk, row.sha256, _OTHER_KIND), []


def _of_office(
    desk: Desk, row: UploadRow, content: bytes, first: int, count: int
) -> tuple[PagedFileRow, list[FilePageRow]]:
    """Show an Office file by its PDF, which is kept, where LibreOffice makes one; else the text of a Word file."""
    with desk.store.read() as tx:
        known = tx.file_pages.file(row.sha256)
    source = known.source if known is not None else None
    pdf = _kept_pdf(desk, source)
    if pdf is None and (pdf := office_as_pdf(content, _OFFICE[row.kind])) is not None:
        source = desk.store.files.put(pdf)[0]
    if pdf is not None:
        file, pages = _of_pdf(desk, row, pdf, first, count)
        return replace(file, source=source), pages
    if row.kind == FileKind.DOCX.media_type:
        return _of_word(desk, row, content)
    return unshown(desk, row.sha256, _OTHER_KIND), []


def _kept_pdf(desk: Desk, source: str | None) -> bytes | None:
    """Return the PDF that was made of an Office file before; None where there is none, or it was lost."""
    if source is None:
        return None
    try:
        with desk.store.files.open(source) as stream:
            return stream.read()
    except NotFound:
        return None


def _of_pdf(
    desk: Desk, row: UploadRow, content: bytes, first: int, count: int
) -> tuple[PagedFileRow, list[FilePageRow]]:
    """Draw pages; of a file that broke the limits once nothing more is drawn, or each of its pages would break them."""
    try:
        found = desk.pager.pages(content, first, count)
    except Invalid:
        return unshown(desk, row.sha256, _TOO_MUCH), []
    if "broken" in found:
        return unshown(desk, row.sha256, fault_of_pdf(found["broken"])), []
    return _file(desk, row, int(found["pages"])), [_page(desk, row, sheet) for sheet in found["sheets"]]


def _picture(desk: Desk, row: UploadRow, content: bytes) -> tuple[PagedFileRow, list[FilePageRow]]:
    """Show a picture as it was sent, unless a browser could not hold it."""
    fault = fault_of_picture(content)
    if fault is not None:
        return unshown(desk, row.sha256, fault), []
    width, height = picture_size(content) or (0, 0)
    shown = FilePageRow(
        sha256=row.sha256, page=1, kind=row.kind, width=width, height=height, picture=row.sha256, text=""
    )
    return _file(desk, row, 1), [shown]


def _of_word(desk: Desk, row: UploadRow, content: bytes) -> tuple[PagedFileRow, list[FilePageRow]]:
    """Show the text of a Word file as one page without a picture."""
    try:
        text = desk.sandbox.prose(row.name, content).text
    except Invalid:
        return unshown(desk, row.sha256, _TOO_MUCH), []
    page = FilePageRow(sha256=row.sha256, page=1, kind="text/plain", width=0, height=0, text=text.replace("\0", ""))
    return _file(desk, row, 1), [page]


def _page(desk: Desk, row: UploadRow, sheet: Mapping[str, Any]) -> FilePageRow:
    picture = desk.store.files.put(b64decode(sheet["picture"]))[0] if sheet["picture"] else None
    width, height = int(sheet["width"]), int(sheet["height"])
    page, text = int(sheet["page"]), str(sheet["text"])
    return FilePageRow(sha256=row.sha256, page=page, kind=_PNG, width=width, height=height, picture=picture, text=text)


def _file(desk: Desk, row: UploadRow, pages: int) -> PagedFileRow:
    return PagedFileRow(sha256=row.sha256, pages=pages, made_at=desk.clock.now())


def why_unshown(file: PagedFileRow) -> Text | None:
    """Return why no page of a file can be shown; None where pages can be."""
    return Text(str(file.why["zh"]), str(file.why["en"])) if file.why else None


def lost_picture(desk: Desk, row: UploadRow, page: FilePageRow) -> bool:
    """Return whether the picture of a page is noted and not there."""
    if page.picture is None:
        return False
    try:
        desk.store.files.open(page.picture).close()
    except NotFound:
        return row.sha256 != page.picture
    return False
