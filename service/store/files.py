"""Files named by their content: a file is safe on disk before any row speaks of it."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from service.store.errors import StorageFull, missing

_CHUNK = 1 << 20
_INCOMING = "incoming-"
_DAY = 86_400


def _live_on(_name: str) -> None:
    """Do nothing: only tests kill."""


class FileStore:
    """A folder of immutable files, each under the SHA-256 of its content."""

    def __init__(self, root: Path, *, durable: bool = True, crash: Callable[[str], None] = _live_on) -> None:
        self.root, self.durable, self._crash = root, durable, crash

    def put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        """Store ``content`` durably; returns its SHA-256 (hex) and its size in bytes.

        Raises:
            StorageFull: if the disk is full; nothing is left behind.
        """
        try:
            return self._put(content)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFull from error
            raise

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading.

        Raises:
            NotFound: if no such file is stored.
        """
        path = self.path(sha256)
        if not path.is_file():
            raise missing("文件", "file", sha256)
        return path.open("rb")

    def path(self, sha256: str) -> Path:
        """Return where the file lies or would lie."""
        return self.root / sha256[:2] / sha256

    def tidy(self, now: datetime) -> int:
        """Remove what killed processes left half written, a day after; returns how many files that were."""
        old = [p for p in self.root.glob(f"{_INCOMING}*") if now.timestamp() - p.stat().st_mtime > _DAY]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        self.root.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.root, prefix=_INCOMING)
        try:
            with os.fdopen(handle, "wb") as file:
                digest, size = _copy(content, file, self.durable)
            self._crash("file-written")
            self._keep(Path(name), digest)
        finally:
            Path(name).unlink(missing_ok=True)
        return digest, size

    def _keep(self, incoming: Path, digest: str) -> None:
        target = self.path(digest)
        target.parent.mkdir(exist_ok=True)
        incoming.replace(target)
        if self.durable:
            _sync_folder(target.parent)
            _sync_folder(self.root)
        self._crash("file-kept")


class FilesInMemory(FileStore):
    """The same for a database in memory: what it keeps goes with the process and touches no disk."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, durable=False)
        self._kept: dict[str, bytes] = {}

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading; raises NotFound."""
        if sha256 not in self._kept:
            raise missing("文件", "file", sha256)
        return io.BytesIO(self._kept[sha256])

    def _put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        whole = io.BytesIO()
        digest, size = _copy(content, whole, self.durable)
        self._kept[digest] = whole.getvalue()
        return digest, size


def _copy(content: BinaryIO | bytes, file: BinaryIO, durable: bool) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for chunk in _chunks(content):
        digest.update(chunk)
        size += len(chunk)
        file.write(chunk)
    file.flush()
    if durable:
        os.fsync(file.fileno())
    return digest.hexdigest(), size


def _chunks(content: BinaryIO | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(_CHUNK):
        yield chunk


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
