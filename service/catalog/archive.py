"""A city's folders as a zip archive: written the same for the same files."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

_MOMENT = (2020, 1, 1, 0, 0, 0)
_SUMS = "processes/exported.sha256"
"""Member with the SHA-256 of every file, as sha256sum reads it."""


def pack_folder(files: Mapping[str, bytes]) -> bytes:
    """Return ``files`` as a zip that says what they were; the same files give the same bytes."""
    out = io.BytesIO()
    sums = "".join(f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in sorted({**files, _SUMS: sums.encode()}.items()):
            archive.writestr(zipfile.ZipInfo(path, _MOMENT), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()
