"""Keys of ballots: small files in a folder of their own, outside the database, the data and every backup."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.store.errors import FULL, StorageFull
from service.store.folders import sync


class KeyLost(LaurelError):
    """The key of a ballot is not where it should be: its papers can never be read."""

    code = "key_lost"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "找不到本次表决的密钥，票箱无法打开。请管理员检查密钥目录；确已丢失的，监督机构在表决页同意以后，"
                "由系统管理员在办件的“干预”中作废并重新发起。",
                "The ballot's key is missing and the box cannot be opened. Check the key folder; if it is lost, supervision agrees"
                " on the ballot's page, and the system administrator has it called anew among the interventions in its case.",
            )
        )


class KeyFolderGone(LaurelError):
    """The folder of ballot keys is not the one that this process began with: it was moved away or replaced."""

    code = "key_folder_gone"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "表决密钥目录被移走或换掉了，现在不能表决，已有的票箱没有受影响。请管理员把原来的目录放回 LAUREL_BALLOT_KEYS"
                " 所指的位置；确已丢失的，停止服务，用备份恢复后再启动。",
                "The folder of ballot keys was moved away or replaced, so nobody can vote; boxes are untouched. Put the folder"
                " back where LAUREL_BALLOT_KEYS points; if it is lost, stop, bring back a backup and start.",
            )
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
            self._demand_folder()
            self._secrets[name] = self._kept_secret(self.root / f"{name}.secret")
        return self._secrets[name]

    def known_secret(self, name: str) -> bytes | None:
        """Return a secret as it lies in the folder now; None where there is none, and none is made."""
        return self._read(self.root / f"{name}.secret")

    def _read(self, place: Path) -> bytes | None:
        try:
            return place.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _demand_folder(self) -> None:
        """Raise KeyFolderGone where the folder was there and is not, or a secret read before is no longer what it was."""
        gone = self._was_there and not self.root.is_dir()
        read = tuple(self._secrets.items())  # another thread may be the first to ask for one meanwhile
        if gone or any(self.known_secret(name) != secret for name, secret in read):
            raise KeyFolderGone

    def _kept_secret(self, place: Path) -> bytes:
        try:
            return self._found_or_made(place)
        except OSError as error:
            if error.errno in FULL:
                raise StorageFull from error
            raise KeyFolderClosed(self.root, error) from error

    def _found_or_made(self, place: Path) -> bytes:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not place.exists():
            fresh = self._written(place, secrets.token_bytes(32))
            with suppress(FileExistsError):  # another process was quicker: its secret holds
                os.link(fresh, place)
            fresh.unlink()
        found = self._read(place)
        if found is None:
            raise KeyFolderGone
        return found

    def _written(self, place: Path, secret: bytes) -> Path:
        fresh = place.with_suffix(f".{secrets.token_hex(8)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secret)
            file.flush()
            if self._durable:
                os.fsync(file.fileno())
        return fresh

    def put(self, box: str, name: str, key: bytes) -> None:
        """Keep ``key`` durably under ``name``.

        Raises:
            KeyFolderGone: the folder was moved away or replaced; it is not made anew.
            StorageFull: the disk is full.
            OSError: the folder cannot be written.
        """
        self._demand_folder()
        try:
            self._put(self.root / box, name, key)
        except OSError as error:
            if error.errno in FULL:
                with suppress(OSError):
                    (self.root / box / name).unlink(missing_ok=True)
                raise StorageFull from error
            raise

    def _put(self, folder: Path, name: str, key: bytes) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            if self._durable:
                os.fsync(file.fileno())
        if self._durable:
            sync(folder)
        self._was_there = True

    def get(self, box: str, name: str) -> bytes:
        """Return a key; raises KeyLost, or KeyFolderGone where the folder was moved away or replaced."""
        try:
            return (self.root / box / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            self._demand_folder()
            raise KeyLost from None

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys; those that are gone already are fine. Raises KeyFolderGone: moved away they are not gone."""
        self._demand_folder()
        for name in names:
            with suppress(FileNotFoundError):
                self._shred(self.root / box / name)

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot; safe to repeat. Raises KeyFolderGone: moved away they are not destroyed."""
        self._demand_folder()
        folder = self.root / box
        if not folder.is_dir():
            return
        for path in folder.iterdir():
            with suppress(FileNotFoundError):
                self._shred(path)
        with suppress(FileNotFoundError):  # another process of this installation was asked the same
            folder.rmdir()
        if self._durable:
            sync(self.root)

    def _shred(self, path: Path) -> None:
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            if self._durable:
                os.fsync(file.fileno())
        path.unlink()
