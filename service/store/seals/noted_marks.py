"""Marks in files of notes beside the keys, which no database holds: what was taken back, and what was answered once."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import Lock

from service.store.secrecy.keys import KeyFiles

_ANSWERED = "answered"
_HELD, _RELEASED = "held:", "released:"
_HOLD = re.compile(rf"({_HELD}|{_RELEASED})([a-z_]+/\d+)(?:=(.*))?;")
"""What tells of a row that waits, or waited, for a person; its last sign says that it is whole: one may have broken off."""
_KEPT = 2
"""So many hours are kept beside the newest: what was answered before is over by itself."""


class NotedLines(ABC):
    """The lines of a file that only grows; every process reads what another added."""

    def __init__(self, keys: KeyFiles, name: str) -> None:
        self._keys, self._name, self._place = keys, name, Path(keys.root / f"{name}.notes")
        self._lock, self._read_to, self._file = Lock(), 0, 0

    def _add(self, lines: Sequence[str], *, at_once: bool = True) -> None:
        begun = "\n" + "\n".join(lines)  # begins a line, should another have broken off
        self._keys.note(self._name, begun, at_once=at_once)

    @abstractmethod
    def _hear(self, told: str) -> None: ...

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
            self._hear(whole.decode("ascii", "replace"))
            self._file, self._read_to = found.st_ino, start + len(whole)


class NotedMarks(NotedLines):
    """The marks in a file of notes."""

    def __init__(self, keys: KeyFiles, name: str) -> None:
        super().__init__(keys, name)
        self._marks = set[str]()

    def __contains__(self, mark: str) -> bool:
        self._read_on()
        return mark in self._marks

    def every(self) -> set[str]:
        """Return all of them."""
        self._read_on()
        return {*self._marks}

    def add(self, marks: Sequence[str]) -> None:
        """Add marks durably, at once."""
        self._add(marks)

    def add_soon(self, marks: Sequence[str]) -> None:
        """Add marks for every process at once, and for a loss of power when `keep` is called."""
        self._add(marks, at_once=False)

    def keep(self) -> None:
        """Wait until all marks are on the disk."""
        self._keys.keep_noted(self._name)

    def _hear(self, told: str) -> None:
        self._marks.update(told.split())


class TakenBackMarks(NotedMarks):
    """The same, and what of them says that a doubt about the clock, or a restore, waits for a person."""

    def __init__(self, keys: KeyFiles, name: str) -> None:
        super().__init__(keys, name)
        self._holds: dict[str, str] = {}

    def holds(self) -> dict[str, str]:
        """Return what waits, by table and number, and what is noted of each."""
        self._read_on()
        return dict(self._holds)

    def _hear(self, told: str) -> None:
        super()._hear(told)
        hear_holds(self._holds, told.split())


def hear_holds(holds: dict[str, str], marks: Iterable[str]) -> None:
    """Note in ``holds`` what begins or ends to wait by these ``marks``, in their order."""
    for mark in marks:
        told = _HOLD.fullmatch(mark) if mark.startswith((_HELD, _RELEASED)) else None
        if told is None:
            continue
        if told[1] == _HELD:
            holds[told[2]] = told[3] or ""
        else:
            holds.pop(told[2], None)


def held_mark(table: str, ident: int, *words: str) -> str:
    """Return the mark that a row waits for a person; none of the ``words``, which tell what it said, has a space."""
    return f"{_HELD}{table}/{ident}={'|'.join(words)};"


def released_mark(table: str, ident: int) -> str:
    """Return the mark that a person released a row, or that it is none any more."""
    return f"{_RELEASED}{table}/{ident};"


class PendingMarks(NotedLines):
    """What units of work were about to take back: a line for each with its marks, and one with its name alone when it is settled."""

    def __init__(self, keys: KeyFiles, name: str) -> None:
        super().__init__(keys, name)
        self._of_unit: dict[str, tuple[str, ...]] = {}

    def open(self) -> dict[str, tuple[str, ...]]:
        """Return the marks of each unit of work that is not settled."""
        self._read_on()
        return dict(self._of_unit)

    def add(self, unit: str, marks: Sequence[str]) -> None:
        """Note durably what a unit of work is about to take back."""
        self._add([" ".join([unit, *marks])])

    def close(self, unit: str) -> None:
        """Note durably that a unit of work is settled."""
        self._add([unit])

    def _hear(self, told: str) -> None:
        for unit, *marks in filter(None, (line.split() for line in told.splitlines())):
            if marks:
                self._of_unit[unit] = tuple(marks)
            else:
                self._of_unit.pop(unit, None)


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
