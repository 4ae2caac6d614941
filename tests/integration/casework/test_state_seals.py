"""A stored state that somebody wrote beside the program is refused, an incident says so, and a repair goes on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import ALTERED, StateAltered
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.digests.accept_state import accept_state
from service.casework.digests.before import record_before
from service.casework.due.begin_epoch import begin_epoch
from service.casework.due.retry_incident import retry_incident
from service.casework.records.compare import SECRET, WHOLE
from service.casework.records.signed_heads import remember_heads
from service.casework.soundness.anchors import set_anchor
from service.casework.soundness.digests import digests
from service.casework.soundness.fault import Unsound
from service.casework.soundness.newest import anchors, note_newest
from service.casework.step.history import note
from service.casework.tasks.complete import complete_task
from service.cli.audit import audit
from service.domain.errors import Conflict, Invalid
from service.store import event_of, told_at
from service.store.rows import metadata
from service.store.seals.row_seals import RowSeals
from tests.integration.people.test_book import Here
from tests.support.desks import PACKAGE, Bench


def executed(desk: Desk, sql: str, **values: Any) -> list[Any]:
    """Do what somebody does who has the database alone."""
    with desk.store.write() as tx:
        done = tx._connection.execute(sa.text(sql), values)
        return list(done.all()) if done.returns_rows else []


def faults(desk: Desk) -> list[str]:
    return [one.found.en for one in digests(desk) if isinstance(one, Unsound)]


def stored(desk: Desk, case: int) -> Any:
    ((state,),) = executed(desk, f"select state from case_instance where id = {case}")
    return state


def put(desk: Desk, case: int, state: Any) -> None:
    executed(desk, f"update case_instance set state = :state where id = {case}", state=state)


def go_on(bench: Bench, case: int) -> None:
    """Let the first open task of a case be done by who has it."""
    with bench.desk.store.read() as tx:
        task = tx.tasks.open_of_case(case)[0]
    actor = bench.applicant if task.role == "applicant" else bench.office
    form = {"founded_on": "2010-05-01", "contact": "张三"} if task.role == "applicant" else {"complete": True}
    complete_task(bench.desk, actor, task.id, task.version, form)


@pytest.fixture
def case(bench: Bench) -> int:
    """A case that has gone one step."""
    return start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})


def incidents(desk: Desk, case: int) -> list[Any]:
    with desk.store.read() as tx:
        return [one for one in tx.incidents.of_case(case) if one.kind == ALTERED and one.resolved_at is None]


def test_a_state_of_another_case_is_refused_with_an_incident(bench: Bench, case: int) -> None:
    other = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    own = stored(bench.desk, case)
    go_on(bench, other)
    put(bench.desk, case, stored(bench.desk, other))
    for _ in range(2):
        with pytest.raises(StateAltered, match="在系统之外被改动，不能继续办理，您刚才的操作没有生效"):
            go_on(bench, case)
    (found,) = incidents(bench.desk, case)
    assert found.count == 2
    assert "accept-state" in found.remedy["zh"]
    assert any(f"column state in row {case} of table case_instance" in one for one in faults(bench.desk))
    put(bench.desk, case, own)
    assert faults(bench.desk) == []
    assert retry_incident(bench.desk, bench.admin, found.id)
    assert incidents(bench.desk, case) == []
    go_on(bench, case)


def test_an_older_state_of_the_same_case_is_refused_with_its_seal_too(bench: Bench, case: int) -> None:
    desk = bench.desk
    ((state, seal),) = executed(desk, f"select state, state_seal from case_instance where id = {case}")
    go_on(bench, case)
    put(desk, case, state)
    for kept in (seal, None, "x" * 24):
        executed(desk, f"update case_instance set state_seal = :seal where id = {case}", seal=kept)
        with pytest.raises(StateAltered):
            go_on(bench, case)
        with desk.store.write() as tx:  # what is noted meanwhile gives it no seal that fits
            note(desk, tx, case, SYSTEM, "note", "备注")
        with pytest.raises(StateAltered):
            go_on(bench, case)
    with desk.store.read() as tx:
        assert tx.history.verify(case) is None


def hashed_anew(desk: Desk, case: int) -> None:
    """Take the digests out of a history and chain what is left as who has no key can."""
    kept, desk.store.key_of_digests = desk.store.key_of_digests, None
    with desk.store.write() as tx:
        events = [event_of(row) for row in tx.history.whole(case)]
        events = [replace(one, data={name: v for name, v in one.data.items() if name != "records"}) for one in events]
        tx._connection.execute(sa.text(f"delete from audit where case_id = {case}"))
        seq, head = tx.history.append(case, 0, "", events)
        changed = f"update case_instance set audit_seq = {seq}, audit_hash = :head where id = {case}"
        tx._connection.execute(sa.text(changed), {"head": head})
    desk.store.key_of_digests = kept


@pytest.mark.parametrize("how", ["emptied", "hashed anew", "cut to nothing"])
def test_a_history_that_forgets_the_state_lets_no_other_in(bench: Bench, case: int, how: str) -> None:
    desk = bench.desk
    record_before(desk, SYSTEM)  # what a first start does
    other = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    own = stored(desk, case)
    go_on(bench, other)
    put(desk, case, stored(desk, other))
    assert stored(desk, case) != own
    executed(desk, f"update case_instance set state_seal = null where id = {case}")
    if how == "emptied":
        executed(desk, f"update audit set data = '{{}}' where case_id = {case}")
    elif how == "hashed anew":
        hashed_anew(desk, case)
        with desk.store.read() as tx:
            assert tx.history.verify(case) is None
    else:
        executed(desk, f"delete from audit where case_id = {case}")
        executed(desk, f"update case_instance set audit_seq = 0, audit_hash = '' where id = {case}")
    record_before(desk, SYSTEM)  # as each start does: it is done once
    with pytest.raises(StateAltered):
        go_on(bench, case)


def test_states_that_an_older_program_left_unrecorded_are_entered_once(bench: Bench, case: int) -> None:
    desk = bench.desk
    desk.ballot_keys.secret(WHOLE)
    executed(desk, f"update case_instance set state_seal = null where id = {case}")
    hashed_anew(desk, case)
    assert record_before(desk, SYSTEM) >= 1
    assert record_before(desk, SYSTEM) == 0
    go_on(bench, case)


def test_what_was_remembered_of_a_book_that_was_restored_since_stops_no_case(bench: Bench) -> None:
    desk, keeping = bench.desk, bench.desk.store.key_of_digests
    desk.store.key_of_digests = None
    case = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    desk.store.key_of_digests = keeping
    record_before(desk, SYSTEM, again=True)
    executed(desk, f"update case_instance set state_seal = null where id = {case}")
    name = f"case_instance:{case}"
    with desk.store.read() as tx:
        (told,) = [one for one in desk.store.booked.told_of(tx.digests, [name]) if name in one.told["rows"]]
    later, key = told.at + timedelta(hours=1), desk.ballot_keys.secret(SECRET)
    lost = replace(told, at=later, told=told_at(key, later, {name: {"state": "0" * 12}}))
    desk.store.booked._hear(10**9, lost)  # of a unit of work that is in the database no more
    go_on(bench, case)
    assert incidents(desk, case) == []


def test_a_case_saved_before_there_were_seals_goes_on_and_has_one_then(bench: Bench) -> None:
    keeping, bench.desk.store.key_of_digests = bench.desk.store.key_of_digests, None
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    bench.desk.store.key_of_digests = keeping
    record_before(bench.desk, SYSTEM, again=True)
    executed(bench.desk, f"update case_instance set state_seal = null where id = {case}")
    go_on(bench, case)
    ((seal,),) = executed(bench.desk, f"select state_seal from case_instance where id = {case}")
    assert len(seal) == 36
    assert faults(bench.desk) == []


def test_a_case_goes_on_where_the_key_was_lost_and_is_held_by_the_new_one_then(bench: Bench, case: int) -> None:
    desk, other = bench.desk, b"k" * 32
    desk.store.key_of_digests = lambda: other
    before = stored(desk, case)
    go_on(bench, case)
    put(desk, case, before)
    with pytest.raises(StateAltered):
        go_on(bench, case)


def test_what_is_accepted_goes_on_record_and_the_case_goes_on(bench: Bench, case: int) -> None:
    desk = bench.desk
    with pytest.raises(Conflict, match="不需要确认"):
        accept_state(desk, SYSTEM, case, "核对过")
    before = stored(desk, case)
    go_on(bench, case)
    put(desk, case, before)
    with pytest.raises(Invalid):
        accept_state(desk, SYSTEM, case, " ")
    put(desk, case, stored(desk, case))
    accept_state(desk, SYSTEM, case, "备份已失，监督机构核对过")
    assert faults(desk) == []
    with desk.store.read() as tx:
        newest = tx.history.of_case(case)[0]
        assert (newest.action, "监督机构核对过" in newest.text) == ("state_accepted", True)
        assert tx.history.verify(case) is None


def test_the_command_accepts_a_state_with_its_reason(bench: Bench, case: int) -> None:
    """Entered by the command itself, with what it says to who runs it."""
    desk, run, before = bench.desk, CliRunner(), stored(bench.desk, case)
    go_on(bench, case)
    put(desk, case, before)
    words = ["accept-state", str(case)]
    assert run.invoke(audit, words, obj=Here(bench)).exit_code == 2, "a reason is asked for"
    done = run.invoke(audit, [*words, "--reason", "备份已失，监督机构核对过"], obj=Here(bench))
    assert (done.exit_code, f"办件 {case} 按存储的现状继续" in done.output) == (0, True)
    assert faults(desk) == []
    with desk.store.read() as tx:
        assert tx.history.of_case(case)[0].action == "state_accepted"


_OF_CASE = ("case_instance", "audit", "task", "form_result", "work_item", "subscription", "finding", "document")


def kept(desk: Desk, case: int) -> dict[str, list[dict[str, Any]]]:
    """What the database holds of a case, row by row."""
    with desk.store.read() as tx:
        found = {}
        for name in _OF_CASE:
            table = metadata.tables[name]
            own = table.c.id if name == "case_instance" else table.c.case_id
            rows = tx._connection.execute(sa.select(table).where(own == case)).mappings()
            found[name] = [dict(row) for row in rows]
    return found


def put_back(desk: Desk, case: int, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put a whole case back as it stood: state, seal, history and whatever lies beside it."""
    with desk.store.write() as tx:
        for table in (metadata.tables[name] for name in reversed(_OF_CASE[1:])):
            keys = [column.name for column in table.primary_key]
            there = [tuple(row[key] for key in keys) for row in rows[table.name]]
            gone = sa.tuple_(*table.primary_key).not_in(there)
            tx._connection.execute(sa.delete(table).where(table.c.case_id == case, gone if there else sa.true()))
            known = tx._connection.execute(sa.select(*table.primary_key).where(table.c.case_id == case)).all()
            for key, row in zip(there, rows[table.name], strict=True):
                where = [table.c[name] == part for name, part in zip(keys, key, strict=True)]
                put = sa.update(table).where(*where) if key in {tuple(one) for one in known} else sa.insert(table)
                tx._connection.execute(put.values(row))
        (own,) = rows["case_instance"]
        table = metadata.tables["case_instance"]
        tx._connection.execute(sa.update(table).where(table.c.id == case).values(own))


@pytest.fixture
def went_on(bench: Bench, case: int) -> dict[str, list[dict[str, Any]]]:
    """What a case held before its last step, which a minute saw and the program did."""
    rows = kept(bench.desk, case)
    go_on(bench, case)
    note_newest(bench.desk, SYSTEM)
    return rows


@pytest.mark.parametrize("anew", [False, True])
def test_a_whole_case_that_was_put_back_does_not_go_on(
    bench: Bench, case: int, went_on: dict[str, list[dict[str, Any]]], anew: bool
) -> None:
    desk = bench.desk
    now = kept(desk, case)
    put_back(desk, case, went_on)
    with desk.store.read() as tx:
        assert tx.history.verify(case) is None
    assert [one.found.en for one in anchors(desk) if isinstance(one, Unsound)], "the daily comparison finds it"
    if anew:
        assert desk.store.key_of_digests is not None
        desk.store.seals = RowSeals(desk.store.key_of_digests, desk.ballot_keys)
    with pytest.raises(StateAltered):
        go_on(bench, case)
    with desk.store.write() as tx:  # a longer history by entries of one's own is no way on either
        last = tx.cases.get(case)
        tx.history.append(case, last.audit_seq, last.audit_hash, [event_of(row) for row in tx.history.whole(case)])
    executed(desk, f"update case_instance set state_seal = null where id = {case}")
    with pytest.raises(StateAltered):
        go_on(bench, case)
    put_back(desk, case, now)
    assert incidents(desk, case)


def test_a_case_put_back_is_known_by_anchors_after_a_start(
    bench: Bench, case: int, went_on: dict[str, list[dict[str, Any]]]
) -> None:
    desk = bench.desk
    set_anchor(desk, SYSTEM)
    desk.ballot_keys.note("newest", None)
    put_back(desk, case, went_on)
    assert desk.store.key_of_digests is not None
    desk.store.seals = RowSeals(desk.store.key_of_digests, desk.ballot_keys)
    remember_heads(desk, SYSTEM)
    with pytest.raises(StateAltered):
        go_on(bench, case)


def test_who_accepts_it_lets_the_case_go_on(bench: Bench, case: int, went_on: dict[str, list[dict[str, Any]]]) -> None:
    desk = bench.desk
    put_back(desk, case, went_on)
    accept_state(desk, SYSTEM, case, "按备份恢复")
    go_on(bench, case)
    assert incidents(desk, case) == []


def test_a_restore_explains_that_a_case_stands_where_it_stood(
    bench: Bench, case: int, went_on: dict[str, list[dict[str, Any]]]
) -> None:
    desk = bench.desk
    saved = bench.clock.now() - timedelta(minutes=1)
    put_back(desk, case, went_on)
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    begin_epoch(desk, SYSTEM, saved, "磁盘损坏")
    go_on(bench, case)
    assert incidents(desk, case) == []
