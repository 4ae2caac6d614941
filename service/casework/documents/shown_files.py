"""Files as readers are shown them: a PDF or a picture as it was sent, an Office file as the PDF made of it."""

from __future__ import annotations

from threading import Lock

from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError, NotFound
from service.domain.files.uploads import FileKind
from service.domain.text import Text
from service.office import office_as_pdf, office_program
from service.store.models import ShownFileRow, UploadRow

_PICTURES = (FileKind.JPEG.media_type, FileKind.PNG.media_type)
_OFFICE = {kind.media_type: kind.extensions[0] for kind in (FileKind.DOCX, FileKind.XLSX)}
_CONVERTING = Lock()
_PATIENCE = 1.0
"""Seconds for which somebody waits while another file is turned into a PDF: whoever waits holds a thread."""

_OTHER_KIND = Text("这类文件不能在线显示，请下载后查看。", "Files of this kind are not shown here: download it.")
_NOT_MADE = Text(
    "这个文件过大或过于复杂，不能在线显示，请下载后查看。",
    "This file is too large or too complex to be shown here: download it.",
)


class FilesBusy(LaurelError):
    """Another file is being turned into a PDF."""

    code = "files_busy"


def find_fault(desk: Desk, row: UploadRow) -> Text | None:
    """Return why a file cannot be shown, as far as that is known before it is opened; None where nothing is."""
    with desk.store.read() as tx:
        preview = tx.shown_files.find(sha256=row.sha256)
    if preview is not None and preview.why:
        return Text(str(preview.why["zh"]), str(preview.why["en"]))
    can = row.kind == FileKind.PDF.media_type or is_picture(row) or (row.kind in _OFFICE and office_program())
    return None if can else _OTHER_KIND


def is_picture(row: UploadRow) -> bool:
    """Return whether a file is a picture, which is shown as it is."""
    return row.kind in _PICTURES


def get_readable_content(desk: Desk, row: UploadRow) -> tuple[str, str]:
    """Return media type and SHA-256 of what is shown of a file.

    Raises:
        NotFound: it cannot be shown, and why.
        FilesBusy: another file is being turned into a PDF.
    """
    fault = find_fault(desk, row)
    if fault is not None:
        raise NotFound(fault)
    return (FileKind.PDF.media_type, _pdf_of(desk, row)) if row.kind in _OFFICE else (row.kind, row.sha256)


def _pdf_of(desk: Desk, row: UploadRow) -> str:
    """Return the PDF of an Office file, made now unless it was made before."""
    if not _CONVERTING.acquire(timeout=_PATIENCE):
        raise FilesBusy(
            Text(
                "服务器正在转换其他文件，请过一分钟再打开，或者先下载文件。",
                "Another file is being turned into a PDF: open this again in a minute, or download it.",
            )
        )
    try:
        with desk.store.read() as tx:
            preview = tx.shown_files.find(sha256=row.sha256)
        if preview is not None and preview.pdf and desk.store.files.stamp(preview.pdf):
            return preview.pdf
        with desk.store.files.open(row.sha256) as stream:
            made = office_as_pdf(stream.read(), _OFFICE[row.kind])
    finally:
        _CONVERTING.release()
    pdf = desk.store.files.put(made)[0] if made else None
    why = None if pdf else _NOT_MADE.as_json()
    with desk.store.write() as tx:
        preview_row = tx.shown_files.note(ShownFileRow(sha256=row.sha256, why=why, pdf=pdf, made_at=desk.clock.now()))
    if pdf is None or not preview_row:  # of a file that was erased meanwhile nothing is left
        if pdf is not None:
            desk.store.files.drop(pdf, desk.store.files.stamp(pdf))
        raise NotFound(_NOT_MADE)
    return pdf
