"""Rows that tests of other things need to have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.store import Transaction
from service.store.models import CaseMoveRow, CaseRow, DefinitionRow, MembershipRow, PersonRow, RecusalRow, TaskRow
from service.store.models.interventions import case_move

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
"""12:00 on a Monday in Shanghai."""

DAY = timedelta(days=1)


def definition(tx: Transaction, version: str = "v1", package: str = "city/award") -> str:
    tx.definitions.insert_new(
        DefinitionRow(version=version, package=package, content=b"", published_at=NOON, published_by="test")
    )
    return version


def body(tx: Transaction, key: str = "office", jurisdiction: str = "city", roles: Iterable[str] = ()) -> int:
    return tx.bodies.upsert(jurisdiction, key, kind="authority", name=f"单位 {key}", roles=list(roles))


def person(tx: Transaction, login: str = "li", **columns: Any) -> int:
    return tx.people.insert(PersonRow(**{"login": login, "name": login, "created_at": NOON, **columns}))


def hold_seat(
    tx: Transaction, person_id: int, body_id: int, jurisdiction: str, role: str, since: datetime, **columns: Any
) -> int:
    fixed = {"person_id": person_id, "body_id": body_id, "jurisdiction": jurisdiction, "role": role, "since": since}
    return tx.memberships.give(MembershipRow(**fixed, **columns))


def keep_away(
    tx: Transaction,
    place: str,
    person_id: int,
    body_id: int | None,
    case_id: int,
    reason: str,
    at: datetime,
    **columns: Any,
) -> None:
    fixed = {"jurisdiction": place, "person_id": person_id, "body_id": body_id, "case_id": case_id, "source": "record"}
    tx.recusals.insert_new(RecusalRow(**{**fixed, "reason": reason, "decided_at": at, **columns}))


def case(tx: Transaction, **columns: Any) -> int:
    fixed = {
        "definition": columns.pop("definition", None) or definition(tx),
        "jurisdiction": "city",
        "award": "award",
        "process": "application",
        "title": "甲公司申报",
        "state": b"\x00engine",
        "started_at": NOON,
        "changed_at": NOON,
    }
    return tx.cases.insert(CaseRow(**{**fixed, **columns}))


def task(case_id: int, **columns: Any) -> TaskRow:
    """A task, for ``tx.tasks.insert_many``."""
    fixed: dict[str, Any] = {
        "case_id": case_id,
        "engine_id": "e1",
        "process_id": "Application",
        "element": "Accept",
        "title": "受理",
        "subject": "甲公司",
        "jurisdiction": "city",
        "role": "office",
        "created_at": NOON,
    }
    return TaskRow(**{**fixed, **columns})


def subject(tx: Transaction, case_id: int, body_id: int) -> None:
    """Let a case be about an organisation."""
    tx.cases.save(tx.cases.lock(case_id), subject_id=body_id)


def last_move_of(tx: Transaction, case_id: int) -> CaseMoveRow | None:
    """Return the newest move of a case that was carried out and not undone."""
    carried = (case_move.c.case_id == case_id, case_move.c.before.is_not(None))
    newest = tx._connection.execute(sa.select(sa.func.max(case_move.c.id)).where(*carried)).scalar()
    return None if newest is None else tx.moves.get(newest)
