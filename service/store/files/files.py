"""Files named by their content, encrypted or not: a file is safe where it is kept before any row speaks of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from service.store.data_keys import DataKeys
from service.store.files.encrypted_files import EncryptingWriter

CHUNK = 1 << 20

Crash = Callable[[str], None]
"""Is told the name of each point at which a test may kill the process."""


class FileStore(Protocol):
    """Immutable files, each under the SHA-256 of its content, in one place for all processes of an installation."""

    @property
    def root(self) -> Path | None:
        """The folder they lie in; None where they lie in none."""

    @property
    def durable(self) -> bool:
        """Whether what is kept outlives a loss of power."""

    def put(self, content: BinaryIO | bytes) -> tuple[str, int]:
        """Store ``content`` durably; returns its SHA-256 (hex) and its size in bytes.

        What is there already stays as it is: it is the same.

        Raises:
            StorageFull: if there is no room; nothing is left behind.
            FilesUnreachable: if the place cannot be reached; nothing speaks of the file yet.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Open a stored file for reading.

        Raises:
            NotFound: if no such file is stored.
            FilesUnreachable: if the place cannot be reached.
        """

    def renew(self, sha256: str) -> bool:
        """Encrypt a file that is under an older key or by another cipher; returns whether it was. Its stamp stays.

        Raises:
            NotFound: if no such file is stored.
            CannotDecrypt: if its key is not here, or the file was changed; it stays as it is.
            FilesUnreachable: if the place cannot be reached.
        """

    def is_renewed(self, sha256: str) -> bool:
        """Return whether a file is encrypted under the newest key; raises NotFound, FilesUnreachable."""

    def stamp(self, sha256: str) -> str:
        """Return a mark that changes whenever the content is stored again; "" where it is not."""

    def drop(self, sha256: str, stamp: str) -> bool:
        """Remove a file unless it was stored again since it bore ``stamp``; returns whether it is gone."""

    def names(self) -> Iterator[str]:
        """Return the SHA-256 of every stored file, in order of the alphabet."""

    def mark(self, fresh: str) -> str:
        """Return the mark that this place bears, the same in every process; ``fresh`` from now on if it has none."""

    def free(self) -> int | None:
        """Return how many bytes there is room for, 0 where nothing can be written; None where nobody counts them.

        Raises:
            FilesUnreachable: if the place cannot be reached.
        """

    def tidy(self, now: datetime) -> int:
        """Remove what killed processes left half written, a day after; returns how many files that were."""


def copy(content: BinaryIO | bytes, file: BinaryIO, keys: DataKeys | None = None) -> tuple[str, int]:
    """Write ``content`` to ``file``, encrypted where there are keys; returns the SHA-256 and the size of the content."""
    digest, size, written = hashlib.sha256(), 0, EncryptingWriter(file, keys)
    for chunk in _chunks(content):
        digest.update(chunk)
        size += len(chunk)
        written.write(chunk)
    written.end()
    return digest.hexdigest(), size


def live_on(_name: str) -> None:
    """Do nothing: only tests kill."""


def _chunks(content: BinaryIO | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk
