"""Marks in files of notes beside the keys, which no database holds: what was taken back, and what was answered once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from service.store.keys import KeyFiles

_ANSWERED = "answered"
_KEPT = 2
"""So many hours are kept beside the newest: what was answered before is over by itself."""


class NotedMarks:
    """The marks in a file that only grows; every process reads what another added."""

    def __init__(self, keys: KeyFiles, name: str) -> None:
        self._keys, self._name, self._place = keys, name, Path(keys.root / f"{name}.notes")
        self._lock, self._read_to, self._file, self._marks = Lock(), 0, 0, set[str]()

    def __contains__(self, mark: str) -> bool:
        self._read_on()
        return mark in self._marks

    def add(self, marks: Sequence[str]) -> None:
        """Add marks durably, at once."""
        self._keys.note(self._name, "\n" + "\n".join(marks))  # begins a line, should another have broken off

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


class Answered:
    """What serves once and is over within the hour: one-time codes and challenges, a file for each hour of theirs."""

    def __init__(self, keys: KeyFiles) -> None:
        self._keys, self._hours = keys, dict[int, NotedMarks]()

    def take(self, hour: int, mark: str) -> bool:
        """Note durably that something of an ``hour`` (since 1970) was answered; False where it was before."""
        if hour not in self._hours:
            self._hours[hour] = NotedMarks(self._keys, f"{_ANSWERED}-{hour}")
            self._forget_before(hour - _KEPT)
        known = self._hours[hour]
        if mark in known:
            return False
        known.add([mark])
        return True

    def _forget_before(self, hour: int) -> None:
        for old in [one for one in tuple(self._hours) if one < hour]:
            self._hours.pop(old, None)
        for place in self._keys.root.glob(f"{_ANSWERED}-*.notes"):
            _, _, number = place.stem.rpartition("-")
            if number.isdigit() and int(number) < hour:
                self._keys.note(place.stem, None)
