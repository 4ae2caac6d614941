"""Keys of encrypted data, and the folders and files that hold keys."""

from __future__ import annotations

import base64
import fcntl
import os
import re
import secrets
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import DataError, DontWrapMixin

from service.domain.errors import LaurelError
from service.domain.proof.algorithms import AES, CIPHERS, CipherKey
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.store.errors import FULL, StorageFull


@contextmanager
def lock_folder(folder: Path, *, waiting: bool = False) -> Iterator[None]:
    """Hold a folder until the end of the block, however the process ends; who finds it held raises BlockingIOError, or waits."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if waiting else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def sync_to_disk(place: Path) -> None:
    """Return once the disk has what a file holds, or which names a folder holds."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_new(path: Path, data: bytes, *, durable: bool = True) -> None:
    """Write a file that is not there yet and that its owner alone may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        if durable:
            os.fsync(file.fileno())


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
    """The file of data keys holds something else, or the system does not let it be read; ``why`` says which."""

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


UNREADABLE = (DataDamaged, DataError, ValueError, ArithmeticError, AttributeError, LookupError, TypeError)
"""What reading a row raises that holds what its column cannot hold: somebody wrote it beside the program."""


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
            else tuple(self._build_head(key, form) + self.cipher[:1].encode() for form in (_PACKED, _AS_IT_IS))
        )

    def make(self, *, first: bool = False) -> str:
        """Add a key, which encrypts from now on, and return its id; ``first`` only where there is none ("" else).

        Raises OSError where the file cannot be written; it is never half written.
        """
        ident = secrets.token_hex(_ID_BYTES)
        line = f"{ident} {base64.b64encode(secrets.token_bytes(_KEY_BYTES)).decode()}"
        return ident if self._rewrite_lines(lambda lines: None if first and lines else [line, *lines]) else ""

    def drop(self, idents: Collection[str]) -> None:
        """Drop keys; nothing may be encrypted under them any more."""
        self._rewrite_lines(lambda lines: [line for line in lines if line.split()[0] not in idents])

    def encrypt(self, data: bytes, place: str, *, packing: bool = False) -> bytes:
        """Return ``data`` encrypted for ``place`` (table.column); ``packing`` makes it small. Raises DataKeysMissing."""
        if time.monotonic() - self._looked_at > LOOK_AGAIN:
            self._look_again()
        key = next(iter(self._keys.values()), None)
        if key is None:
            raise DataKeysMissing(place, self.file)
        packed = packing and len(data) >= _PACKED_FROM
        head = self._build_head(key.id, _PACKED if packed else _AS_IT_IS)
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
        heads = {self._build_head(key.id, _AS_IT_IS): key for key in self._keys.values()}
        return [
            head + key.encrypt(data, head + place.encode(), cipher) for head, key in heads.items() for cipher in CIPHERS
        ]

    def require(self, ident: str, place: str) -> None:
        """Raise DataKeysMissing where a key was dropped meanwhile."""
        if ident not in self.ids:
            raise DataKeysMissing(place, self.file, ident)

    @staticmethod
    def _build_head(ident: str, form: bytes) -> bytes:
        return VERSION + ident.encode() + form

    def _rewrite_lines(self, change: Callable[[list[str]], Sequence[str] | None]) -> bool:
        """Write the lines that ``change`` makes of those in the file, alone of all processes; None leaves it as it is."""
        folder = self.file.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with lock_folder(folder.resolve(), waiting=True):
            self._read()
            before = self.file.read_text("ascii").splitlines() if self._keys else []
            lines = change(before)
            if lines is not None:
                self._write_text("".join(f"{line}\n" for line in lines))
                self._read()
        return lines is not None

    def _write_text(self, text: str) -> None:
        fresh = self.file.with_name(f"{self.file.name}.{secrets.token_hex(_ID_BYTES)}")
        try:
            _write_new(fresh, text.encode("ascii"))
            fresh.replace(self.file)
        except OSError:
            fresh.unlink(missing_ok=True)  # it holds keys
            raise

    def _look_again(self) -> None:
        """Take the keys that another process made since the file was read; a file that is gone takes none away."""
        with suppress(FileNotFoundError):
            status = self.file.stat()
            if (status.st_ino, status.st_mtime_ns) != self._version:
                self._read()
        self._looked_at = time.monotonic()

    def _read(self) -> None:
        try:
            status = self.file.stat()
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
        self._keys, self._version, self._looked_at = keys, (status.st_ino, status.st_mtime_ns), time.monotonic()


def key_id_of(head: bytes) -> str:
    """Return the id of the key of a token that begins so; "" where it is none."""
    match = _HEAD.match(head)
    return match[1].decode() if match else ""


class KeyLost(LaurelError):
    """The key of a ballot is not where it should be: its papers can never be read."""

    code = "key_lost"
    sentence = Text(
        "找不到本次表决的密钥，票箱无法打开。请管理员检查密钥目录；确已丢失的，监督机构在表决页同意以后，"
        "由系统管理员在办件的“干预”中作废并重新发起。",
        "The ballot's key is missing and the box cannot be opened. Check the key folder; if it is lost, supervision agrees"
        " on the ballot's page, and the system administrator has it called anew among the interventions in its case.",
    )


class KeyFolderGone(LaurelError):
    """The folder of ballot keys is not the one that this process began with: it was moved away or replaced."""

    code = "key_folder_gone"
    sentence = Text(
        "表决密钥目录被移走或换掉了，现在不能表决，已有的票箱没有受影响。请管理员把原来的目录放回 LAUREL_BALLOT_KEYS"
        " 所指的位置；确已丢失的，停止服务，用备份恢复后再启动。",
        "The folder of ballot keys was moved away or replaced, so nobody can vote; boxes are untouched. Put the folder"
        " back where LAUREL_BALLOT_KEYS points; if it is lost, stop, bring back a backup and start.",
    )


class KeyFolderClosed(LaurelError):
    """The folder of ballot keys cannot be made or written where the setting points."""

    code = "key_folder_closed"

    def __init__(self, root: Path, cause: OSError) -> None:
        why = cause_words(cause)
        super().__init__(
            Text(
                f"表决密钥目录不能使用：{root}（{why.zh}）。请让 LAUREL_BALLOT_KEYS 指向本程序可以读写的目录。",
                f"The folder of ballot keys cannot be used: {why.en}. Let LAUREL_BALLOT_KEYS name a folder that the program may"
                " read and write.",
            )
        )


class KeyFiles:
    """One folder per ballot with one file per key; only the owner may read it (mode 0600).

    A dropped key is overwritten before it is removed. What a copying file system or a disk that
    spreads its writes may still hold is beyond a program; see docs/voting.md.
    """

    def __init__(self, root: Path, *, durable: bool = True) -> None:
        self.root, self._durable = root, durable
        self._was_there = root.is_dir()
        self._secrets: dict[str, bytes] = {}

    def secret(self, name: str) -> bytes:
        """Return 32 random bytes of this installation, made when first asked for and the same in every process.

        They key the marks by which attempts are counted: who reads the database alone cannot try out addresses.
        """
        if name not in self._secrets:
            self._require_folder()
            self._secrets[name] = self._obtain_secret(self.root / f"{name}.secret")
        return self._secrets[name]

    def find_stored_secret(self, name: str) -> bytes | None:
        """Return a secret as it lies in the folder now; None where there is none, and none is made."""
        return self._read(self.root / f"{name}.secret")

    def _read(self, place: Path) -> bytes | None:
        try:
            return place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _require_folder(self) -> None:
        """Raise KeyFolderGone where the folder was there and is not, or a secret read before is no longer what it was."""
        gone = self._was_there and not self.root.is_dir()
        read = tuple(self._secrets.items())  # another thread may be the first to ask for one meanwhile
        if gone or any(self.find_stored_secret(name) != secret for name, secret in read):
            raise KeyFolderGone

    def _obtain_secret(self, place: Path) -> bytes:
        try:
            return self._load_or_create_secret(place)
        except OSError as error:
            if error.errno in FULL:
                raise StorageFull from error
            raise KeyFolderClosed(self.root, error) from error

    def _load_or_create_secret(self, place: Path) -> bytes:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not place.exists():
            fresh = place.with_suffix(f".{secrets.token_hex(8)}")
            _write_new(fresh, secrets.token_bytes(32), durable=self._durable)
            with suppress(FileExistsError):  # another process was quicker: its secret holds
                os.link(fresh, place)
            fresh.unlink()
        secret = self._read(place)
        if secret is None:
            raise KeyFolderGone
        return secret

    def put(self, box: str, name: str, key: bytes) -> None:
        """Keep ``key`` durably under ``name``.

        Raises:
            KeyFolderGone: the folder was moved away or replaced; it is not made anew.
            StorageFull: the disk is full.
            OSError: the folder cannot be written.
        """
        self._require_folder()
        try:
            self._write_key(self.root / box, name, key)
        except OSError as error:
            if error.errno in FULL:
                with suppress(OSError):
                    (self.root / box / name).unlink(missing_ok=True)
                raise StorageFull from error
            raise

    def _write_key(self, folder: Path, name: str, key: bytes) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_new(folder / name, key, durable=self._durable)
        if self._durable:
            sync_to_disk(folder)
        self._was_there = True

    def get(self, box: str, name: str) -> bytes:
        """Return a key; raises KeyLost, or KeyFolderGone where the folder was moved away or replaced."""
        try:
            return (self.root / box / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self._require_folder()
            raise KeyLost from None

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys; those that are gone already are fine. Raises KeyFolderGone: moved away they are not gone."""
        self._require_folder()
        for name in names:
            with suppress(FileNotFoundError):
                self._shred_file(self.root / box / name)

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot; safe to repeat. Raises KeyFolderGone: moved away they are not destroyed."""
        self._require_folder()
        folder = self.root / box
        if not folder.is_dir():
            return
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                self._shred_file(path)
        with suppress(FileNotFoundError):  # another process of this installation was asked the same
            folder.rmdir()
        if self._durable:
            sync_to_disk(self.root)

    def _shred_file(self, path: Path) -> None:
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            if self._durable:
                os.fsync(file.fileno())
        path.unlink()
