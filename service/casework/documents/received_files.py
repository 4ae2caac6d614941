"""Files that somebody sends: what would do harm when opened, and what of them nobody will see."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.enter import enter_refused
from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError
from service.domain.files.active_content import Active
from service.domain.files.picture_size import MOST_POINTS, picture_size
from service.domain.files.uploads import FileKind, UploadHarmful, check_upload
from service.domain.forms import UploadRules
from service.domain.text import Text
from service.office import ScannerAway
from service.store.models import ShownFileRow

_LOG = logging.getLogger(__name__)


def checked_kind(actor: Actor, desk: Desk, action: str, filename: str, content: bytes, rules: UploadRules) -> FileKind:
    """Return the kind of a file that may be taken.

    ``action`` is the guard by which it is sent: what would do harm goes into the book under it.

    Raises:
        UploadRefused: it is not taken, whatever it holds; UploadHarmful: for what it would do.
        ScannerAway: nobody can say whether it would, and the installation takes no such files.
    """
    try:
        kind = check_upload(
            filename,
            content,
            max_bytes=rules.max_bytes,
            accept=rules.accept,
            container=desk.sandbox.container,
            inspection=partial(_active_in, desk),
        )
        _require_clean(desk, filename, content)
    except UploadHarmful as harmful:
        with desk.store.write() as tx:
            about = f"不收上传的附件：{harmful.message.zh}"
            enter_refused(tx, action, actor, desk.clock.now(), harmful.code, about=about)
        raise
    return kind


def _active_in(desk: Desk, content: bytes) -> Active | None:
    return desk.sandbox.active(content) if content.startswith(b"PK") or b"%PDF-" in content[:1024] else None


def _require_clean(desk: Desk, filename: str, content: bytes) -> None:
    """Raise UploadHarmful for what the scanner knows, ScannerAway where it must say and cannot."""
    if desk.scanner is None:
        return
    try:
        threat = desk.scanner.threat(content)
    except ScannerAway as away:
        _LOG.warning("the scanner gave no verdict: %s", away.reason)
        if desk.scanner.needed:
            raise
        return
    if threat:
        raise UploadHarmful(
            Text(
                f"文件“{filename}”被查出含有恶意程序，没有收下。请查杀本机后，从可信的来源重新制作再传。",
                f"The scanner found malicious software in “{filename}”: it was not taken. Clean your computer, then make"
                " the file anew from a source that you trust.",
            )
        )


@dataclass(frozen=True, slots=True)
class FileFault:
    """Why a file cannot be shown, for ``reader`` and for its ``sender``, who can still send another."""

    reader: Text
    sender: Text


_PICTURE = FileFault(
    Text("这张图片已损坏，不能显示，请下载后核对。", "This picture is damaged: download it."),
    Text(
        "已上传，但这个文件打不开，可能已损坏，办理人员也看不到内容。请在本机打开核对，必要时重新导出后再传。",
        "Uploaded, but this file does not open and may be damaged: check it on your computer and send another if need be.",
    ),
)
_DAMAGED = FileFault(
    Text(
        "这个 PDF 已损坏，不能显示。请下载后核对；确实打不开的，可以请报送单位重新提供。",
        "This PDF is damaged and cannot be shown: download it; if it does not open, ask its sender for another.",
    ),
    _PICTURE.sender,
)
_LOCKED = FileFault(
    Text("这个 PDF 设了打开密码，不能在线显示，请下载后查看。", "This PDF asks for a password: download it."),
    Text(
        "已上传，但这个文件设了打开密码，办理人员打不开。请去掉密码后重新上传。",
        "Uploaded, but this file asks for a password: remove it and send the file again.",
    ),
)
_OF_PDF = {"damaged": _DAMAGED, "locked": _LOCKED}


def note_fault(desk: Desk, sha256: str, kind: FileKind, content: bytes) -> Text | None:
    """Return what is to be told to the sender of a file that cannot be shown, and keep it with the file.

    None where nothing is known against it.
    """
    fault = _fault_of(desk, kind, content)
    if fault is None:
        return None
    why: dict[str, Any] = {**fault.reader.as_json(), "sender": fault.sender.as_json()}
    with desk.store.write() as tx:
        tx.shown_files.note(ShownFileRow(sha256=sha256, why=why, made_at=desk.clock.now()))
    return fault.sender


def _fault_of_picture(content: bytes) -> FileFault | None:
    """Return why a picture cannot be shown: it is damaged, or a browser could not hold it."""
    size = picture_size(content)
    if size is None:
        return _PICTURE
    points = size[0] * size[1]
    if points <= MOST_POINTS:
        return None
    megapixels, most = points // 1_000_000, MOST_POINTS // 1_000_000
    ten_thousands, limit = points // 10_000, most * 100
    return FileFault(
        Text(
            f"这张图片有{ten_thousands}万像素，超过在线显示的上限（{limit}万），请下载后查看。",
            f"This picture has {megapixels} megapixels, more than the {most} shown here: download it.",
        ),
        Text(
            f"已上传，但这张图片有{ten_thousands}万像素，超过在线显示的上限（{limit}万），办理人员要下载才能看。建议缩小后重新上传。",
            f"Uploaded, but this picture has {megapixels} megapixels, more than the {most} shown on pages: better send a smaller one.",
        ),
    )


def faults_of(desk: Desk, upload_ids: Collection[str]) -> dict[str, FileFault]:
    """Return what is known against the files of a form, by their id."""
    if not upload_ids:
        return {}
    with desk.store.read() as tx:
        faults = {ident: _read_fault(why) for ident, why in tx.shown_files.find_faults(upload_ids).items()}
    return {ident: fault for ident, fault in faults.items() if fault is not None}


def _read_fault(why: Mapping[str, Any]) -> FileFault | None:
    if "sender" not in why:  # nobody could do anything about it
        return None
    return FileFault(_read_text(why), _read_text(why["sender"]))


def _read_text(message: Mapping[str, Any]) -> Text:
    return Text(str(message["zh"]), str(message["en"]))


def _fault_of(desk: Desk, kind: FileKind, content: bytes) -> FileFault | None:
    if kind in (FileKind.JPEG, FileKind.PNG):
        return _fault_of_picture(content)
    if kind is not FileKind.PDF:
        return None
    try:
        return _OF_PDF.get(desk.sandbox.pdf_fault(content) or "")
    except LaurelError:  # too much for a glance, or others' files are read: whoever opens it is told then
        return None
