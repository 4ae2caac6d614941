"""A stage put back to where it stood, so that several ways on are tried from one point of a play."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.simulate.stage.stage import PlayState
from service.store import KeyLost

_PAGE = 4096
_NUMBER = 4
"""Bytes before each page: which page it is."""


@dataclass(slots=True)
class KeysInMemory:
    """The keys of ballots that are played and thrown away: they go back with the stage."""

    boxes: dict[str, dict[str, bytes]] = field(default_factory=dict)

    def put(self, box: str, name: str, key: bytes) -> None:
        """Keep a key."""
        self.boxes.setdefault(box, {})[name] = key

    def get(self, box: str, name: str) -> bytes:
        """Return a key; raises KeyLost."""
        if name not in self.boxes.get(box, {}):
            raise KeyLost
        return self.boxes[box][name]

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Forget keys; safe to repeat."""
        for name in names:
            self.boxes.get(box, {}).pop(name, None)

    def destroy(self, box: str) -> None:
        """Forget all keys of a ballot; safe to repeat."""
        self.boxes.pop(box, None)

    def secret(self, name: str) -> bytes:
        """Return the same bytes for the same name: nothing that is played is a secret."""
        return name.encode().ljust(32, b"\0")[:32]

    def known_secret(self, name: str) -> bytes | None:
        """Return the same."""
        return self.secret(name)

    def note(self, name: str, line: str | None) -> None:
        """Note nothing: nobody cuts off what is played."""

    def noted(self, name: str) -> list[str]:  # noqa: ARG002  as files of notes are read
        """Return nothing."""
        return []


@dataclass(frozen=True, slots=True)
class StageState:
    """Where a stage stood: the pages of its database that differ from the beginning's, the time, and who is called what."""

    pages: bytes
    size: int
    now: datetime
    cases: Mapping[str, int]
    codes: Mapping[str, str]
    people: Mapping[str, Actor]
    keys: Mapping[str, Mapping[str, bytes]]


class Rewindable:
    """A ``stage`` over a database in memory that can be put back to where it stood, any number of times."""

    def __init__(self, stage: PlayState) -> None:
        alone = stage.desk.store.alone
        if alone is None:
            raise RuntimeError("only a database in memory can be put back")
        self.stage, self._keys, self._database = stage, KeysInMemory(), alone
        stage.desk = replace(stage.desk, ballot_keys=self._keys)
        self._first = alone.picture()

    def standing(self) -> StageState:
        """Return where the stage stands now."""
        stage, data = self.stage, self._database.picture()
        return StageState(
            zlib.compress(_differing(self._first, data), 1),
            len(data),
            stage.clock.now(),
            dict(stage.cases),
            dict(stage.codes),
            stage.cast.known(),
            {box: dict(keys) for box, keys in self._keys.boxes.items()},
        )

    def put_back(self, standing: StageState) -> None:
        """Let the stage stand where it stood."""
        stage = self.stage
        self._database.put_back(_laid_over(self._first, zlib.decompress(standing.pages), standing.size))
        stage.clock.put_back(standing.now)
        stage.cases, stage.codes = dict(standing.cases), dict(standing.codes)
        stage.cast.put_back(standing.people)
        self._keys.boxes = {box: dict(keys) for box, keys in standing.keys.items()}
        stage.desk.engine.empty_cache()


def _differing(first: bytes, data: bytes) -> bytes:
    """Return the pages of ``data`` that are not those of ``first``, each with its number before it."""
    return b"".join(
        number.to_bytes(_NUMBER) + data[at : at + _PAGE]
        for number, at in enumerate(range(0, len(data), _PAGE))
        if data[at : at + _PAGE] != first[at : at + _PAGE]
    )


def _laid_over(first: bytes, pages: bytes, size: int) -> bytes:
    whole = bytearray(first[:size].ljust(size, b"\0"))
    for at in range(0, len(pages), _NUMBER + _PAGE):
        number = int.from_bytes(pages[at : at + _NUMBER])
        whole[number * _PAGE : (number + 1) * _PAGE] = pages[at + _NUMBER : at + _NUMBER + _PAGE]
    return bytes(whole)
