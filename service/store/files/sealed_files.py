"""Files encrypted where they lie, in blocks, so that any part of a large one is read without the rest.

A file begins with a mark and a number of its own; every block names its key and cipher as encrypted columns do, and is
bound to the number of the file, its own place in it and whether it is the last: none can be moved, left out or cut off.
What was stored before there were keys is read as it stands, whatever it begins with: its name is the SHA-256 of that.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from typing import BinaryIO, cast

from service.store.secrecy.data_keys import HEAD, DataKeys, DataKeysMissing, key_id_of

MARK = b"laurel-file-1\n"
_NUMBER = 16
_BEGIN = len(MARK) + _NUMBER
LOOKED_AT = _BEGIN + HEAD
"""So many bytes say whether a file is encrypted, and under which key."""

BLOCK = 1 << 20
"""Bytes that are encrypted at once."""

_BESIDE = HEAD + 12 + 16
"""What a block takes up more: its head, nonce and tag."""

_PLACE = "file"


class SealingWriter:
    """Encrypts what is written to it, block by block; plain where there is no key. ``end`` writes the last block."""

    def __init__(self, file: BinaryIO, keys: DataKeys | None) -> None:
        self._file, self._keys = file, keys if keys is not None and keys.in_force_for_files else None
        self._number, self._count, self._rest = secrets.token_bytes(_NUMBER), 0, bytearray()
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
        """Write what is left; nothing can be added then."""
        if self._keys is not None:
            self._block(bytes(self._rest), last=True)
        self._file.flush()

    def _block(self, data: bytes, *, last: bool) -> None:
        assert self._keys is not None
        sealed = self._keys.seal(data, _place(self._number, self._count, last=last))
        if sealed is None:
            raise DataKeysMissing(_PLACE, self._keys.file)  # the key was taken away while the file was written
        self._file.write(sealed)
        self._count += 1


class _Opened(io.RawIOBase):
    """Reads an encrypted file from any place in it."""

    def __init__(self, file: BinaryIO, keys: DataKeys | None, number: bytes) -> None:
        self._file, self._keys, self._number = file, keys, number
        kept = file.seek(0, io.SEEK_END) - _BEGIN
        self._blocks = max(1, -(-kept // (BLOCK + _BESIDE)))
        self._size = kept - self._blocks * _BESIDE
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
        """Fill ``buffer`` from the block that the place is in; raises DataKeysMissing where that cannot be opened."""
        index, within = divmod(self._at, BLOCK)
        if index >= self._blocks:
            return 0
        part = self._block(index)[within : within + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def first(self) -> None:
        """Open the first block; raises DataKeysMissing where that cannot be done."""
        self._block(0)

    def let_go(self) -> None:
        """Keep the file beneath open when this is closed."""
        self._file = io.BytesIO()

    def close(self) -> None:
        """Close the file beneath."""
        if not self.closed:
            self._file.close()
        super().close()

    def _block(self, index: int) -> bytes:
        if index != self._held:
            self._file.seek(_BEGIN + index * (BLOCK + _BESIDE))
            kept = self._file.read(BLOCK + _BESIDE)
            place = _place(self._number, index, last=index == self._blocks - 1)
            found = self._keys.open(kept, place) if self._keys is not None and len(kept) >= _BESIDE else None
            if found is None:
                ident = key_id_of(kept[:HEAD].decode("ascii", "replace"))
                raise DataKeysMissing(_PLACE, self._keys.file if self._keys else None, ident)
            self._held, self._plain = index, found
        return self._plain


def opened(file: BinaryIO, keys: DataKeys | None, sha256: str) -> BinaryIO:
    """Return what reads ``file`` as it was before it was encrypted; the file itself where it never was.

    Raises DataKeysMissing where the key of its first block is not here, or that was changed or cut off; reading does for
    the others.
    """
    begin = file.read(_BEGIN)
    file.seek(0)
    if not begin.startswith(MARK) or len(begin) < _BEGIN:
        return file
    raw = _Opened(file, keys, begin[len(MARK) :])
    try:
        raw.first()
    except DataKeysMissing:
        raw.let_go()
        file.seek(0)
        if hashlib.file_digest(cast("io.BufferedReader", file), "sha256").hexdigest() != sha256:
            file.close()
            raise
        file.seek(0)
        return file
    except BaseException:
        raw.close()
        raise
    return cast("BinaryIO", io.BufferedReader(raw, BLOCK))


def is_newest(begin: bytes, keys: DataKeys) -> bool:
    """Return whether a file whose first bytes (`LOOKED_AT`) are ``begin`` is encrypted under the newest key and cipher."""
    return begin.startswith(MARK) and begin[_BEGIN:LOOKED_AT].decode("ascii", "replace") in keys.heads()


def _place(number: bytes, index: int, *, last: bool) -> str:
    return f"{_PLACE}.{number.hex()}.{index}.{'last' if last else 'more'}"
