"""What the book says of rows of cases, kept in memory: read once, then only what is new."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from service.store.repositories.proof.digests import DigestRepository, ToldOfRows
from service.store.seals.deciding import beside_cases

_IN_FLIGHT = 2_000
"""Acts whose numbers were given out earlier may be committed later, or undone: so many of the newest are read each time."""


class BookedRows:
    """The acts that hold digests of rows of cases; most rows are told of in the history of their case instead."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_row: dict[str, list[int]] = defaultdict(list)
        self._told: dict[int, ToldOfRows] = {}
        self._read_to = 0
        self.verified: dict[str, tuple[datetime, tuple[int, str]]] = {}
        """Chain of the book → since when, and up to which entry (number, hash), this process has verified it."""
        self.sound: dict[int, tuple[int, str]] = {}
        """Case without a seal → version and digest of its row, as this process looked it up and found it as recorded."""

    def told_of(self, digests: DigestRepository, rows: Collection[str]) -> list[ToldOfRows]:
        """Return the acts that say something of ``rows``, oldest first, after reading what was entered since."""
        with self._lock:
            recent = dict(digests.told_after(self._read_to))
            self._remember(recent)
            before = {ident for row in rows for ident in self._by_row.get(row, ())}
            since = {ident for ident, told in recent.items() if not told.told.get("rows", {}).keys().isdisjoint(rows)}
            return [recent.get(ident) or self._told[ident] for ident in sorted(before | since)]

    def forget(self) -> None:
        """Forget what was read: the database may be another one since, restored beside this process.

        What was found of a row that is as it was then holds all the same.
        """
        with self._lock:
            self._by_row.clear()
            self._told.clear()
            self.verified.clear()
            self._read_to = 0

    def _remember(self, recent: dict[int, ToldOfRows]) -> None:
        """Keep of what was read all but the newest, which may be undone yet."""
        over = max(recent, default=0) - _IN_FLIGHT
        for ident in [one for one in recent if one <= over]:
            self._hear(ident, recent[ident])
        self._read_to = max(self._read_to, over)

    def _hear(self, ident: int, told: ToldOfRows) -> None:
        named = [row for row in told.told.get("rows", {}) if not beside_cases(row.partition(":")[0])]
        if not named:
            return
        self._told[ident] = told
        for row in named:
            self._by_row[row].append(ident)
