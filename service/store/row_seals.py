"""Seals of rows that give rights or let somebody in: who can only write the database makes none and brings none back.

A seal is keyed with the secret of digests and bears a number of its own, so that no two are alike. One that the program
took back (a role that ended, a passkey that was removed, a session that was closed) stands in a file beside the keys, which
no database holds: the same row put back again, byte for byte, is worth nothing.
"""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock

from service.store.keys import KeyFiles
from service.store.written import KeyOfDigests, digest_of

_LOG = logging.getLogger(__name__)
SEALED = "rows-sealed"
"""Name of the secret that is there once the rows of a program before have seals, too: from then on each must have one."""

_WITHDRAWN = "withdrawn"
"""Name of the file of notes with the seals that were taken back."""

_SIGN = "."


class Withdrawn:
    """The seals that were taken back, in a file that only grows; every process reads what another added."""

    def __init__(self, keys: KeyFiles) -> None:
        self._keys, self._place = keys, Path(keys.root / f"{_WITHDRAWN}.notes")
        self._lock, self._read_to, self._file, self._marks = Lock(), 0, 0, set[str]()

    def __contains__(self, mark: str) -> bool:
        self._read_on()
        return mark in self._marks

    def add(self, marks: Sequence[str]) -> None:
        """Add marks durably, at once."""
        self._keys.note(_WITHDRAWN, "\n" + "\n".join(marks))  # begins a line, should another have broken off

    def _read_on(self) -> None:
        try:
            found = os.stat(self._place)
        except (FileNotFoundError, NotADirectoryError):
            return
        if (found.st_ino, found.st_size) == (self._file, self._read_to):
            return
        with self._lock, self._place.open("rb") as file:
            start = self._read_to if found.st_ino == self._file and found.st_size > self._read_to else 0
            file.seek(start)
            told = file.read()
            whole = told[: told.rfind(b"\n") + 1]
            self._marks.update(whole.decode("ascii", "replace").split())
            self._file, self._read_to = found.st_ino, start + len(whole)


class RowSeals:
    """Makes seals of rows and says whether one holds; those of a program before hold until they were sealed."""

    def __init__(self, key: KeyOfDigests, keys: KeyFiles) -> None:
        self._key, self._keys, self._withdrawn = key, keys, Withdrawn(keys)
        self._asked_for, self._told = False, set[str]()

    @property
    def asked_for(self) -> bool:
        """Whether each row must have a seal."""
        self._asked_for = self._asked_for or self._keys.known_secret(SEALED) is not None
        return self._asked_for

    def begin(self) -> None:
        """From now on each row must have a seal."""
        self._keys.secret(SEALED)

    def made(self, table: str, values: Sequence[object]) -> str:
        """Return a new seal of a row that says ``values``."""
        number = secrets.token_urlsafe(6)
        return f"{number}{_SIGN}{self._mac(table, number, values)}"

    def is_sealed(self, table: str, values: Sequence[object], seal: str) -> bool:
        """Return whether ``seal`` is one of this installation for the row and was not taken back."""
        number, _, mac = seal.partition(_SIGN)
        return hmac.compare_digest(self._mac(table, number, values).encode(), mac.encode()) and not self.is_withdrawn(
            mac
        )

    def holds(self, table: str, values: Sequence[object], seal: str) -> bool:
        """Return whether a row counts; one that does not is told in the log, once."""
        if not self.asked_for or self.is_sealed(table, values, seal):
            return True
        if self.tell_once(f"{table} {values[0]}"):
            _LOG.error(
                "a row of table %s (%s) was written beside the program and gives no right: run laurel audit verify; after"
                " restoring a backup of an older program, laurel audit record-rows",
                table,
                values[0],
            )
        return False

    def tell_once(self, words: str) -> bool:
        """Return whether something is to be told: each is, once in a process."""
        known = words in self._told
        self._told.add(words)
        return not known

    def is_withdrawn(self, mark: str) -> bool:
        """Return whether something was taken back."""
        return mark in self._withdrawn

    def withdraw(self, marks: Sequence[str]) -> None:
        """Note durably that these were taken back; called before the change of the rows is committed."""
        self._withdrawn.add(marks)

    def _mac(self, table: str, number: str, values: Sequence[object]) -> str:
        return digest_of(self._key(), f"seal of {table}", number, [_said(value) for value in values])


def mark_of(seal: str) -> str:
    """Return what of a seal is noted when it is taken back."""
    return seal.partition(_SIGN)[2] or seal


def _said(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
