"""What stores files, and files that are encrypted as they are stored."""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from service.store.data_keys import HEAD, DataDamaged, DataKeys, DataKeysMissing, key_id_of

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


def copy_content(content: BinaryIO | bytes, file: BinaryIO, keys: DataKeys | None = None) -> tuple[str, int]:
    """Write ``content`` to ``file``, encrypted where there are keys; returns the SHA-256 and the size of the content."""
    digest, size, written = hashlib.sha256(), 0, EncryptingWriter(file, keys)
    for chunk in _iterate_chunks(content):
        digest.update(chunk)
        size += len(chunk)
        written.write(chunk)
    written.end()
    return digest.hexdigest(), size


def live_on(_name: str) -> None:
    """Do nothing: only tests kill."""


def _iterate_chunks(content: BinaryIO | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    while chunk := content.read(CHUNK):
        yield chunk


MARK = b"laurel-file-1\n"
_NUMBER = 16
_BEGIN = len(MARK) + _NUMBER
BEGINNING = _BEGIN + HEAD
"""So many bytes say whether a file is encrypted, and under which key."""

BLOCK = 1 << 20
"""Bytes that are encrypted at once."""

_BESIDE = HEAD + 12 + 16
"""What a block takes up more: its head, nonce and tag."""

_PLACE = "file"


class EncryptingWriter:
    """Encrypts what is written to it, block by block; plain where there are no keys. ``end`` writes the last block."""

    def __init__(self, file: BinaryIO, keys: DataKeys | None) -> None:
        self._file, self._keys = file, keys
        self._number, self._count, self._rest = secrets.token_bytes(_NUMBER), 0, bytearray()
        self._oldest = ""
        if self._keys is not None:
            file.write(MARK + self._number)

    def write(self, data: bytes) -> None:
        """Take the next bytes."""
        if self._keys is None:
            self._file.write(data)
            return
        self._rest += data
        while len(self._rest) > BLOCK:
            self._block(bytes(self._rest[:BLOCK]), last=False)
            del self._rest[:BLOCK]

    def end(self) -> None:
        """Write what is left; nothing can be added then. Raises DataKeysMissing where its key was dropped meanwhile."""
        if self._keys is not None:
            self._block(bytes(self._rest), last=True)
            self._keys.require(self._oldest, _PLACE)
        self._file.flush()

    def _block(self, data: bytes, *, last: bool) -> None:
        assert self._keys is not None
        token = self._keys.encrypt(data, _format_place(self._number, self._count, last=last))
        self._oldest = self._oldest or key_id_of(token)
        self._file.write(token)
        self._count += 1


class _Opened(io.RawIOBase):
    """Reads an encrypted file from any place in it."""

    def __init__(self, file: BinaryIO, keys: DataKeys, number: bytes) -> None:
        self._file, self._keys, self._number = file, keys, number
        stored_size = file.seek(0, io.SEEK_END) - _BEGIN
        self._blocks = max(1, -(-stored_size // (BLOCK + _BESIDE)))
        self._size = stored_size - self._blocks * _BESIDE
        self._at, self._held, self._plain = 0, -1, b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in what was encrypted."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        """Return the place in what was encrypted."""
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill ``buffer`` from the block that the place is in; raises CannotDecrypt."""
        index, within = divmod(self._at, BLOCK)
        if index >= self._blocks:
            return 0
        part = self._block(index)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def first(self) -> None:
        """Open the first block; raises CannotDecrypt."""
        self._block(0)

    def close(self) -> None:
        """Close the file beneath."""
        if not self.closed:
            self._file.close()
        super().close()

    def _block(self, index: int) -> bytes:
        if index != self._held:
            self._file.seek(_BEGIN + index * (BLOCK + _BESIDE))
            stored_block = self._file.read(BLOCK + _BESIDE)
            place = _format_place(self._number, index, last=index == self._blocks - 1)
            self._held, self._plain = index, self._keys.decrypt(stored_block, place)
        return self._plain


def open_encrypted(file: BinaryIO, keys: DataKeys | None) -> BinaryIO:
    """Return what reads ``file`` as it was before it was encrypted; the file itself where there are no keys.

    Raises CannotDecrypt for its first block, or where it never was encrypted; reading does for the others.
    """
    begin = file.read(BEGINNING)
    file.seek(0)
    is_encrypted = begin.startswith(MARK) and len(begin) == BEGINNING
    if keys is None and not is_encrypted:
        return file
    try:
        if keys is None:
            raise DataKeysMissing(_PLACE, None, key_id_of(begin[_BEGIN:]))
        if not is_encrypted:
            raise DataDamaged(_PLACE)
        raw = _Opened(file, keys, begin[len(MARK) : _BEGIN])
        raw.first()
    except BaseException:
        file.close()
        raise
    return cast("BinaryIO", io.BufferedReader(raw, BLOCK))


def is_newest(begin: bytes, keys: DataKeys) -> bool:
    """Return whether a file whose first bytes (`BEGINNING`) are ``begin`` is encrypted under the newest key and cipher."""
    return begin.startswith(MARK) and begin[_BEGIN:BEGINNING] in keys.heads


def _format_place(number: bytes, index: int, *, last: bool) -> str:
    return f"{_PLACE}.{number.hex()}.{index}.{'last' if last else 'more'}"
