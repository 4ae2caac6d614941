"""The history of cases: append-only and chained."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from service.domain.proof.algorithms import algorithm_of
from service.domain.proof.audit_chain import AuditEvent, Link, chain, event_hash, first_broken
from service.store.connections.prepared import fetch
from service.store.errors import missing
from service.store.repositories.base import rows_of
from service.store.repositories.proof.marks import ends_elsewhere, first_unkeyed, marked_head, with_mark
from service.store.repositories.readable_rows import ReadableRows
from service.store.rows import AuditRow
from service.store.rows.cases import case
from service.store.rows.history import audit
from service.store.seals.altered import HistoryAltered
from service.store.seals.entry_macs import CASE
from service.store.seals.state_seal import moved_seal
from service.store.seals.unreadable import UNREADABLE
from service.store.seals.written import RECORDS

_WINDOW = 20_000
"""A search looks at this many events at a time, so that rare words cost no more than common ones."""

_LONGEST_ACTOR = 200
"""As many characters the column takes."""

_THIS = case.c.id == sa.bindparam("case")
_HEAD_LOCKED = (
    sa.select(case.c.audit_seq, case.c.audit_hash, case.c.state_seal).where(_THIS).with_for_update(key_share=True)
)
_HEAD_MOVED = sa.update(case).where(_THIS).values(version=case.c.version + 1)
_NEWEST = (
    sa.select(audit)
    .where(audit.c.case_id == sa.bindparam("case"))
    .order_by(audit.c.seq.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_NEWEST_BEFORE = _NEWEST.where(audit.c.seq < sa.bindparam("before"))
_HEAD = 5
"""So many columns of each row are of the head of a chain and of its mark, see `with_mark`."""
_OLDEST = sa.select(audit).where(audit.c.case_id == sa.bindparam("case")).order_by(audit.c.seq)
_WHOLE_AND_HEAD = (
    with_mark(case.outerjoin(audit, audit.c.case_id == case.c.id), case.c.audit_seq, case.c.audit_hash)
    .add_columns(*audit.c)
    .where(_THIS)
    .order_by(audit.c.seq)
)
_CHANGED, _CHANGED_BEFORE = (one.where(audit.c.changed.is_not(None)) for one in (_NEWEST, _NEWEST_BEFORE))


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Events found, newest first; ``resume`` is the ``before`` to go on with, None at the beginning of history."""

    rows: list[AuditRow]
    resume: int | None


class HistoryRepository(ReadableRows):
    """Audit events of cases."""

    def append(self, case_id: int, seq: int, previous_hash: str, events: Sequence[AuditEvent]) -> tuple[int, str]:
        """Append events after number ``seq`` in one statement; returns the new (seq, hash) for the case row.

        Hold the case locked, and save both values with it.
        """
        links = chain(case_id, seq, previous_hash, self._with_digests(events), self.digest)
        if not links:
            return seq, previous_hash
        self._put(audit, [_row(case_id, link, self._mac(f"{CASE}{case_id}", link.seq, link.hash)) for link in links])
        return links[-1].seq, links[-1].hash

    def _with_digests(self, events: Sequence[AuditEvent]) -> Sequence[AuditEvent]:
        """Return the events, the last with the digests of what the unit of work wrote into deciding tables."""
        told = self.written.take(self._connection, events[-1].at) if self.written is not None and events else {}
        return [*events[:-1], replace(events[-1], data={**events[-1].data, RECORDS: told})] if told else events

    def record(self, case_id: int, events: Sequence[AuditEvent]) -> None:
        """Append events to a case that is not otherwise stepped: locks it, appends, saves its head; raises NotFound."""
        _, found = fetch(self._connection, _HEAD_LOCKED, {"case": case_id})
        if not found:
            raise missing("办件", "case", case_id)
        seq, last = self.append(case_id, found[0][0], found[0][1], events)
        seal: str | None = found[0][2]
        if seal is not None and self.written is not None and self.written.key is not None:
            seal = moved_seal(self.written.key(), case_id, seal, (found[0][0], found[0][1]), (seq, last))
        self._change(_HEAD_MOVED, case=case_id, audit_seq=seq, audit_hash=last, state_seal=seal)

    def redact(self, row: AuditRow, event: AuditEvent) -> str:
        """Leave only the words of ``event`` of a row, whose hash stays; returns the hash of what is left of the event.

        Record an event of erasure that names it in the same unit of work, or the chain is broken.
        """
        left = replace(event, actor=event.actor[:_LONGEST_ACTOR])
        values = {"actor": left.actor, "text": left.text, "data": dict(left.data), "changed": left.changed}
        self._alter(audit, row.id, values)
        return event_hash(row.case_id, row.seq, row.previous, left, algorithm_of(row.hash))

    def verify(self, case_id: int) -> int | None:
        """Return the number of the first event that was changed, is missing or was added by others; None when the chain holds.

        The chain must also end where the case row says it does.
        """
        return self._verified(case_id)[1]

    def sound(self, case_id: int) -> list[AuditRow]:
        """Return every event of a case, oldest first, to what decides by them; raises HistoryAltered where `verify` finds one.

        One statement reads them with their head, so that nobody who is just writing looks like somebody who altered them.
        """
        rows, broken = self._verified(case_id)
        if broken is not None:
            raise HistoryAltered(case_id, broken)
        return rows

    def _verified(self, case_id: int) -> tuple[list[AuditRow], int | None]:
        """Return the events of a case, oldest first, and the number of the first that does not hold."""
        name = f"{CASE}{case_id}"
        try:
            found = self._told_rows(_WHOLE_AND_HEAD, case=case_id, chain=name)
        except UNREADABLE:
            rows, spoilt = self._until_unreadable(AuditRow, audit, _OLDEST, case=case_id)
            if spoilt is None:
                raise
            return rows, spoilt
        head, mark = marked_head(self.seals, name, [row[:_HEAD] for row in found[:1]])
        there = [row[_HEAD:] for row in found if row[_HEAD] is not None]
        rows = rows_of(AuditRow, tuple(audit.c.keys()), there)
        broken = (
            first_broken(case_id, [_link(row) for row in rows]),
            first_unkeyed(self.seals, name, [(row.seq, row.hash, row.mac) for row in rows], mark),
            ends_elsewhere((rows[-1].seq, rows[-1].hash) if rows else (0, ""), head, mark),
        )
        return rows, min((seq for seq in broken if seq is not None), default=None)

    def whole(self, case_id: int) -> list[AuditRow]:
        """Return every event of a case, oldest first."""
        return self._all(AuditRow, _OLDEST, case=case_id)

    def of_action(self, action: str) -> list[AuditRow]:
        """Return every event of one action, of all cases, oldest first: for actions that are rare."""
        return self._all(AuditRow, sa.select(audit).where(audit.c.action == action).order_by(audit.c.id))

    def of_case(self, case_id: int, limit: int = 100, before: int | None = None) -> list[AuditRow]:
        """Return events of a case, newest first; ``before`` is the last seq of the page above."""
        bound = {} if before is None else {"before": before}
        return self._all(AuditRow, _NEWEST_BEFORE if bound else _NEWEST, case=case_id, most=limit, **bound)

    def with_changes(self, case_id: int, limit: int, before: int | None = None) -> list[AuditRow]:
        """Return the events of a case beside which changes of facts stand, newest first; ``before`` as in `of_case`."""
        bound = {} if before is None else {"before": before}
        return self._all(AuditRow, _CHANGED_BEFORE if bound else _CHANGED, case=case_id, most=limit, **bound)

    def first_at(self, case_id: int) -> datetime | None:
        """Return when the first event of a case was noted; None where there is none."""
        first = sa.select(audit.c.at).where(audit.c.case_id == case_id).order_by(audit.c.seq).limit(1)
        found = self._connection.execute(first).first()
        return found[0] if found else None

    def newest_at(self) -> datetime | None:
        """Return when the newest event of all was noted; None where there is none."""
        found = self._connection.execute(sa.select(audit.c.at).order_by(audit.c.id.desc()).limit(1)).first()
        return found[0] if found else None

    def search(
        self,
        jurisdictions: Collection[str] | None = None,
        text: str = "",
        action: str | None = None,
        person_id: int | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> SearchPage:
        """Search all histories backwards from event id ``before``, 20,000 events at a time."""
        start = before if before is not None else int(self._scalar(_newest_id())) + 1
        window = sa.and_(audit.c.id < start, audit.c.id >= start - _WINDOW)
        statement = sa.select(audit).where(window, *_conditions(text, action, person_id))
        if jurisdictions is not None:
            statement = statement.join(case, case.c.id == audit.c.case_id)
            statement = statement.where(case.c.jurisdiction.in_(jurisdictions))
        rows = self._all(AuditRow, statement.order_by(audit.c.id.desc()).limit(limit))
        low = rows[-1].id if len(rows) == limit else start - _WINDOW
        return SearchPage(rows, low if low > 1 else None)


def _newest_id() -> sa.Select[int]:
    return sa.select(sa.func.coalesce(sa.func.max(audit.c.id), 0))


def _conditions(text: str, action: str | None, person_id: int | None) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if text:
        found = (audit.c.text, audit.c.actor)
        conditions.append(sa.or_(*(column.contains(text, autoescape=True) for column in found)))
    if action is not None:
        conditions.append(audit.c.action == action)
    if person_id is not None:
        conditions.append(audit.c.person_id == person_id)
    return conditions


def _row(case_id: int, link: Link, mac: str) -> AuditRow:
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
        mac=mac,
        changed=event.changed,
    )


def event_of(row: AuditRow) -> AuditEvent:
    """Return the event that a row holds."""
    return AuditEvent(row.at, row.actor, row.action, row.text, row.person_id, row.element, row.data, row.changed)


def _link(row: AuditRow) -> Link:
    return Link(row.seq, event_of(row), row.previous, row.hash)
