"""A receipt opens a case to whom the program gave it, and a notice ends with the objections that came in, whoever writes the database."""

from __future__ import annotations

import hashlib

import pytest

from service.casework.access.actor import SYSTEM, Actor, Seat
from service.casework.access.altered_state import ALTERED_ROW, RowAltered, reporting
from service.casework.digests.before import record_beside
from service.casework.due.retry_incident import retry_incident
from service.casework.public.act import act_publicly
from service.casework.public.view_receipt import open_reply, view_receipt
from service.casework.records.compare import LATER, WHOLE
from service.casework.simulate.stage.stage import PlayState
from service.store.rows.submissions import form_result
from service.store.seals.state_seal import STATES_WHOLE
from tests.integration.objections.test_escalation import until
from tests.integration.objections.test_lodging import VISITOR, lodge, winners
from tests.support.first_start import first_start
from tests.support.soundness import faults_of

ADMIN = Actor(None, "管理员", (Seat("*", "administrator", 1, "office", "办公室", "office"),))
THEIRS = "A2" * 12
HASH = hashlib.sha256(f"laurel receipt {THEIRS}".encode()).hexdigest()


def sql(stage: PlayState, statement: str) -> None:
    with stage.desk.store.write() as tx:
        tx._connection.exec_driver_sql(statement)


def incidents(stage: PlayState) -> set[str]:
    with stage.desk.store.read() as tx:
        return {one.kind for one in tx.incidents.list_open()}


def test_nobody_opens_an_objection_by_a_code_that_they_wrote(stage: PlayState) -> None:
    first_start(stage.desk)
    given = lodge(stage)
    assert view_receipt(stage.desk, VISITOR, given.code, "home").number == given.number
    sql(stage, f"update receipt set code_hash = '{HASH}'")
    for attempt in (
        lambda: view_receipt(stage.desk, VISITOR, THEIRS, "home"),
        lambda: act_publicly(stage.desk, VISITOR, THEIRS, "withdraw", {}, "home"),
        lambda: open_reply(stage.desk, VISITOR, THEIRS, 1, "home"),
    ):
        with pytest.raises(RowAltered, match="回执"):
            reporting(lambda: stage.desk, attempt)
    assert incidents(stage) == {ALTERED_ROW}
    assert any(f"column code_hash in row {given.case_id} of table receipt" in said for said in faults_of(stage.desk))


def test_nobody_gives_out_a_receipt_of_a_case_by_writing_one(stage: PlayState) -> None:
    first_start(stage.desk)
    case = stage.case("甲")
    sql(
        stage, f"insert into receipt (case_id, number, code_hash, issued_at) select {case}, '1', '{HASH}', '2026-03-02'"
    )
    with pytest.raises(RowAltered):
        view_receipt(stage.desk, VISITOR, THEIRS, "home")


def test_an_objection_that_came_in_is_not_taken_off_its_notice(stage: PlayState) -> None:
    first_start(stage.desk)
    until(stage, 3)
    lodge(stage)
    sql(stage, f"update notice set objections = 0 where id = {winners(stage)}")
    until(stage, 20)
    with stage.desk.store.read() as tx:
        (told,) = tx.incidents.list_open()
        assert (told.case_id, tx.notices.get(winners(stage)).state) == (stage.case("届"), "running")
    assert "notice" in told.detail
    sql(stage, f"update notice set objections = 1 where id = {winners(stage)}")
    retry_incident(stage.desk, ADMIN, told.id)
    stage.drain()
    with stage.desk.store.read() as tx:
        assert (tx.notices.get(winners(stage)).state, tx.incidents.list_open()) == ("closed", [])


def test_the_next_objection_is_counted_beside_those_that_somebody_took_off(stage: PlayState) -> None:
    first_start(stage.desk)
    until(stage, 3)
    lodge(stage)
    sql(stage, f"update notice set objections = -1 where id = {winners(stage)}")
    lodge(stage, "乙")
    with stage.desk.store.read() as tx:
        assert tx.notices.get(winners(stage)).objections == 2
    assert faults_of(stage.desk) == []


def test_receipts_and_columns_of_a_program_before_are_taken_once_and_nothing_else(quick: PlayState) -> None:
    desk, case = quick.desk, quick.case("甲")
    for name in (WHOLE, STATES_WHOLE):
        desk.ballot_keys.secret(name)
    given = lodge(quick)
    sql(
        quick, f"insert into receipt (case_id, number, code_hash, issued_at) select {case}, '1', '{HASH}', '2026-03-02'"
    )
    sql(
        quick,
        "insert into form_result select 99, "
        + ", ".join(c.name for c in form_result.c if c.name != "id")
        + " from form_result limit 1",
    )
    assert record_beside(desk, SYSTEM) == 1
    assert desk.store.seals is not None
    desk.store.seals.begin()
    assert record_beside(desk, SYSTEM) == 0
    assert desk.ballot_keys.known_secret(LATER) is not None
    for code in (given.code, THEIRS):
        view_receipt(desk, VISITOR, code, "home")
    assert [said for said in faults_of(desk) if "row 99 of table form_result is in no record" in said]
    sql(quick, f"delete from receipt where case_id = {case}")
    sql(
        quick,
        f"insert into receipt (case_id, number, code_hash, issued_at) select {quick.case('乙')}, '1', '{HASH}', '2026-03-02'",
    )
    assert record_beside(desk, SYSTEM) == 0
    with pytest.raises(RowAltered):
        view_receipt(desk, VISITOR, THEIRS, "home")
