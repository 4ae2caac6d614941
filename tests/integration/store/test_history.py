from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from service.domain.errors import NotFound
from service.store import AuditEvent, Store, Transaction
from tests.support import records
from tests.support.records import DAY, NOON


def event(text: str, **changes: object) -> AuditEvent:
    return AuditEvent(**{"at": NOON, "actor": "李", "action": "accept", "text": text, **changes})  # type: ignore[arg-type]


def append(tx: Transaction, case_id: int, *texts: str) -> None:
    row = tx.cases.lock(case_id)
    events = [event(text, data={"分数": 61.5, "n": [1, None]}) for text in texts]
    seq, last = tx.history.append(case_id, row.audit_seq, row.audit_hash, events)
    tx.cases.save(row, audit_seq=seq, audit_hash=last)


def test_events_are_chained_and_cost_one_statement(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        append(tx, case_id, "一", "二")
        with store.statements() as sent:
            tx.history.append(case_id, 2, "x", [event("a"), event("b")])
        assert len(sent) == 1
        assert [row.text for row in tx.history.of_case(case_id, limit=2)] == ["b", "a"]
        assert [row.text for row in tx.history.of_case(case_id, before=3)] == ["二", "一"]


def test_a_chain_that_nobody_touched_verifies(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        assert tx.history.verify(case_id) is None
        append(tx, case_id, "一", "二")
        tx.history.record(case_id, [event("三", at=NOON + DAY)])
    with store.read() as tx:
        assert tx.history.verify(case_id) is None
        assert tx.cases.get(case_id).audit_seq == 3


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


def test_histories_are_searched_across_cases(store: Store) -> None:
    with store.write() as tx:
        here = records.case(tx)
        there = records.case(tx, definition="v1", jurisdiction="county")
        append(tx, here, "受理", "公示")
        tx.history.record(there, [event("受理", person_id=7, action="other")])

        def found(**chosen: object) -> list[tuple[int, int]]:
            return [(row.case_id, row.seq) for row in tx.history.search(**chosen).rows]  # type: ignore[arg-type]

        assert found(text="受理") == [(there, 1), (here, 1)]
        assert found(jurisdictions=["city"]) == [(here, 2), (here, 1)]
        assert found(person_id=7) == found(action="other") == [(there, 1)]
        page = tx.history.search(limit=1)
        assert page.resume is not None
        assert tx.history.search(before=page.resume, limit=5).resume is None


def test_a_history_needs_its_case(store: Store) -> None:
    with store.write() as tx, pytest.raises(NotFound):
        tx.history.record(99, [event("一")])
