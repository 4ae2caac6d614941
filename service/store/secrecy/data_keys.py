"""The keys of encrypted columns and files: a small file beside the database and outside its backups, the newest key last."""

from __future__ import annotations

import base64
import os
import re
import secrets
import zlib
from contextlib import AbstractContextManager, suppress
from pathlib import Path

from sqlalchemy.exc import DontWrapMixin

from service.domain.errors import LaurelError
from service.domain.proof.algorithms import AES, SM4, ColumnKey
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.store.held_folder import held_folder

MARK = "$1"
"""What every encrypted value begins with: the mark, letters for cipher and form, the id of its key, a dot."""
_CIPHERS = {AES: "a", SM4: "s"}
_NAMES = {letter: name for name, letter in _CIPHERS.items()}
_PACKED, _AS_IT_IS = "z", "-"
_PACKED_FROM = 500
"""Bytes from which a document is packed before it is encrypted: afterwards the database could no longer do so."""
_ID_BYTES, _KEY_BYTES = 4, 32
_FILES = "# files"
"""The line of the file that says that stored files are encrypted too; programs of before pass it over."""
HEAD = len(MARK) + 2 + 2 * _ID_BYTES + 1
_HEAD = re.compile(rf"{re.escape(MARK)}[{''.join(_NAMES)}][{_PACKED}{_AS_IT_IS}]([0-9a-f]{{{2 * _ID_BYTES}}})\.")


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


class DataKeysMissing(LaurelError, DontWrapMixin):
    """A value is encrypted under a key that is not here; SQLAlchemy lets it pass as it is."""

    code = "data_keys_missing"

    def __init__(self, place: str, file: Path | None, ident: str = "") -> None:
        named, key = str(file) if file else "LAUREL_DATA_KEYS", f" {ident} " if ident else ""
        super().__init__(
            Text(
                f"{place} 中的内容已加密，而解密的密钥{key}不在 {named} 中，或者内容被改动过。请管理员放回保管的数据密钥文件；"
                "没有它，这些内容无法读取。",
                f"What stands in {place} is encrypted, and its key{key.rstrip()} is not in {named}, or it was changed. Put the kept"
                " file of data keys back: nothing else opens it.",
            )
        )


class DataKeys:
    """The keys in ``file``, read when first needed and again when a value names one that was not there; ``cipher`` encrypts.

    Without a file nothing is encrypted. Every process of an installation reads the same file.
    """

    def __init__(self, file: Path, cipher: str = AES, *, strict: bool = False) -> None:
        self.file, self.cipher, self.strict = file, cipher, strict
        self._known: dict[str, ColumnKey] | None = None
        self._files = False
        self._seen = (0, 0)
        self._lacking: dict[str, str] = {}

    def strictly(self) -> DataKeys:
        """Return the same keys for who writes back what is read: a text that they do not open is an error there."""
        return DataKeys(self.file, self.cipher, strict=True)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the keys, the newest last; read anew."""
        self._known = self._read()
        return tuple(self._known)

    @property
    def in_force(self) -> bool:
        """Whether there is a key, so that what is written is encrypted."""
        return bool(self._keys())

    @property
    def in_force_for_files(self) -> bool:
        """Whether stored files are encrypted too: under keys of before, once `begin_files` said that every process reads them."""
        return self.in_force and self._files

    def heads(self) -> list[str]:
        """Return how values begin that are encrypted under the newest key of any process by the cipher that is set."""
        self._look_again()
        key = self._newest()
        return [f"{MARK}{_CIPHERS[self.cipher]}{form}{key.id}." for form in (_PACKED, _AS_IT_IS)] if key else []

    def make(self) -> str:
        """Add a key, which encrypts from now on, and return its id; other processes take it when they meet it or start.

        Raises OSError where the file cannot be written; it is never half written.
        """
        ident = secrets.token_hex(_ID_BYTES)
        line = f"{ident} {base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}\n"
        with self._held():
            self._write((self._text() or f"{_FILES}\n") + line)
        return ident

    def begin_files(self) -> None:
        """Let stored files be encrypted from now on; no process of a program that cannot read them may run any more."""
        with self._held():
            self._known = self._read()
            if self._known and not self._files:
                self._write(f"{_FILES}\n{self._text()}")

    def _held(self) -> AbstractContextManager[None]:
        """Keep others from adding to the file: of two at once one would write over the other's key."""
        folder = self.file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return held_folder(folder.resolve(), waiting=True)

    def _text(self) -> str:
        return self.file.read_text("ascii") if self.file.exists() else ""

    def _write(self, text: str) -> None:
        fresh = self.file.with_name(f"{self.file.name}.{secrets.token_hex(_ID_BYTES)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as written:
                written.write(text)
                written.flush()
                os.fsync(written.fileno())
            fresh.replace(self.file)
        except OSError:
            fresh.unlink(missing_ok=True)  # it holds keys
            raise
        self._known = self._read()

    def seal(self, data: bytes, place: str, *, packing: bool = False) -> bytes | None:
        """Return ``data`` encrypted for ``place`` (table.column); None where there is no key. ``packing`` makes it small."""
        key = self._newest()
        if key is None:
            return None
        return self._sealed(key, data, place, packing=packing)

    def every_way(self, text: str, place: str) -> list[str]:
        """Return how a text may stand in a column: plain, and under each key by each cipher; to find it by equality."""
        self._look_again()
        known = self._keys()
        made = [
            written(self._sealed(key, text.encode(), place, packing=False, cipher=cipher))
            for key in known.values()
            for cipher in _CIPHERS
        ]
        return [text, *made]

    def open(self, kept: bytes, place: str) -> bytes | None:
        """Return what `seal` encrypted; None where it was changed or its key is not here."""
        ident = kept[len(MARK) + 2 : HEAD - 1].decode("ascii", "replace")
        key = self._keys().get(ident)
        if key is None:
            self._known = self._read()  # another process may have made it
            key = self._known.get(ident)
        name = _NAMES.get(chr(kept[len(MARK)]))
        if key is None:
            self._lacking[place] = ident
        if key is None or name is None:
            return None
        found = key.opened(kept[HEAD:], place.encode(), name)
        packed = found is not None and chr(kept[len(MARK) + 1]) == _PACKED
        return zlib.decompress(found) if packed and found is not None else found

    def demand_key_of(self, place: str) -> None:
        """Refuse to write to ``place`` while a value that was met there cannot be opened: it would be lost.

        Raises DataKeysMissing until its key is in the file.
        """
        ident = self._lacking.get(place)
        if ident is None:
            return
        self._known = self._read()
        if ident not in self._known:
            raise DataKeysMissing(place, self.file, ident)
        self._lacking.pop(place, None)

    def _sealed(self, key: ColumnKey, data: bytes, place: str, *, packing: bool, cipher: str = "") -> bytes:
        name = cipher or self.cipher
        pack = packing and len(data) >= _PACKED_FROM
        head = f"{MARK}{_CIPHERS[name]}{_PACKED if pack else _AS_IT_IS}{key.id}."
        return head.encode() + key.sealed(zlib.compress(data, 1) if pack else data, place.encode(), name)

    def _newest(self) -> ColumnKey | None:
        known = self._keys()
        return known[next(reversed(known))] if known else None

    def _keys(self) -> dict[str, ColumnKey]:
        if self._known is None:
            self._known = self._read()
        return self._known

    def _look_again(self) -> None:
        """Take the keys that another process made since the file was read; a file that is gone takes none away."""
        with suppress(FileNotFoundError):
            if self._version(self.file.stat()) != self._seen:
                self._known = self._read()

    @staticmethod
    def _version(found: os.stat_result) -> tuple[int, int]:
        return found.st_ino, found.st_mtime_ns

    def _read(self) -> dict[str, ColumnKey]:
        try:
            self._seen = self._version(self.file.stat())
            lines = self.file.read_text("ascii").splitlines()
            parts = [line.split() for line in lines if line.strip() and not line.startswith("#")]
            found = {ident: ColumnKey(ident, base64.b64decode(key, validate=True)) for ident, key in parts}
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise KeysUnreadable(self.file, error) from error
        except ValueError as error:
            raise KeysUnreadable(self.file) from error
        self._files = _FILES in lines
        if any(len(key.secret) != _KEY_BYTES or len(key.id) != 2 * _ID_BYTES for key in found.values()):
            raise KeysUnreadable(self.file)
        return found


def key_id_of(head: str) -> str:
    """Return the id of the key under which a value is encrypted that begins so; "" where it is plain."""
    found = _HEAD.fullmatch(head)
    return found[1] if found else ""


def is_sealed(kept: bytes) -> bool:
    """Return whether a value is an encrypted one."""
    return kept.startswith(MARK.encode()) and kept[HEAD - 1 : HEAD] == b"."


def written(kept: bytes) -> str:
    """Return an encrypted value as text."""
    return kept[:HEAD].decode() + base64.urlsafe_b64encode(kept[HEAD:]).decode()


def from_written(text: str) -> bytes | None:
    """Return the encrypted value that a text is; None where it is none."""
    if not text.startswith(MARK) or text[HEAD - 1 : HEAD] != ".":
        return None
    try:
        return text[:HEAD].encode("ascii") + base64.b64decode(text[HEAD:], altchars=b"-_", validate=True)
    except ValueError:
        return None
