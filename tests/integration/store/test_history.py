from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from service.store import AuditEvent, Store, Transaction
from tests.support import records
from tests.support.records import NOON


def event(text: str, **changes: object) -> AuditEvent:
    return AuditEvent(**{"at": NOON, "actor": "李", "action": "accept", "text": text, **changes})  # type: ignore[arg-type]


def append(tx: Transaction, case_id: int, *texts: str) -> None:
    row = tx.cases.lock(case_id)
    events = [event(text, data={"分数": 61.5, "n": [1, None]}) for text in texts]
    seq, last = tx.history.append(case_id, row.audit_seq, row.audit_hash, events)
    tx.cases.save(row, audit_seq=seq, audit_hash=last)


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE audit SET text = '改' WHERE seq = 2", 2),
        ("UPDATE audit SET actor = '王' WHERE seq = 1", 1),
        ("DELETE FROM audit WHERE seq = 2", 2),
        ("DELETE FROM audit WHERE seq = 3", 3),
        ("UPDATE audit SET at = '2026-03-02 05:00:00.000000' WHERE seq = 3", 3),
    ],
)
def test_tampering_is_found_where_it_happened(
    sqlite_url: str, open_store: Callable[[str], Store], tampering: str, broken: int
) -> None:
    store = open_store(sqlite_url)
    with store.write() as tx:
        case_id = records.case(tx)
        append(tx, case_id, "一", "二", "三")
    engine = sa.create_engine(sqlite_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(tampering)
    engine.dispose()
    with store.read() as tx:
        assert tx.history.verify(case_id) == broken
