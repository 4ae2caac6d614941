"""Entries of chains by their places, and which of them this installation added."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one
from service.store.repositories.proof.marks import first_unkeyed, own_mark
from service.store.rows import ChainMarkRow
from service.store.rows.acts import act, chain_mark
from service.store.rows.drafts import package_event
from service.store.rows.history import audit
from service.store.seals.entry_macs import BOOK, CASE, PACKAGE
from service.store.seals.unreadable import UNREADABLE

_AT_ONCE = 400
_NAMED = {CASE: (audit, audit.c.case_id), BOOK: (act, act.c.chain), PACKAGE: (package_event, package_event.c.package)}
"""The tables of entries with a MAC, and what of a row says which chain it is of, by how the names of chains begin."""


@dataclass(frozen=True, slots=True)
class ChainEntry:
    """An entry of a chain; without ``at`` where a chain says that it ends at an entry which is not there."""

    chain: str
    seq: int
    at: datetime | None
    hash: str
    mac: str


def entry_columns(table: sa.Table, name: sa.Column[Any]) -> tuple[sa.Column[Any], ...]:
    """Return the columns that `entries_of` reads; a change of a setting has a seal and no MAC."""
    return name, table.c.seq, table.c.at, table.c.hash, table.c.mac


def entries_of(prefix: str, rows: Iterable[Sequence[Any]]) -> list[ChainEntry]:
    """Return entries from the values of such columns."""
    return [ChainEntry(f"{prefix}{name}", seq, at, hashed, mac or "") for name, seq, at, hashed, mac in rows]


def split_chain(chain: str) -> tuple[str, str | int]:
    """Return how the name of a chain begins, and what names it among those that begin so."""
    prefix = next(prefix for prefix in _NAMED if chain.startswith(prefix))
    name = chain.removeprefix(prefix)
    return prefix, int(name) if prefix == CASE else name


def _reading(table: sa.Table, name: sa.Column[Any]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*entry_columns(table, name)).where(name == sa.bindparam("chain"))


_AT = {prefix: _reading(t, name).where(t.c.seq == sa.bindparam("seq")) for prefix, (t, name) in _NAMED.items()}
_MOST = sa.bindparam("most", type_=sa.Integer)
_NEXT = {
    prefix: _reading(t, name).where(t.c.seq > sa.bindparam("after")).order_by(t.c.seq).limit(_MOST)
    for prefix, (t, name) in _NAMED.items()
}
BEFORE = {
    prefix: _reading(t, name).where(t.c.seq < sa.bindparam("below")).order_by(t.c.seq.desc()).limit(_MOST)
    for prefix, (t, name) in _NAMED.items()
}
_OF_CASES = (
    sa.select(*entry_columns(audit, audit.c.case_id))
    .where(among(audit.c.case_id, "cases"))
    .order_by(audit.c.case_id, audit.c.seq)
)
_MARK = one(chain_mark, "chain")
_MARKS = sa.select(chain_mark).where(among(chain_mark.c.chain, "chains"))


class EntryReading(Repository):
    """What asks of entries whose they are."""

    def _is_own(self, entry: ChainEntry, mark: ChainMarkRow | None = None) -> bool:
        """Return whether this installation added an entry, or it stood before its mark, which is read where it matters."""
        told = [(entry.seq, entry.hash, entry.mac)]
        if first_unkeyed(self.seals, entry.chain, told, mark) is None:
            return True
        kept = own_mark(self.seals, self._first(ChainMarkRow, _MARK, chain=entry.chain)) if mark is None else mark
        return kept is not None and first_unkeyed(self.seals, entry.chain, told, kept) is None


class EntryRepository(EntryReading):
    """Entries of the chains of cases, of the book and of packages."""

    def foreign(self, chain: str, seq: int) -> ChainEntry | None:
        """Return an entry that others added, or hashed anew; None for one of this program, and where there is none."""
        prefix, name = split_chain(chain)
        try:
            found = entries_of(prefix, self._read(_AT[prefix], {"chain": name, "seq": seq}))
        except UNREADABLE:
            return None  # whoever added it, it was changed since
        return next((entry for entry in found if not self._is_own(entry)), None)

    def of_cases(self, case_ids: Collection[int]) -> list[ChainEntry]:
        """Return the histories of these cases, each in its order."""
        return entries_of(CASE, self._read(_OF_CASES, {"cases": [*case_ids]}))

    def of_chain(self, chain: str, after: int, most: int) -> list[ChainEntry]:
        """Return the next entries of a chain above number ``after``."""
        prefix, name = split_chain(chain)
        return entries_of(prefix, self._read(_NEXT[prefix], {"chain": name, "after": after, "most": most}))

    def marks(self, chains: Collection[str]) -> dict[str, ChainMarkRow]:
        """Return the marks that this installation made of these chains."""
        wanted, found = [*chains], list[ChainMarkRow]()
        for start in range(0, len(wanted), _AT_ONCE):
            found += self._all(ChainMarkRow, _MARKS, chains=wanted[start : start + _AT_ONCE])
        return {mark.chain: mark for mark in found if own_mark(self.seals, mark) is not None}

    def lacks_mac(self, entry: ChainEntry) -> bool:
        """Return whether an entry bears no MAC of this installation, whether or not it needs one yet."""
        return self.seals is not None and not self.seals.entries.holds(entry.chain, entry.seq, entry.hash, entry.mac)

    def mark(self, entry: ChainEntry) -> None:
        """Mark that no entry of a chain up to this one needs a MAC, and that none before can be another."""
        if self.seals is None:
            return
        row = self.seals.entries.marked(entry.chain, entry.seq, entry.hash, self.digest)
        told = {"seq": row.seq, "hash": row.hash, "mac": row.mac}
        kept = self._upsert(chain_mark).values(chain=row.chain, **told)
        self._connection.execute(kept.on_conflict_do_update(index_elements=["chain"], set_=told))
