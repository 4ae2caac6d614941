"""Files that would do harm when they are opened: looked for in the sandbox and by the scanner, before they are stored."""

from __future__ import annotations

import logging
from functools import partial

from service.casework.access.actor import Actor
from service.casework.access.book.enter import enter_refused
from service.casework.desk.desk import Desk
from service.domain.files.active_content import Active
from service.domain.files.uploads import FileKind, UploadHarmful, check_upload
from service.domain.forms import UploadRules
from service.domain.text import Text
from service.office import ScannerAway

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
        _demand_clean(desk, filename, content)
    except UploadHarmful as harmful:
        with desk.store.write() as tx:
            about = f"不收上传的附件：{harmful.message.zh}"
            enter_refused(tx, action, actor, desk.clock.now(), harmful.code, about=about)
        raise
    return kind


def _active_in(desk: Desk, content: bytes) -> Active | None:
    return desk.sandbox.active(content) if content.startswith(b"PK") or b"%PDF-" in content[:1024] else None


def _demand_clean(desk: Desk, filename: str, content: bytes) -> None:
    """Raise UploadHarmful for what the scanner knows, ScannerAway where it must say and cannot."""
    if desk.scanner is None:
        return
    try:
        found = desk.scanner.threat(content)
    except ScannerAway as away:
        _LOG.warning("the scanner gave no verdict: %s", away.reason)
        if desk.scanner.needed:
            raise
        return
    if found:
        raise UploadHarmful(
            Text(
                f"文件“{filename}”被查出含有恶意程序，没有收下。请查杀本机后，从可信的来源重新制作再传。",
                f"The scanner found malicious software in “{filename}”: it was not taken. Clean your computer, then make"
                " the file anew from a source that you trust.",
            )
        )
