"""The history of cases: append-only and chained."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from service.domain.proof.algorithms import algorithm_of
from service.domain.proof.audit_chain import AuditEvent, Link, chain, event_hash, first_broken
from service.store.connections.prepared import fetch
from service.store.decisive import BESIDE_CASES
from service.store.errors import missing
from service.store.repositories.base import Repository, rows_of
from service.store.row_log import RECORDS, ROWS
from service.store.rows import AuditRow
from service.store.rows.cases import case
from service.store.rows.history import audit

_WINDOW = 20_000
"""A search looks at this many events at a time, so that rare words cost no more than common ones."""

_LONGEST_ACTOR = 200
"""As many characters the column takes."""

_THIS = case.c.id == sa.bindparam("case")
_ABOVE = sa.select(case.c.parent_id).where(_THIS)
_HEAD_LOCKED = sa.select(case.c.audit_seq, case.c.audit_hash).where(_THIS).with_for_update(key_share=True)
_HEAD_MOVED = sa.update(case).where(_THIS).values(version=case.c.version + 1)
_NEWEST = (
    sa.select(audit)
    .where(audit.c.case_id == sa.bindparam("case"))
    .order_by(audit.c.seq.desc())
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_NEWEST_BEFORE = _NEWEST.where(audit.c.seq < sa.bindparam("before"))
_HEAD = 2
"""So many columns of each row are of the head of a chain."""
_OLDEST = sa.select(audit).where(audit.c.case_id == sa.bindparam("case")).order_by(audit.c.seq)
_WHOLE_AND_HEAD = (
    sa.select(case.c.audit_seq, case.c.audit_hash, *audit.c)
    .select_from(case.outerjoin(audit, audit.c.case_id == case.c.id))
    .where(_THIS)
    .order_by(audit.c.seq)
)
_CHANGED, _CHANGED_BEFORE = (one.where(audit.c.changed.is_not(None)) for one in (_NEWEST, _NEWEST_BEFORE))


@dataclass(frozen=True, slots=True)
class SearchPage:
    """Events found, newest first; ``resume`` is the ``before`` to go on with, None at the beginning of history."""

    rows: list[AuditRow]
    resume: int | None


class HistoryRepository(Repository):
    """Audit events of cases."""

    def append(self, case_id: int, seq: int, previous_hash: str, events: Sequence[AuditEvent]) -> tuple[int, str]:
        """Append events after number ``seq`` in one statement; returns the new (seq, hash) for the case row.

        Hold the case locked, and save both values with it.
        """
        links = chain(case_id, seq, previous_hash, self._with_rows(events), self.digest)
        if not links:
            return seq, previous_hash
        below = self._scalar(_ABOVE, case=case_id) if seq == 0 else None
        self._put(audit, [_row(case_id, link, below if link.seq == 1 else None) for link in links])
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
        _, found = fetch(self._connection, _HEAD_LOCKED, {"case": case_id})
        if not found:
            raise missing("办件", "case", case_id)
        seq, last = self.append(case_id, found[0][0], found[0][1], events)
        self._change(_HEAD_MOVED, case=case_id, audit_seq=seq, audit_hash=last)

    def redact(self, row: AuditRow, event: AuditEvent) -> str:
        """Leave only the words of ``event`` of a row, whose hash stays; returns the hash of what is left of the event.

        Record an event of erasure that names it in the same unit of work, or the chain is broken.
        """
        left = replace(event, actor=event.actor[:_LONGEST_ACTOR])
        values = {"actor": left.actor, "text": left.text, "data": dict(left.data), "changed": left.changed}
        if self._connection.dialect.name == "postgresql":  # where the program may change no event otherwise
            typed = (sa.literal(value, audit.c[name].type) for name, value in values.items())
            self._connection.execute(sa.select(sa.func.redact_event(sa.literal(row.id, audit.c.id.type), *typed)))
        else:
            self._alter(audit, row.id, values)
        return event_hash(row.case_id, row.seq, row.previous, left, algorithm_of(row.hash))

    def verify(self, case_id: int) -> int | None:
        """Return the number of the first event that was changed or is missing; None when the chain holds.

        The chain must also end where the case row says it does. One statement reads both, so that nobody who is just
        writing looks like somebody who altered them.
        """
        found = self._told_rows(_WHOLE_AND_HEAD, case=case_id)
        if not found:
            return None
        head = tuple(found[0][:_HEAD])
        rows = rows_of(AuditRow, tuple(audit.c.keys()), [row[_HEAD:] for row in found if row[_HEAD] is not None])
        broken = first_broken(case_id, [_link(row) for row in rows])
        if broken is not None:
            return broken
        last = (rows[-1].seq, rows[-1].hash) if rows else (0, "")
        return None if last == head else min(last[0], int(head[0])) + 1

    def whole(self, case_id: int) -> list[AuditRow]:
        """Return every event of a case, oldest first."""
        return self._all(AuditRow, _OLDEST, case=case_id)

    def of_case(self, case_id: int, limit: int = 100, before: int | None = None) -> list[AuditRow]:
        """Return events of a case, newest first; ``before`` is the last seq of the page above."""
        bound = {} if before is None else {"before": before}
        return self._all(AuditRow, _NEWEST_BEFORE if bound else _NEWEST, case=case_id, most=limit, **bound)

    def with_changes(self, case_id: int, limit: int, before: int | None = None) -> list[AuditRow]:
        """Return the events of a case beside which changes of facts stand, newest first; ``before`` as in `of_case`."""
        bound = {} if before is None else {"before": before}
        return self._all(AuditRow, _CHANGED_BEFORE if bound else _CHANGED, case=case_id, most=limit, **bound)

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


def _row(case_id: int, link: Link, below: int | None) -> AuditRow:
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


def _link(row: AuditRow) -> Link:
    return Link(row.seq, event_of(row), row.previous, row.hash)
