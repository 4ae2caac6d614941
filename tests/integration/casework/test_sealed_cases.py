"""What stands in the row of a case beside its state is the program's own, or the case does not go on by it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import StateAltered
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.digests.accept_state import accept_state
from service.casework.digests.before import record_before
from service.casework.people.seals.row_seals import seal_rows
from service.casework.retention.erase import ask_erasures
from service.casework.step.history import note
from service.casework.tasks.complete import complete_task
from service.store.rows.cases import case as cases
from service.store.seals.state_seal import _bound, digest_of_state, is_own_case
from service.store.seals.written import told_at
from tests.integration.casework.test_retention import LATE
from tests.integration.casework.test_state_seals import executed, faults, go_on, incidents
from tests.support.desks import PACKAGE, Bench

pytestmark = pytest.mark.share(2)

FORGED: dict[str, Any] = {
    "facts": {"tier": "quality"},
    "parameters": {"vote_threshold": "> 1/10"},
    "status": "suspended",
    "title": "另一个名称",
    "outcome": "awarded",
    "started_by": 5,
    "number": "2030-1",
}


@pytest.fixture
def case(bench: Bench) -> int:
    """A case that has gone one step, in an installation whose seals have begun."""
    seal_rows(bench.desk, SYSTEM)
    record_before(bench.desk, SYSTEM)
    return start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})


def column_of(desk: Desk, case: int, name: str) -> Any:
    with desk.store.read() as tx:
        return getattr(tx.cases.get(case), name)


def write(desk: Desk, case: int, **values: Any) -> None:
    """Write columns as somebody does who has the database alone."""
    with desk.store.write() as tx:
        tx._connection.execute(sa.update(cases).where(cases.c.id == case).values(values))


def bear_the_seal_of_before(desk: Desk, case: int) -> None:
    """Give a case the seal that a program gave before the row was bound."""
    assert desk.store.key_of_digests is not None
    key = desk.store.key_of_digests()
    with desk.store.read() as tx:
        row = tx.cases.get(case)
    write(
        desk,
        case,
        state_seal=_bound(key, case, digest_of_state(key, case, row.state), row.audit_seq, row.audit_hash),
    )


def forget_the_beginning(desk: Desk, case: int) -> None:
    """Leave of the first record of a case what a program recorded that knew no digests of when and by whom it began."""
    assert desk.store.key_of_digests is not None
    with desk.store.write() as tx:
        for entry in tx.history.whole(case):
            told = entry.data.get("records")
            if told:
                rows = {
                    name: {c: d for c, d in digests.items() if not c.startswith("started_") and c != "title"}
                    for name, digests in told["rows"].items()
                }
                data = {**entry.data, "records": told_at(desk.store.key_of_digests(), entry.at, rows)}
                tx._connection.execute(
                    sa.text("update audit set data = :data where id = :id"),
                    {"data": json.dumps(data, ensure_ascii=False, separators=(",", ":")), "id": entry.id},
                )


def is_own(desk: Desk, case: int) -> bool:
    assert desk.store.key_of_digests is not None
    with desk.store.read() as tx:
        return is_own_case(desk.store.key_of_digests(), tx.cases.get(case))


@pytest.mark.parametrize("kind", ["own", "of before", "none"])
@pytest.mark.parametrize("column", FORGED)
def test_a_column_written_beside_the_program_is_refused_and_named(
    bench: Bench, case: int, column: str, kind: str
) -> None:
    desk, before = bench.desk, column_of(bench.desk, case, column)
    if kind == "of before":
        bear_the_seal_of_before(desk, case)
    write(desk, case, **{column: FORGED[column], **({"state_seal": None} if kind == "none" else {})})
    if column != "status":
        with pytest.raises(StateAltered, match="请联系审计管理员"):
            go_on(bench, case)
        (found,) = incidents(desk, case)
        assert f"第{case}行）的 {column} 不是本系统最后保存的" in found.what["zh"]
        assert str(FORGED[column]) not in json.dumps(found.what, ensure_ascii=False)
    assert any(f"column {column} in row {case} of table case_instance" in one for one in faults(desk)), (
        "where it is left"
    )
    write(desk, case, **{column: before})
    go_on(bench, case)
    assert column_of(desk, case, column) == before or column in ("facts", "title")
    assert faults(desk) == []
    assert is_own(desk, case)


@pytest.mark.parametrize("recorded", [True, False])
def test_a_case_does_not_begin_later_than_it_did(bench: Bench, case: int, recorded: bool) -> None:
    desk, before = bench.desk, column_of(bench.desk, case, "started_at")
    write(desk, case, started_at=before.replace(year=2030))
    with pytest.raises(StateAltered):
        go_on(bench, case)
    if not recorded:
        write(desk, case, started_at=before)
        forget_the_beginning(desk, case)
        write(desk, case, started_at=before.replace(year=2030))
    with pytest.raises(StateAltered):
        go_on(bench, case)
    (found,) = incidents(desk, case)
    assert "started_at" in found.what["zh"]


@pytest.mark.parametrize("begun", [True, False])
def test_a_case_that_a_program_of_before_saved_goes_on(bench: Bench, begun: bool) -> None:
    desk = bench.desk
    if begun:
        seal_rows(desk, SYSTEM)
        record_before(desk, SYSTEM)
    ident = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    bear_the_seal_of_before(desk, ident)
    with desk.store.write() as tx:
        note(desk, tx, ident, SYSTEM, "note", "备注")
    assert len(column_of(desk, ident, "state_seal")) == 24, "it moves with the history and stays what it is"
    assert faults(desk) == []
    go_on(bench, ident)
    assert is_own(desk, ident)
    assert faults(desk) == []
    assert incidents(desk, ident) == []


def test_what_was_accepted_of_a_row_goes_on_record(bench: Bench, case: int) -> None:
    desk = bench.desk
    write(desk, case, facts={"tier": "quality"})
    with pytest.raises(StateAltered):
        go_on(bench, case)
    accept_state(desk, SYSTEM, case, "备份已失，监督机构核对过")
    assert faults(desk) == []
    with desk.store.read() as tx:
        assert "存储的facts曾在系统之外被改动" in tx.history.of_case(case)[0].text
    go_on(bench, case)


def test_an_erasure_renews_the_seal_of_what_it_leaves_and_of_nothing_else(bench: Bench, case: int) -> None:
    desk = bench.desk
    for actor, form in (
        (bench.applicant, {"founded_on": "2010-05-01", "contact": "张三丰"}),
        (bench.office, {"decision": "fail", "reason": "张三丰未补材料"}),
    ):
        [task] = bench.tasks(case)
        complete_task(desk, actor, task.id, task.version, form)
    bench.drain()
    bench.clock.move_to(LATE)
    ask_erasures(desk, bench.office, [case], "期满")
    bench.drain()
    assert "张三丰" not in json.dumps(column_of(desk, case, "facts"), ensure_ascii=False)
    assert is_own(desk, case)
    assert faults(desk) == []
    executed(desk, f"update case_instance set outcome = 'awarded' where id = {case}")
    assert not is_own(desk, case)
