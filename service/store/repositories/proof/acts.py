"""The book of acts: append-only, one chain of hashes for every kind of act."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from service.domain.proof.audit_chain import AuditEvent, Link, chain, first_broken
from service.store.repositories.base import values_of
from service.store.repositories.proof.entering import ENTERED, FOLLOWED
from service.store.repositories.proof.marks import ends_elsewhere, first_unkeyed, marked_head, with_mark
from service.store.repositories.readable_rows import ReadableRows
from service.store.rows import ActHeadRow, ActRow, ChainMarkRow
from service.store.rows.acts import act, act_head
from service.store.seals.entry_macs import BOOK
from service.store.seals.row_seals import ChainEnd

_NO_CASE = 0
"""Number under which acts are chained: cases count from 1."""

_AT_ONCE = 5_000
_REFUSED_AMONG = 1_000
"""The newest acts among which refusals are counted: in an attack most of them are."""

_FORGED = 20
"""So many entries of others above the newest own one of an action do not hide it."""

_WINDOW = 20_000
"""A search looks at this many acts at a time, so that rare words cost no more than common ones."""

_CHAIN: sa.BindParameter[str] = sa.bindparam("chain")
_BOOKED_AS: sa.BindParameter[str] = sa.bindparam("name")
_ENDS = sa.select(act_head).where(act_head.c.chain == _CHAIN)
_HEAD = _ENDS.with_for_update()
_COME_TO = with_mark(act_head, act_head.c.seq, act_head.c.hash).where(act_head.c.chain == _BOOKED_AS)
_COME_TO_HELD = _COME_TO.with_for_update(of=act_head)
_MOVED = (
    sa.update(act_head)
    .where(act_head.c.chain == sa.bindparam("at_chain"))
    .values(seq=sa.bindparam("seq"), hash=sa.bindparam("hash"))
)
_HEADS = sa.select(act_head).order_by(act_head.c.chain)
_NEXT = (
    sa.select(act)
    .where(act.c.chain == _CHAIN, act.c.seq > sa.bindparam("after"))
    .order_by(act.c.seq)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_FIRST_SINCE = (
    sa.select(act.c.seq, act.c.previous)
    .where(act.c.chain == _CHAIN, act.c.at >= sa.bindparam("since"))
    .order_by(act.c.seq)
    .limit(1)
)
_LATER = (
    sa.select(act).where(act.c.id > sa.bindparam("id")).order_by(act.c.id).limit(sa.bindparam("most", type_=sa.Integer))
)
_LAST = sa.select(act).order_by(act.c.id.desc()).limit(_REFUSED_AMONG)
_NEWEST_OF = (
    sa.select(act)
    .where(act.c.chain == _CHAIN, act.c.action == sa.bindparam("action"))
    .order_by(act.c.seq.desc())
    .limit(_FORGED)
)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(act.c.id), 0))


def _at(entry: ActRow) -> dict[str, object]:
    return {f"at_{name}": value for name, value in values_of(entry).items()}


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which acts: of ``places`` (None: all), of one ``chain``, with ``text`` in their words, by ``person_id``.

    ``by_people``: without what the program entered by itself.
    """

    places: Collection[str] | None = None
    chain: str | None = None
    text: str = ""
    person_id: int | None = None
    since: datetime | None = None
    before_time: datetime | None = None
    by_people: bool = False


@dataclass(frozen=True, slots=True)
class ActPage:
    """Acts found, newest first; ``resume`` is the ``before`` to go on with, None at the beginning of the book."""

    rows: list[ActRow]
    resume: int | None


class ActRepository(ReadableRows):
    """Acts of people beside cases."""

    def append(self, row: ActRow) -> None:
        """Append an act at the end of its chain; other writers of that chain wait until this unit of work ends."""
        ends = self.seals.ends if self.seals is not None else {}
        left = ends.get(row.chain)
        if left is not None and left.alone and self._follows(row, left):
            return
        head = self._first(ActHeadRow, _HEAD, chain=row.chain) or self._began(row.chain)
        entry = self._chained(row, head.seq, head.hash)
        if self._connection.dialect.name == "postgresql":
            self._change(ENTERED, **_at(entry))
            ends[row.chain] = ChainEnd(
                entry.seq, entry.hash, left is None or (left.seq, left.hash) == (head.seq, head.hash)
            )
            return
        self._put(act, [entry])
        self._change(_MOVED, at_chain=row.chain, seq=entry.seq, hash=entry.hash)

    def _follows(self, row: ActRow, left: ChainEnd) -> bool:
        """Append an act where its chain ends as this process left it; returns whether it does.

        Another process may have come between, or what this one left was undone: then the head is asked for, and as long
        as that is so it is not tried again.
        """
        entry = self._chained(row, left.seq, left.hash)
        if not self._read(FOLLOWED, {"was_seq": left.seq, **_at(entry)}):
            return False
        assert self.seals is not None
        self.seals.ends[row.chain] = ChainEnd(entry.seq, entry.hash, alone=True)
        return True

    def _chained(self, row: ActRow, seq: int, hashed: str) -> ActRow:
        """Return an act as the next entry of its chain, which ends with ``seq`` and its hash."""
        (link,) = chain(_NO_CASE, seq, hashed, [_event(row)], self.digest)
        mac = self._mac(f"{BOOK}{row.chain}", link.seq, link.hash)
        return replace(row, seq=link.seq, previous=link.previous, hash=link.hash, mac=mac)

    def heads(self) -> list[ActHeadRow]:
        """Return how far each chain has come."""
        return self._all(ActHeadRow, _HEADS)

    def verify(self, name: str, seen: Callable[[int], None] = lambda _entries: None) -> int | None:
        """Return the number of the first act of a chain that was changed, is missing or was added by others; None when it holds.

        The chain must also end where its head says. ``seen`` is told of how many entries each page was.
        """
        head, mark = self._come_to(name)
        after = (0, "")
        while True:
            rows, spoilt = self._until_unreadable(ActRow, act, _NEXT, chain=name, after=after[0], most=_AT_ONCE)
            broken = self._first_wrong(name, rows, after, mark)
            if broken is not None or spoilt is not None:
                return spoilt if broken is None else broken
            if not rows:
                break
            after = rows[-1].seq, rows[-1].hash
            seen(len(rows))
        return ends_elsewhere(after, head, mark)

    def verify_page(self, name: str, after: tuple[int, str], *, held: bool = False) -> tuple[int | None, int, str]:
        """Verify the next acts of a chain, of which ``after`` is the last before them (seq, hash).

        Returns the first that was changed, is missing or was added by others, and how far this came: no further than ``after`` at the end,
        where the chain must be as far as its head says. ``held``: nobody enters anything meanwhile.
        """
        head, mark = self._come_to(name, held=held)
        rows, spoilt = self._until_unreadable(ActRow, act, _NEXT, chain=name, after=after[0], most=_AT_ONCE)
        if not rows:
            return ends_elsewhere(after, head, mark) if spoilt is None else spoilt, *after
        broken = self._first_wrong(name, rows, after, mark)
        return spoilt if broken is None else broken, rows[-1].seq, rows[-1].hash

    def before(self, name: str, since: datetime | None) -> tuple[int, str]:
        """Return number and hash of the entry of a chain before the first one ``since``; of its end where there is none."""
        found = self._read(_FIRST_SINCE, {"chain": name, "since": since}) if since is not None else []
        if found:
            return int(found[0][0]) - 1, str(found[0][1])
        head = self._first(ActHeadRow, _ENDS, chain=name)
        return (head.seq, head.hash) if head is not None else (0, "")

    def newest_of(self, name: str, action: str) -> ActRow | None:
        """Return the newest act of a chain that was this ``action``, as this program entered it and nobody changed it since."""
        found = self._all(ActRow, _NEWEST_OF, chain=name, action=action)
        if not found or self._holds(name, found[0]):
            return found[0] if found else None
        _, mark = self._come_to(name)
        return next((row for row in found if self._holds(name, row, mark)), None)

    def first_wrong_after(self, name: str, last: ActRow | None) -> int | None:
        """Return the first act of a chain behind ``last`` (None: of all) that was changed, is missing or was added by others."""
        after = (last.seq, last.hash) if last is not None else (0, "")
        while True:
            broken, seq, hashed = self.verify_page(name, after)
            if broken is not None or seq == after[0]:
                return broken
            after = seq, hashed

    def after(self, ident: int, limit: int) -> list[ActRow]:
        """Return the acts that come after number ``ident``, oldest first."""
        return self._all(ActRow, _LATER, id=ident, most=limit)

    def settled(self) -> int:
        """Return the newest act's id once nobody is entering one: from then on none comes with a smaller number.

        Ids are given out before the commit, so that of two writers the later number may be seen first.
        """
        self._connection.execute(_HEADS.with_for_update(read=True)).all()
        return int(self._scalar(_NEWEST))

    def refused_since(self, at: datetime) -> list[ActRow]:
        """Return what was refused from then on, among the newest acts of all chains, the newest first."""
        return [row for row in self._all(ActRow, _LAST) if row.at >= at and row.outcome != "done"]

    def search(self, wanted: ActFilter, before: int | None = None, limit: int = 100) -> ActPage:
        """Search backwards from act id ``before``, 20,000 acts at a time."""
        start = before if before is not None else int(self._scalar(_NEWEST)) + 1
        window = sa.and_(act.c.id < start, act.c.id >= start - _WINDOW)
        statement = sa.select(act).where(window, *_conditions(wanted))
        rows = self._all(ActRow, statement.order_by(act.c.id.desc()).limit(limit))
        low = rows[-1].id if len(rows) == limit else start - _WINDOW
        return ActPage(rows, low if low > 1 else None)

    def _began(self, name: str) -> ActHeadRow:
        """Begin a chain: of two writers at once the second waits here and finds where the first has come to."""
        begun = self._upsert(act_head).values(chain=name, seq=0, hash="").on_conflict_do_nothing()
        self._connection.execute(begun)
        head = self._first(ActHeadRow, _HEAD, chain=name)
        assert head is not None
        return head

    def _come_to(self, name: str, *, held: bool = False) -> tuple[tuple[int, str], ChainMarkRow | None]:
        """Return number and hash at which a chain says that it ends, and its mark."""
        given = {"name": name, "chain": f"{BOOK}{name}"}
        return marked_head(self.seals, f"{BOOK}{name}", self._read(_COME_TO_HELD if held else _COME_TO, given))

    def _first_wrong(
        self, name: str, rows: Sequence[ActRow], after: tuple[int, str], mark: ChainMarkRow | None
    ) -> int | None:
        broken = (
            first_broken(_NO_CASE, [_link(row) for row in rows], after=after),
            self._first_wrong_of(name, rows, mark),
        )
        return min((seq for seq in broken if seq is not None), default=None)

    def _holds(self, name: str, row: ActRow, mark: ChainMarkRow | None = None) -> bool:
        """Return whether this program added an act, and its words are those that were hashed."""
        return self._first_wrong(name, [row], (row.seq - 1, row.previous), mark) is None

    def _first_wrong_of(self, name: str, rows: Sequence[ActRow], mark: ChainMarkRow | None = None) -> int | None:
        """Return the first of these that others added."""
        return first_unkeyed(self.seals, f"{BOOK}{name}", [(row.seq, row.hash, row.mac) for row in rows], mark)


def _link(row: ActRow) -> Link:
    return Link(row.seq, _event(row), row.previous, row.hash)


def _event(row: ActRow) -> AuditEvent:
    """Return what of a row is in its hash: everything but its numbers."""
    where = {"chain": row.chain, "jurisdiction": row.jurisdiction, "origin": row.origin, "outcome": row.outcome}
    return AuditEvent(row.at, row.actor, row.action, row.about, row.person_id, None, {**where, "data": row.data})


def _conditions(wanted: ActFilter) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.places is not None:
        found.append(act.c.jurisdiction.in_(wanted.places))
    if wanted.chain is not None:
        found.append(act.c.chain == wanted.chain)
    if wanted.text:
        words = (act.c.actor, act.c.about, act.c.action, act.c.origin)
        found.append(sa.or_(*(column.contains(wanted.text, autoescape=True) for column in words)))
    if wanted.person_id is not None:
        found.append(act.c.person_id == wanted.person_id)
    if wanted.by_people:
        found.append(sa.or_(act.c.person_id.is_not(None), act.c.origin != ""))
    if wanted.since is not None:
        found.append(act.c.at >= wanted.since)
    if wanted.before_time is not None:
        found.append(act.c.at < wanted.before_time)
    return found
