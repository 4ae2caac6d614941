"""The book of acts: append-only, one chain of hashes for every kind of act."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from service.domain.proof.audit_chain import AuditEvent, Link, chain, first_broken
from service.store.repositories.base import Repository
from service.store.rows import ActHeadRow, ActRow
from service.store.rows.acts import act, act_head

_NO_CASE = 0
"""Number under which acts are chained: cases count from 1."""

_AT_ONCE = 5_000
_WINDOW = 20_000
"""A search looks at this many acts at a time, so that rare words cost no more than common ones."""

_CHAIN: sa.BindParameter[str] = sa.bindparam("chain")
_ENDS = sa.select(act_head).where(act_head.c.chain == _CHAIN)
_HEAD = _ENDS.with_for_update()
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
_LATER = (
    sa.select(act).where(act.c.id > sa.bindparam("id")).order_by(act.c.id).limit(sa.bindparam("most", type_=sa.Integer))
)
_NEWEST_OF = (
    sa.select(act)
    .where(act.c.chain == _CHAIN, act.c.action == sa.bindparam("action"))
    .order_by(act.c.seq.desc())
    .limit(1)
)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(act.c.id), 0))


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


class ActRepository(Repository):
    """Acts of people beside cases."""

    def append(self, row: ActRow) -> None:
        """Append an act at the end of its chain; other writers of that chain wait until this unit of work ends."""
        head = self._first(ActHeadRow, _HEAD, chain=row.chain) or self._began(row.chain)
        entry = self._chained(row, head.seq, head.hash)
        self._put(act, [entry])
        self._change(_MOVED, at_chain=row.chain, seq=entry.seq, hash=entry.hash)

    def _chained(self, row: ActRow, seq: int, hashed: str) -> ActRow:
        """Return an act as the next entry of its chain, which ends with ``seq`` and its hash."""
        (link,) = chain(_NO_CASE, seq, hashed, [_event(row)], self.digest)
        return replace(row, seq=link.seq, previous=link.previous, hash=link.hash)

    def heads(self) -> list[ActHeadRow]:
        """Return how far each chain has come."""
        return self._all(ActHeadRow, _HEADS)

    def verify(self, name: str) -> int | None:
        """Return the number of the first act of a chain that was changed or is missing; None when it holds.

        The chain must also end where its head says.
        """
        before, after = self._end(name), (0, "")
        while rows := self._all(ActRow, _NEXT, chain=name, after=after[0], most=_AT_ONCE):
            broken = first_broken(_NO_CASE, [_link(row) for row in rows], after=after)
            if broken is not None:
                return broken
            after = rows[-1].seq, rows[-1].hash
        now = self._end(name)  # others may have entered acts meanwhile
        if before[0] <= after[0] <= now[0] and all(end == after for end in (before, now) if end[0] == after[0]):
            return None
        return min(after[0], now[0]) + 1

    def _end(self, name: str) -> tuple[int, str]:
        head = self._first(ActHeadRow, _ENDS, chain=name)
        return (0, "") if head is None else (head.seq, head.hash)

    def newest_of(self, name: str, action: str) -> ActRow | None:
        """Return the newest act of a chain that was this ``action``."""
        return self._first(ActRow, _NEWEST_OF, chain=name, action=action)

    def after(self, ident: int, limit: int) -> list[ActRow]:
        """Return the acts that come after number ``ident``, oldest first."""
        return self._all(ActRow, _LATER, id=ident, most=limit)

    def settled(self) -> int:
        """Return the newest act's id once nobody is entering one: from then on none comes with a smaller number.

        Ids are given out before the commit, so that of two writers the later number may be seen first.
        """
        self._connection.execute(_HEADS.with_for_update(read=True)).all()
        return int(self._scalar(_NEWEST))

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
