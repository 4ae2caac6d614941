"""The keys of encrypted columns and files: a small file outside database and backups, the newest key first."""

from __future__ import annotations

import base64
import os
import re
import secrets
import time
import zlib
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import DontWrapMixin

from service.domain.errors import LaurelError
from service.domain.proof.algorithms import AES, CIPHERS, CipherKey
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.store.folders import held_folder

VERSION = b"$1"
"""What every token begins with; the id of its key, a letter for its form and one for its cipher follow."""
_ID_BYTES, _KEY_BYTES = 4, 32
_ID_END = len(VERSION) + 2 * _ID_BYTES
HEAD = _ID_END + 2
"""So many bytes of a token are ASCII and say by what it is read."""
_PACKED, _AS_IT_IS = b"z", b"-"
_PACKED_FROM = 500
"""Bytes from which a document is packed before it is encrypted: afterwards the database could no longer do so."""
_HEAD = re.compile(rb"\$1([0-9a-f]{8})[z-][as]")
LOOK_AGAIN = 2.0
"""Seconds after which a process that encrypts looks whether another one made a key."""


class KeysUnreadable(LaurelError, DontWrapMixin):
    """The file of data keys holds something else, or the system does not let it be read, which ``why`` says."""

    code = "data_keys_unreadable"

    def __init__(self, file: Path, why: OSError | None = None) -> None:
        if why is None:
            zh, en = (
                "每行应为密钥编号和密钥。请从保管处取回原来的文件",
                "a line is an id and a key. Bring the kept copy back",
            )
        else:
            reason = why.strerror or str(why)
            zh = f"{cause_words(why).zh}。请核对它的权限（应属于运行服务的用户，0600），或者从保管处取回原来的文件"
            en = f"{reason}. Look at its rights (the service's user owns it, 0600), or bring the kept copy back"
        super().__init__(
            Text(f"数据密钥文件 {file} 读不出来：{zh}。", f"The file of data keys {file} cannot be read: {en}.")
        )


class CannotDecrypt(LaurelError, DontWrapMixin):
    """What stands at a place cannot be read; SQLAlchemy lets it pass as it is."""


class DataKeysMissing(CannotDecrypt):
    """A value is encrypted under a key that is not here, or there is no key to encrypt one under."""

    code = "data_keys_missing"

    def __init__(self, place: str, file: Path | None, ident: str = "") -> None:
        named, key = str(file) if file else "LAUREL_DATA_KEYS", f" {ident} " if ident else ""
        super().__init__(
            Text(
                f"{place} 中的内容是加密的，它的密钥{key}不在 {named} 中。请管理员放回保管的数据密钥文件；"
                "没有它，这些内容无法读取。",
                f"What stands in {place} is encrypted, and its key{key.rstrip()} is not in {named}. Put the kept file of data keys"
                " back: nothing else opens it.",
            )
        )


class DataDamaged(CannotDecrypt):
    """A value does not open although its key is here: it was changed, cut or moved, or never encrypted."""

    code = "data_damaged"

    def __init__(self, place: str) -> None:
        super().__init__(
            Text(
                f"{place} 中的内容解不开：它被改动、截断过，或者是从别处移来的，不能采用。请审计管理员运行 laurel doctor --deep 核对，"
                "并从备份恢复。",
                f"What stands in {place} does not open: it was changed or cut, or moved there from elsewhere, and is not used. Have"
                " an audit administrator run laurel doctor --deep, and bring it back from a backup.",
            )
        )


class DataKeys:
    """The keys in ``file``; ``cipher`` encrypts. Every process of an installation reads the same file.

    It is read when first needed, again where a value names a key that was not there, and before encrypting where
    `LOOK_AGAIN` seconds have gone by.
    """

    def __init__(self, file: Path, cipher: str = AES) -> None:
        self.file, self.cipher = file, cipher
        self._keys: dict[str, CipherKey] = {}
        self._version = (0, 0)
        self._looked_at = float("-inf")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys, the newest first; read anew."""
        self._read()
        return tuple(self._keys)

    @property
    def heads(self) -> tuple[bytes, ...]:
        """How tokens begin that are under the newest key of any process and by the cipher that is set."""
        self._look_again()
        key = next(iter(self._keys), None)
        return (
            ()
            if key is None
            else tuple(self._head(key, form) + self.cipher[:1].encode() for form in (_PACKED, _AS_IT_IS))
        )

    def make(self, *, first: bool = False) -> str:
        """Add a key, which encrypts from now on, and return its id; ``first`` only where there is none ("" else).

        Raises OSError where the file cannot be written; it is never half written.
        """
        ident = secrets.token_hex(_ID_BYTES)
        line = f"{ident} {base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}"
        return ident if self._change(lambda lines: None if first and lines else [line, *lines]) else ""

    def drop(self, idents: Collection[str]) -> None:
        """Drop keys; nothing may be encrypted under them any more."""
        self._change(lambda lines: [line for line in lines if line.split()[0] not in idents])

    def encrypt(self, data: bytes, place: str, *, packing: bool = False) -> bytes:
        """Return ``data`` encrypted for ``place`` (table.column); ``packing`` makes it small. Raises DataKeysMissing."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN:
            self._look_again()
        key = next(iter(self._keys.values()), None)
        if key is None:
            raise DataKeysMissing(place, self.file)
        packed = packing and len(data) >= _PACKED_FROM
        head = self._head(key.id, _PACKED if packed else _AS_IT_IS)
        return head + key.encrypt(zlib.compress(data, 1) if packed else data, head + place.encode(), self.cipher)

    def decrypt(self, token: bytes, place: str) -> bytes:
        """Return what `encrypt` took; raises DataKeysMissing, and DataDamaged where it is not what was encrypted there."""
        ident = key_id_of(token)
        if not ident:
            raise DataDamaged(place)
        if ident not in self._keys:
            self._read()  # another process may have made it
        key = self._keys.get(ident)
        if key is None:
            raise DataKeysMissing(place, self.file, ident)
        data = key.decrypt(token[HEAD - 1 :], token[: HEAD - 1] + place.encode())
        if data is None:
            raise DataDamaged(place)
        return zlib.decompress(data) if token[_ID_END : _ID_END + 1] == _PACKED else data

    def tokens_of(self, data: bytes, place: str) -> list[bytes]:
        """Return how the same data may stand in a place, under each key by each cipher; to find it by equality."""
        self._look_again()
        heads = {self._head(key.id, _AS_IT_IS): key for key in self._keys.values()}
        return [
            head + key.encrypt(data, head + place.encode(), cipher) for head, key in heads.items() for cipher in CIPHERS
        ]

    def require(self, ident: str, place: str) -> None:
        """Raise DataKeysMissing where a key was dropped meanwhile."""
        if ident not in self.ids:
            raise DataKeysMissing(place, self.file, ident)

    @staticmethod
    def _head(ident: str, form: bytes) -> bytes:
        return VERSION + ident.encode() + form

    def _change(self, change: Callable[[list[str]], Sequence[str] | None]) -> bool:
        """Write the lines that ``change`` makes of those in the file, alone of all processes; None leaves it as it is."""
        folder = self.file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with held_folder(folder.resolve(), waiting=True):
            self._read()
            before = self.file.read_text("ascii").splitlines() if self._keys else []
            lines = change(before)
            if lines is not None:
                self._write("".join(f"{line}\n" for line in lines))
                self._read()
        return lines is not None

    def _write(self, text: str) -> None:
        fresh = self.file.with_name(f"{self.file.name}.{secrets.token_hex(_ID_BYTES)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.file)
        except OSError:
            fresh.unlink(missing_ok=True)  # it holds keys
            raise

    def _look_again(self) -> None:
        """Take the keys that another process made since the file was read; a file that is gone takes none away."""
        with suppress(FileNotFoundError):
            found = self.file.stat()
            if (found.st_ino, found.st_mtime_ns) != self._version:
                self._read()
        self._looked_at = time.monotonic()

    def _read(self) -> None:
        try:
            found = self.file.stat()
            parts = [line.split() for line in self.file.read_text("ascii").splitlines() if line.strip()]
            keys = {ident: CipherKey(base64.b64decode(key, validate=True), ident) for ident, key in parts}
        except FileNotFoundError:
            self._keys = {}
            return
        except OSError as error:
            raise KeysUnreadable(self.file, error) from error
        except ValueError as error:
            raise KeysUnreadable(self.file) from error
        if any(len(key.secret) != _KEY_BYTES or len(key.id) != 2 * _ID_BYTES for key in keys.values()):
            raise KeysUnreadable(self.file)
        self._keys, self._version, self._looked_at = keys, (found.st_ino, found.st_mtime_ns), time.monotonic()


def key_id_of(head: bytes) -> str:
    """Return the id of the key of a token that begins so; "" where it is none."""
    found = _HEAD.match(head)
    return found[1].decode() if found else ""
