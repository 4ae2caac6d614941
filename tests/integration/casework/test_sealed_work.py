"""Work that the program did not queue is not done, whatever it asks for, nor is what was done done again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from service.casework.access.actor import SYSTEM
from service.casework.due.begin_epoch import begin_epoch
from service.casework.due.retry_incident import retry_incident
from service.casework.health.finding import Level
from service.casework.health.limits import Limits
from service.casework.health.unsealed import seals
from service.casework.interventions.batch import Selection, start_batch
from service.casework.people.seals.row_seals import seal_rows, tell_unsealed, unsealed
from service.store import NewWork, Store
from service.store.rows import IncidentRow
from service.store.seals.work_seals import is_used
from tests.integration.casework.test_state_seals import executed
from tests.integration.interventions.test_interventions import WHY, reviewed
from tests.support.ballots import START, Hall, make_hall, paper
from tests.support.desks import Bench, make_bench
from tests.support.town import Town

MESSAGE = {"message": "nobody waits for it", "payload": {"said": [1, 2.5, {"某": None}]}}


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, in an installation after its first start; on SQLite and on PostgreSQL."""
    hall = make_hall(store, tmp_path / "keys")
    assert seal_rows(hall.desk, SYSTEM) == 0
    return hall


@pytest.fixture
def town(store: Store) -> Bench:
    """Cases under review, in an installation after its first start; on SQLite and on PostgreSQL."""
    bench = make_bench(store)
    assert seal_rows(bench.desk, SYSTEM) == 0
    return bench


def written(town: Town, case: int | None, kind: str, payload: dict[str, Any]) -> None:
    """Queue work as who has the database alone does."""
    executed(
        town.desk,
        "insert into work_item(kind, lane, case_id, effect_key, payload, due_at, provisional, state, attempts, created_at)"
        " select :kind, 'cases', :case, :key, :payload, started_at, false, 'waiting', 0, started_at from case_instance limit 1",
        kind=kind, key=f"{kind}:by hand", payload=json.dumps(payload), case=case,
    )  # fmt: skip


def incidents(town: Town) -> list[IncidentRow]:
    with town.desk.store.read() as tx:
        return tx.incidents.list_open()


def refused(town: Town) -> list[dict[str, Any]]:
    with town.desk.store.read() as tx:
        return [dict(row.data) for row in tx.acts.after(0, 1000) if row.outcome == "work_written"]


def history(town: Town, case: int) -> list[str]:
    with town.desk.store.read() as tx:
        assert tx.history.verify(case) is None
        return [event.action for event in tx.history.of_case(case)]


def queued(town: Town, case: int, key: str = "message:own") -> None:
    with town.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("message", case, key, MESSAGE, START)], town.clock.now())


def kept(town: Town, case: int) -> int:
    with town.desk.store.read() as tx:
        return len(tx.inbox.waiting(case))


def test_a_message_that_somebody_wrote_ends_no_ballot(hall: Hall) -> None:
    case, ballot = hall.open()
    hall.cast(ballot, 1, paper("yyn"))
    ((message,),) = executed(hall.desk, f"select message from subscription where case_id = {case} limit 1")
    written(hall, case, "message", {"message": message, "payload": {"ballot": ballot}})
    written(hall, case, "ballot", {"message": message, "ballot": ballot})
    before = history(hall, case)
    hall.drain()
    assert hall.ballot(ballot).state == "open"
    told = incidents(hall)
    assert ["was not written by this program" in one.what["en"] for one in told] == [True, True]
    assert all("laurel audit verify" in one.remedy["en"] for one in told)
    assert sorted(one["kind"] for one in refused(hall)) == ["ballot", "message"], "it stands in the book"
    assert history(hall, case) == ["work_item_dead"] * 2 + before
    for number in range(2, 10):
        hall.cast(ballot, number, paper("yyn"))
    hall.drain()
    assert hall.outcome(ballot)["cast"] == 9, "what the program queues itself is done"


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("start", {"process": "application", "subject": None, "facts": {}}),
        ("reviewer", {"panel": 1, "stage": "s", "person": 1, "reason": "…", "scores": "drop"}),
        ("timer", {"engine_id": "x", "element": "y"}),
        ("publication", {"version": "x"}),
        ("erasure", {"erasure": 1}),
    ],
)
def test_whatever_kind_somebody_writes_is_given_up(town: Bench, kind: str, payload: dict[str, Any]) -> None:
    case = reviewed(town)
    ((cases,),) = executed(town.desk, "select count(*) from case_instance")
    written(town, case, kind, payload)
    town.drain()
    assert [one["kind"] for one in refused(town)] == [kind]
    assert [one.kind for one in incidents(town)] == ["work_item_dead"]
    assert executed(town.desk, "select count(*) from case_instance") == [(cases,)]
    (incident,) = incidents(town)
    retry_incident(town.desk, town.admin, incident.id)
    town.drain()
    assert len(refused(town)) == 2, "trying again changes nothing"


@pytest.mark.parametrize(
    "change",
    [
        'payload = \'{"message": "other", "payload": {}}\'',
        "case_id = :other",
        "kind = 'barrier'",
        "effect_key = 'message:another'",
        "element = 'x'",
        "provisional = true",
        "seal = ''",
    ],
)
def test_what_waits_is_not_turned_into_something_else(town: Bench, change: str) -> None:
    case, other = reviewed(town), reviewed(town)
    queued(town, case)
    values = {"other": other} if ":other" in change else {}
    executed(town.desk, f"update work_item set {change} where effect_key = 'message:own'", **values)
    town.drain()
    assert (kept(town, case), kept(town, other)) == (0, 0)
    assert len(refused(town)) == 1


def test_what_was_done_is_not_done_again(town: Bench) -> None:
    case = reviewed(town)
    queued(town, case)
    town.drain()
    assert kept(town, case) == 1
    executed(town.desk, "delete from inbox")
    again = "update work_item set state = 'waiting', attempts = 0, done_at = null where effect_key = 'message:own'"
    executed(town.desk, again)
    town.drain()
    assert kept(town, case) == 0
    assert [one["key"] for one in refused(town)] == ["message:own"]


def test_what_was_sealed_while_it_was_done_is_not_done_again(town: Bench) -> None:
    case, store = reviewed(town), town.desk.store
    queued(town, case)
    (item,) = store.claim_in("cases", town.clock.now(), "worker")
    with store.write() as tx:
        tx.work.place(item, "elsewhere", item.payload)  # as it is sealed anew for another reason
        assert not tx.work.lacks_seal(tx.work.get(item.id))
    with store.write() as tx:
        tx.work.finish(item, town.clock.now())
    with store.read() as tx:
        assert is_used(store.seals, item)
        assert is_used(store.seals, tx.work.get(item.id))


def test_a_copy_of_what_waits_is_no_further_work(town: Bench) -> None:
    case = reviewed(town)
    queued(town, case)
    names = [row[0] for row in executed(town.desk, "select name from pragma_table_info('work_item')")] if (
        town.desk.store.dialect == "sqlite"
    ) else [row[0] for row in executed(
        town.desk, "select column_name from information_schema.columns where table_name = 'work_item'"
    )]  # fmt: skip
    others = ", ".join(name for name in names if name not in ("id", "effect_key"))
    executed(
        town.desk,
        f"insert into work_item(effect_key, {others}) select 'message:copy', {others} from work_item where effect_key = 'message:own'",
    )
    town.drain()
    assert kept(town, case) == 1
    assert [one["key"] for one in refused(town)] == ["message:copy"]


def test_a_backup_of_before_it_was_done_lets_it_be_done(town: Bench) -> None:
    case = reviewed(town)
    queued(town, case)
    town.drain()
    executed(town.desk, "delete from inbox")
    executed(
        town.desk,
        "update work_item set state = 'waiting', attempts = 0, done_at = null where effect_key = 'message:own'",
    )
    written(town, case, "message", MESSAGE)
    begin_epoch(town.desk, SYSTEM, town.clock.now(), "a disk failed")
    town.drain()
    assert kept(town, case) == 1
    assert [one["key"] for one in refused(town)] == ["message:by hand"], "a restore seals nothing that had no seal"


def test_what_waited_before_there_were_seals_is_sealed_once(store: Store) -> None:
    bench = make_bench(store)
    case = reviewed(bench)
    queued(bench, case)
    executed(bench.desk, "update work_item set seal = ''")
    assert seal_rows(bench.desk, SYSTEM) > 0
    bench.drain()
    assert kept(bench, case) == 1
    queued(bench, case, "message:second")
    executed(bench.desk, "update work_item set seal = '' where effect_key = 'message:second'")
    assert unsealed(bench.desk)
    assert seal_rows(bench.desk, SYSTEM) == 0
    bench.drain()
    assert kept(bench, case) == 1
    assert len(refused(bench)) == 1
    assert seal_rows(bench.desk, SYSTEM, again=True) > 0, "laurel audit record-rows, after an old backup"
    (incident,) = incidents(bench)
    retry_incident(bench.desk, bench.admin, incident.id)
    bench.drain()
    assert kept(bench, case) == 2


def test_written_work_is_told_before_it_is_due(town: Bench) -> None:
    case = reviewed(town)
    assert [one.level for one in seals(town.desk, Limits())] == [Level.FINE]
    written(town, case, "message", MESSAGE)
    (told,) = unsealed(town.desk)
    assert "of table work_item (message, message:by hand)" in told.en
    assert [one.level for one in seals(town.desk, Limits())] == [Level.FAULT]
    assert tell_unsealed(town.desk, SYSTEM) == 1


@pytest.mark.parametrize(
    "change",
    [
        "update intervention_batch set dry = false",
        "update intervention_batch set kind = 'terminate'",
        "update intervention_batch set reason = 'nobody said so'",
        'update intervention_batch set given = \'{"x": "y"}\'',
        "update intervention_batch set person_id = :other",
    ],
)
def test_a_batch_is_carried_out_as_it_was_begun_alone(town: Bench, change: str) -> None:
    case = reviewed(town)
    start_batch(town.desk, town.admin, Selection("suspend", [case], WHY, {}, dry=True))
    values = {"other": town.people["second"]} if ":other" in change else {}
    executed(town.desk, change, **values)
    town.drain()
    assert town.case(case).status == "running"
    assert "intervened" not in history(town, case)
    ((state, said),) = executed(town.desk, "select state, said from intervention_result")
    assert (state, "beside the program" in str(said)) == ("refused", True)
    with town.desk.store.read() as tx:
        assert [row.outcome for row in tx.acts.after(0, 1000) if row.outcome == "batch_written"] == ["batch_written"]


def test_a_batch_written_with_its_work_does_nothing(town: Bench) -> None:
    case, other = reviewed(town), reviewed(town)
    start_batch(town.desk, town.admin, Selection("suspend", [case], WHY, {}, dry=False))
    added = "insert into intervention_result(batch_id, case_id, state, said) select id, :other, 'waiting', '{}' from intervention_batch"
    executed(town.desk, added, other=other)
    town.drain()
    assert [town.case(one).status for one in (case, other)] == ["suspended", "running"]
    executed(
        town.desk,
        "insert into intervention_batch(kind, given, reason, dry, public, person_id, at)"
        " select 'suspend', '{}', reason, false, false, person_id, at from intervention_batch",
    )
    ((batch,),) = executed(town.desk, "select max(id) from intervention_batch")
    executed(
        town.desk,
        "insert into intervention_result(batch_id, case_id, state, said) values (:batch, :other, 'waiting', '{}')",
        batch=batch, other=other,
    )  # fmt: skip
    written(town, None, "intervention", {"batch": batch, "after": 0})
    town.drain()
    assert town.case(other).status == "running"
    assert [one["kind"] for one in refused(town)] == ["intervention"]


def test_what_somebody_wrote_behind_thousands_that_wait_is_told(town: Bench) -> None:
    now = town.clock.now()
    with town.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("message", None, f"message:{n}", MESSAGE, START) for n in range(5_001)], now)
    case = reviewed(town)
    written(town, case, "message", MESSAGE)
    (told,) = unsealed(town.desk)
    assert "message:by hand" in told.en
