"""Files that would do something by themselves when they are opened: looked for in the sandbox, before they are stored."""

from __future__ import annotations

from functools import partial

from service.casework.desk.desk import Desk
from service.domain.active_content import Active
from service.domain.forms import UploadRules
from service.domain.uploads import FileKind, check_upload


def checked_kind(desk: Desk, filename: str, content: bytes, rules: UploadRules) -> FileKind:
    """Return the kind of a file that may be taken; raises UploadRefused."""
    return check_upload(
        filename,
        content,
        max_bytes=rules.max_bytes,
        accept=rules.accept,
        container=desk.sandbox.container,
        inspection=partial(_active_in, desk),
    )


def _active_in(desk: Desk, content: bytes) -> Active | None:
    if content.startswith(b"PK"):
        return desk.sandbox.active(content)
    return desk.pager.active(content) if b"%PDF-" in content[:1024] else None
