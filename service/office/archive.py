"""Zip archives whose bytes depend on their content alone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Mapping

_MOMENT = (2020, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"


def without_clock(
    data: bytes, replaced: Mapping[str, bytes] | None = None, *, leave_out: Collection[str] = ()
) -> bytes:
    """Return the archive written anew with fixed time stamps, members in ``replaced`` with other content."""
    changed = replaced or {}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(set(old.namelist()) - set(leave_out), key=lambda n: (n != _FIRST, n)):
            content = changed[name] if name in changed else old.read(name)
            new.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_members(data: bytes, added: Mapping[str, bytes]) -> bytes:
    """Return the archive with more members; what is in it is copied as it lies there, compressed."""
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in added.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
