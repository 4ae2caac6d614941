"""The log: acts and the history of cases, append-only and chained, and what it holds of decisive rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic

import sqlalchemy as sa

from service.domain.audit.head import ChainHead
from service.domain.proof.algorithms import algorithm_of
from service.domain.proof.audit_chain import AuditEvent, Link, append_events, event_hash, first_broken
from service.domain.proof.signing import is_same_text
from service.store.connections.database import build_upsert
from service.store.data_keys import UNREADABLE
from service.store.errors import missing
from service.store.models import ActHeadRow, ActRow, AuditRow
from service.store.models.cases import case, task
from service.store.models.columns import metadata
from service.store.models.log import act, act_head, audit
from service.store.owner import MAY_REWRITE
from service.store.queries.base import Repository, Row, row_of
from service.store.queries.rows import Rows
from service.store.row_log import (
    BESIDE_CASES,
    DECISIVE,
    MAC,
    ORDER,
    RECORDS,
    ROWS,
    every_row,
    is_unclaimed,
    mac_of,
    name_row,
    rows_of_cases,
)

CASE, BOOK = "case ", "book "
"""How the names of chains begin."""
DIGESTS = "record"  # the chain of what the program enters of decisive rows by itself, whatever request wrote them

_IN_FLIGHT = 2_000
"""Events whose numbers were given out earlier may be committed later: as many are looked at again."""

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """What one event holds of decisive rows: hash of each (None: removed), with the ``salts``.

    Of two that tell of one row the one with the greater ``order`` is the newer.
    """

    chain: str
    seq: int
    at: datetime
    actor: str
    rows: Mapping[str, str | None]
    salts: Mapping[str, str]
    order: int


@dataclass(frozen=True, slots=True)
class DecisiveRow:
    """A row of a decisive table as it stands: its name in events, and the values of its hashed columns.

    None where a column holds what it cannot hold.
    """

    table: str
    name: str
    values: tuple[object, ...] | None


class LogRepository(Repository):
    """Chains of cases (``case 12``) and of acts (``book account``)."""

    def newest_event(self) -> int:
        """Return the number of the newest event of all cases."""
        return int(self._scalar(sa.select(sa.func.coalesce(sa.func.max(audit.c.id), 0))))

    def may_be_rewritten(self) -> bool:
        """Return whether the role of this connection can change or delete events; SQLite knows no roles."""
        return self._connection.dialect.name != "postgresql" or bool(self._scalar(MAY_REWRITE))

    def ends_since(self, event: int) -> list[ChainHead]:
        """Return the ends of the cases that have events after number ``event``, and of all other chains."""
        moved = sa.select(audit.c.case_id).where(audit.c.id > event - _IN_FLIGHT)
        ends = sa.select(case.c.id, case.c.audit_seq, case.c.audit_hash).where(case.c.id.in_(moved)).order_by(case.c.id)
        books = sa.select(act_head.c.chain, act_head.c.seq, act_head.c.hash).order_by(act_head.c.chain)
        chains = ((CASE, ends), (BOOK, books))
        return [
            ChainHead(f"{prefix}{name}", seq, end)
            for prefix, statement in chains
            for name, seq, end in self._connection.execute(statement)
        ]

    def lost_ends(self, ends: Sequence[ChainHead]) -> list[ChainHead]:
        """Return those of ``ends`` whose event is not there any more, or has another hash."""
        lost: list[ChainHead] = []
        of_cases = [end for end in ends if end.chain.startswith(CASE)]
        for start in range(0, len(of_cases), _AT_ONCE):
            some = {int(end.chain.removeprefix(CASE)): end for end in of_cases[start : start + _AT_ONCE]}
            hashes = sa.select(audit.c.case_id, audit.c.seq, audit.c.hash).where(
                audit.c.case_id.in_([*some]), audit.c.seq.in_({end.seq for end in some.values()})
            )
            there = {(ident, seq): digest for ident, seq, digest in self._connection.execute(hashes)}
            lost += [end for ident, end in some.items() if there.get((ident, end.seq)) != end.hash]
        for end in (head for head in ends if not head.chain.startswith(CASE)):
            place = (act.c.chain == end.chain.removeprefix(BOOK), act.c.seq == end.seq)
            if self._scalar(sa.select(act.c.hash).where(*place)) != end.hash:
                lost.append(end)
        return lost

    def events(self, key: bytes, case_ids: Sequence[int] | None = None) -> Iterator[LoggedEvent]:
        """Yield what the program noted with ``key`` of decisive rows: in these cases, in all acts, and of rows beside cases all.

        None: in all cases, event by event, whatever the columns say by which the gate finds them.
        """
        events = sa.select(audit.c.case_id, audit.c.seq, audit.c.at, audit.c.actor, audit.c.data, audit.c.salts)
        acts = sa.select(act.c.chain, act.c.seq, act.c.at, act.c.actor, act.c.data, act.c.salts)
        if case_ids is None:
            yield from self._read_events(CASE, key, events.where(_holds_records(audit)).order_by(audit.c.id))
            yield from self._read_events(BOOK, key, acts.where(_holds_records(act)).order_by(act.c.id))
            return
        for start in range(0, len(case_ids), _AT_ONCE):
            some = audit.c.case_id.in_(case_ids[start : start + _AT_ONCE])
            yield from self._read_events(CASE, key, events.where(some, _holds_records(audit)))
        # Any case may have written rows beside cases: an award of one round is a record that the next rests on.
        for event in self._read_events(CASE, key, events.where(audit.c.beside.is_not(None)).order_by(audit.c.id)):
            beside = {name: row for name, row in event.rows.items() if name.partition(":")[0] in BESIDE_CASES}
            yield replace(event, rows=beside)
        yield from self._read_events(BOOK, key, acts.where(act.c.logged.is_not(None)).order_by(act.c.id))

    def _read_events(self, prefix: str, key: bytes, statement: sa.Select[Any]) -> Iterator[LoggedEvent]:
        return _as_events(prefix, key, self._connection.execute(statement).yield_per(_AT_ONCE))

    def rows(self, tables: Collection[str], case_ids: Sequence[int] | None = None) -> Iterator[DecisiveRow]:
        """Yield the rows of decisive tables: those of these cases (None: of all), and all of tables beside cases."""
        for table in tables:
            if case_ids is None or table in BESIDE_CASES:
                yield from self._iterate_rows(table, every_row(table))
                continue
            for start in range(0, len(case_ids), _AT_ONCE):
                yield from self._iterate_rows(table, rows_of_cases(table, case_ids[start : start + _AT_ONCE]))

    def row(self, name: str) -> DecisiveRow | None:
        """Return the row that events name so, None where it is gone."""
        table, _, key = name.partition(":")
        if table not in DECISIVE:
            return None
        columns = [*metadata.tables[table].primary_key]
        parts = key.split("/", len(columns) - 1)
        wanted = (c == c.type.python_type(part) for c, part in zip(columns, parts, strict=True))
        return next(self._iterate_rows(table, every_row(table).where(*wanted)), None)

    def holds_rows(self) -> bool:
        """Return whether any event holds the hash of a row."""
        holding = sa.exists().where(audit.c.salts.is_not(None)) | sa.exists().where(act.c.logged.is_not(None))
        return bool(self._scalar(sa.select(holding)))

    def begun_below(self, case_ids: Sequence[int]) -> list[int]:
        """Return the cases that were begun below one of these, whatever their rows say now."""
        begun = sa.select(audit.c.case_id).where(audit.c.below.in_(case_ids)).order_by(audit.c.id)
        return list(self._connection.scalars(begun))

    def drop_salts(self, case_ids: Collection[int], names: Collection[str]) -> None:
        """Forget the salts of these rows in all events: of the content that they had nothing can be tried out any more."""
        salted = sa.select(audit.c.id, audit.c.salts).where(
            audit.c.case_id.in_([*case_ids]), audit.c.salts.is_not(None)
        )
        for table, rows in ((audit, salted), (act, sa.select(act.c.id, act.c.salts).where(act.c.logged.is_not(None)))):
            for ident, salts in self._connection.execute(rows).all():
                if not {*names}.isdisjoint(salts):
                    remaining_salts = {name: salt for name, salt in salts.items() if name not in names}
                    self._connection.execute(sa.update(table).where(table.c.id == ident).values(salts=remaining_salts))

    def _iterate_rows(self, table: str, statement: sa.Select[Any]) -> Iterator[DecisiveRow]:
        key = [*metadata.tables[table].primary_key]
        width, read = len(key), 0
        try:
            with self._connection.execute(statement) as found:
                for row in found.yield_per(_AT_ONCE):
                    read += 1
                    if not is_unclaimed(table, row[width:]):
                        yield DecisiveRow(table, name_row(table, row[:width]), tuple(row[width:]))
            return
        except UNREADABLE:  # of hundreds that are read at once one is: each is read by itself
            keys = self._connection.execute(statement.with_only_columns(*key)).all()[read:]
        for ident in keys:
            one = statement.where(*(column == part for column, part in zip(key, ident, strict=True)))
            try:
                values = tuple(self._connection.execute(one).one()[width:])
            except UNREADABLE:
                yield DecisiveRow(table, name_row(table, ident), None)
                continue
            if not is_unclaimed(table, values):
                yield DecisiveRow(table, name_row(table, ident), values)


def _holds_records(events: sa.Table) -> sa.ColumnElement[bool]:
    return sa.cast(events.c.data, sa.Text).contains(f'"{RECORDS}":')


def _as_events(prefix: str, key: bytes, rows: Iterable[Any]) -> Iterator[LoggedEvent]:
    for name, seq, at, actor, data, salts in rows:
        records = data.get(RECORDS) if isinstance(data, Mapping) else None
        if not isinstance(records, Mapping) or not isinstance(records.get(ROWS), Mapping):
            continue
        order, mac = records.get(ORDER), str(records.get(MAC, ""))
        if isinstance(order, int) and is_same_text(mac, mac_of(key, records[ROWS], order, algorithm_of(mac))):
            yield LoggedEvent(f"{prefix}{name}", seq, at, actor, records[ROWS], salts or {}, order)


_NO_CASE = 0
"""Number under which acts are chained: cases count from 1."""

_ACTS_AT_ONCE = 5_000
_WINDOW = 20_000


@dataclass(frozen=True, slots=True)
class ActFilter:
    """Which acts: of ``places`` (None: all), of one ``chain``, with ``text`` in their words, by ``person_id``.

    ``by_people``: without what the program entered by itself. ``refused``: what was refused alone, or what was done.
    ``without``: leave out what this person did under this name of an act. ``case_id``: what was asked or taken of one case.
    """

    places: Collection[str] | None = None
    chain: str | None = None
    text: str = ""
    person_id: int | None = None
    since: datetime | None = None
    before_time: datetime | None = None
    by_people: bool = False
    refused: bool | None = None
    without: tuple[int, str] | None = None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class FoundPage(Generic[Row]):
    """Rows found, newest first; ``resume`` is the ``before`` to go on with, None at the beginning."""

    rows: list[Row]
    resume: int | None


def _search(
    repository: Rows[Row], where: Sequence[sa.ColumnElement[bool]], before: int | None, limit: int
) -> FoundPage[Row]:
    """Search backwards from number ``before``, `_WINDOW` rows at a time, so that rare words cost no more than common ones."""
    number = repository.table.c.id
    start = before if before is not None else int(repository._scalar(sa.select(sa.func.max(number))) or 0) + 1
    statement = sa.select(repository.table).where(number < start, number >= start - _WINDOW, *where)
    rows: list[Any] = repository._all(repository.kind, statement.order_by(number.desc()).limit(limit))
    low = rows[-1].id if len(rows) == limit else start - _WINDOW
    return FoundPage(rows, low if low > 1 else None)


class ActRepository(Rows[ActRow]):
    """Acts of people beside cases."""

    def append(self, row: ActRow) -> None:
        """Append an act at the end of its chain; other writers of that chain wait until this unit of work ends."""
        head = self._lock_head(row.chain)
        if head is None:  # of two writers at once the second waits here and finds where the first has come to
            begun = build_upsert(self._connection, act_head).values(chain=row.chain, seq=0, hash="")
            self._connection.execute(begun.on_conflict_do_nothing())
            head = self._lock_head(row.chain)
        assert head is not None
        (link,) = append_events(_NO_CASE, head.seq, head.hash, [_build_event(row)], self.digest)
        self._put(act, [replace(row, seq=link.seq, previous=link.previous, hash=link.hash)])
        self._change(sa.update(act_head).where(act_head.c.chain == row.chain), seq=link.seq, hash=link.hash)

    def _lock_head(self, chain: str) -> ActHeadRow | None:
        return self._first(ActHeadRow, sa.select(act_head).where(act_head.c.chain == chain).with_for_update())

    def verify(self, name: str) -> int | None:
        """Return the number of the first act of a chain that was changed or is missing; None when it holds.

        The chain must also end where its head says.
        """
        before, after = self._get_end(name), (0, "")
        while rows := self.select("seq", after=after[0], limit=_ACTS_AT_ONCE, chain=name):
            broken = first_broken(_NO_CASE, [_link_of_act(row) for row in rows], after=after)
            if broken is not None:
                return broken
            after = rows[-1].seq, rows[-1].hash
        now = self._get_end(name)  # others may have entered acts meanwhile
        if before[0] <= after[0] <= now[0] and all(end == after for end in (before, now) if end[0] == after[0]):
            return None
        return min(after[0], now[0]) + 1

    def _get_end(self, name: str) -> tuple[int, str]:
        head = self._first(ActHeadRow, sa.select(act_head).where(act_head.c.chain == name))
        return (0, "") if head is None else (head.seq, head.hash)

    def settled(self) -> int:
        """Return the newest act's id once nobody is entering one: from then on none comes with a smaller number.

        Ids are given out before the commit, so that of two writers the later number may be seen first.
        """
        self._connection.execute(sa.select(act_head).order_by(act_head.c.chain).with_for_update(read=True)).all()
        return int(self._scalar(sa.select(sa.func.coalesce(sa.func.max(act.c.id), 0))))

    def search(self, wanted: ActFilter, before: int | None = None, limit: int = 100) -> FoundPage[ActRow]:
        """Return the acts that fit, some 20,000 at a time."""
        return _search(self, _conditions_of_acts(wanted), before, limit)


def _link_of_act(row: ActRow) -> Link:
    return Link(row.seq, _build_event(row), row.previous, row.hash)


def _build_event(row: ActRow) -> AuditEvent:
    """Return what of a row is in its hash: everything but its numbers."""
    where = {"chain": row.chain, "jurisdiction": row.jurisdiction, "origin": row.origin, "outcome": row.outcome}
    return AuditEvent(row.at, row.actor, row.action, row.about, row.person_id, None, {**where, "data": row.data})


def _conditions_of_acts(wanted: ActFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.places is not None:
        conditions.append(act.c.jurisdiction.in_(wanted.places))
    if wanted.chain is not None:
        conditions.append(act.c.chain == wanted.chain)
    if wanted.text:
        words = (act.c.actor, act.c.about, act.c.action, act.c.origin)
        conditions.append(sa.or_(*(column.contains(wanted.text, autoescape=True) for column in words)))
    if wanted.person_id is not None:
        conditions.append(act.c.person_id == wanted.person_id)
    if wanted.by_people:
        commanded = sa.and_(act.c.origin != "", act.c.chain != DIGESTS)
        conditions.append(sa.or_(act.c.person_id.is_not(None), commanded))
    if wanted.refused is not None:
        conditions.append(act.c.outcome != "done" if wanted.refused else act.c.outcome == "done")
    if wanted.without is not None:
        person_id, action = wanted.without
        others = act.c.person_id.is_distinct_from(person_id)
        conditions.append(sa.or_(others, act.c.action != action, act.c.outcome != "done"))
    if wanted.case_id is not None:
        conditions.append(_concerns(wanted.case_id))
    if wanted.since is not None:
        conditions.append(act.c.at >= wanted.since)
    if wanted.before_time is not None:
        conditions.append(act.c.at < wanted.before_time)
    return conditions


def _concerns(case_id: int) -> sa.ColumnElement[bool]:
    """Return whether an act was asked of a case or of a task of it, or took a file out of it."""

    def number(part: str, name: str) -> sa.ColumnElement[str]:
        return sa.cast(act.c.data[(part, name)].as_string(), sa.String)

    tasks = sa.select(sa.cast(task.c.id, sa.String)).where(task.c.case_id == case_id)
    own = (("asked", "case_id"), ("asked", "round_id"), ("after", "case"))
    return sa.or_(*(number(*each) == str(case_id) for each in own), number("asked", "task_id").in_(tasks))


_LONGEST_ACTOR = 200
"""As many characters the column takes."""


class HistoryRepository(Rows[AuditRow]):
    """Audit events of cases."""

    order = "case_id seq"

    def append(self, case_id: int, seq: int, previous_hash: str, events: Sequence[AuditEvent]) -> tuple[int, str]:
        """Append events after number ``seq`` in one statement; returns the new (seq, hash) for the case row.

        Hold the case locked, and save both values with it.
        """
        links = append_events(case_id, seq, previous_hash, self._with_rows(events), self.digest)
        if not links:
            return seq, previous_hash
        below = self._scalar(sa.select(case.c.parent_id).where(case.c.id == case_id)) if seq == 0 else None
        self._put(audit, [_build_row(case_id, link, below if link.seq == 1 else None) for link in links])
        return links[-1].seq, links[-1].hash

    def _with_rows(self, events: Sequence[AuditEvent]) -> Sequence[AuditEvent]:
        """Return the events, the last with the hashes of the decisive rows that the unit of work wrote."""
        logged = self.row_log.take(self._connection) if self.row_log is not None and events else None
        if logged is None:
            return events
        last = replace(events[-1], data={**events[-1].data, RECORDS: dict(logged.data)}, salts=dict(logged.salts))
        return [*events[:-1], last]

    def record(self, case_id: int, events: Sequence[AuditEvent]) -> None:
        """Append events to a case that is not otherwise stepped: locks it, appends, saves its head; raises NotFound."""
        this = case.c.id == case_id
        locked = sa.select(case.c.audit_seq, case.c.audit_hash).where(this).with_for_update(key_share=True)
        head = self._connection.execute(locked).first()
        if head is None:
            raise missing("办件", "case", case_id)
        seq, last = self.append(case_id, *head, events)
        moved = sa.update(case).where(this).values(version=case.c.version + 1, audit_seq=seq, audit_hash=last)
        self._connection.execute(moved)

    def redact(self, row: AuditRow, event: AuditEvent) -> str:
        """Leave only the words of ``event`` of a row, whose hash stays; returns the hash of what is left of the event.

        Record an event of erasure that names it in the same unit of work, or the chain is broken.
        """
        remainder = replace(event, actor=event.actor[:_LONGEST_ACTOR])
        values = {
            "actor": remainder.actor,
            "text": remainder.text,
            "data": dict(remainder.data),
            "changed": remainder.changed,
        }
        if self._connection.dialect.name == "postgresql":  # where the program may change no event otherwise
            typed = (sa.literal(value, audit.c[name].type) for name, value in values.items())
            self._connection.execute(sa.select(sa.func.redact_event(sa.literal(row.id, audit.c.id.type), *typed)))
        else:
            self.change(row.id, **values)
        return event_hash(row.case_id, row.seq, row.previous, remainder, algorithm_of(row.hash))

    def verify(self, case_id: int) -> int | None:
        """Return the number of the first event that was changed or is missing; None when the chain holds.

        The chain must also end where the case row says it does. One statement reads both, so that nobody who is just
        writing looks like somebody who altered them.
        """
        whole = (
            sa.select(case.c.audit_seq, case.c.audit_hash, *audit.c)
            .join_from(case, audit, audit.c.case_id == case.c.id, isouter=True)
            .where(case.c.id == case_id)
            .order_by(audit.c.seq)
        )
        joined_rows = self._connection.execute(whole).all()
        if not joined_rows:
            return None
        head = tuple(joined_rows[0][:2])
        rows = [row_of(AuditRow, audit, row[2:]) for row in joined_rows if row[2] is not None]
        broken = first_broken(case_id, [_link_of_entry(row) for row in rows])
        if broken is not None:
            return broken
        last = (rows[-1].seq, rows[-1].hash) if rows else (0, "")
        return None if last == head else min(last[0], int(head[0])) + 1

    def newest(self, case_id: int, limit: int = 100) -> list[AuditRow]:
        """Return events of a case, newest first."""
        return self._all(AuditRow, _NEWEST_OF_CASE, case_id=case_id, most=limit)

    def search(
        self,
        jurisdictions: Collection[str] | None,
        text: str = "",
        before: int | None = None,
        limit: int = 100,
        *,
        since: datetime | None = None,
        before_time: datetime | None = None,
    ) -> FoundPage[AuditRow]:
        """Return the events of the cases of places (None: all) that fit, some 20,000 at a time."""
        where: list[sa.ColumnElement[bool]] = [audit.c.at >= since] if since is not None else []
        where += [audit.c.at < before_time] if before_time is not None else []
        if text:
            named = sa.exists().where(case.c.id == audit.c.case_id, case.c.title.contains(text, autoescape=True))
            where.append(sa.or_(named, *(c.contains(text, autoescape=True) for c in (audit.c.text, audit.c.actor))))
        if jurisdictions is not None:
            where.append(sa.exists().where(case.c.id == audit.c.case_id, case.c.jurisdiction.in_(jurisdictions)))
        return _search(self, where, before, limit)

    def newest_at(self) -> datetime | None:
        """Return when the newest event of all was noted; None where there is none."""
        newest: datetime | None = self._scalar(sa.select(audit.c.at).order_by(audit.c.id.desc()).limit(1))
        return newest


_NEWEST_OF_CASE = HistoryRepository.write("-seq", case_id=sa.bindparam("case_id")).limit(
    sa.bindparam("most", None, sa.Integer)
)


def _build_row(case_id: int, link: Link, below: int | None) -> AuditRow:
    event = link.event
    return AuditRow(
        case_id=case_id,
        seq=link.seq,
        at=event.at,
        actor=event.actor,
        person_id=event.person_id,
        action=event.action,
        element=event.element,
        text=event.text,
        data=dict(event.data),
        previous=link.previous,
        hash=link.hash,
        salts=event.salts,
        changed=event.changed,
        beside=_count_beside(event) or None,
        below=below,
    )


def _count_beside(event: AuditEvent) -> int:
    """Return how many decisive rows that belong to no case an event tells of."""
    rows = event.data.get(RECORDS, {}).get(ROWS, {}) if event.salts is not None else {}
    return sum(name.partition(":")[0] in BESIDE_CASES for name in rows)


def event_of(row: AuditRow) -> AuditEvent:
    """Return the event that a row holds."""
    return AuditEvent(row.at, row.actor, row.action, row.text, row.person_id, row.element, row.data, row.changed)


def _link_of_entry(row: AuditRow) -> Link:
    return Link(row.seq, event_of(row), row.previous, row.hash)
