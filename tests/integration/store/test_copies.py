"""Fictional load: cases multiplied by the database itself, counted like any others."""

from __future__ import annotations

from datetime import timedelta

from service.store import CaseFilter, NewWork, Store
from service.store.types import NEVER
from tests.support import records
from tests.support.case_copies import copies_of
from tests.support.records import NOON


def test_copies_have_what_their_model_has_and_are_told_apart(store: Store) -> None:
    with store.write() as tx:
        above = records.case(tx, process="round", title="第一届")
        first, last = copies_of(tx).organisations(["甲公司", "虚构乙公司", "虚构丙公司"])
        model = records.case(tx, definition="v1", parent_id=above, subject_id=first, number="1号")
        tx.tasks.insert_many([records.task(model, due_at=NOON), records.task(model, engine_id="e2", due_at=NEVER)])
        tx.work.enqueue_many([NewWork("timer", model, "t", {"process_id": "P", "element": "T"}, NOON)], NOON)
        [other] = copies_of(tx).put(copies_of(tx).take([model]), ":again")
        assert copies_of(tx).multiply([model, other], [above], (first + 1, last), 0, 9) == 9
        found = tx.cases.search(CaseFilter(process="application"), limit=20)
        assert len(found) == 11
        copies = found[:9]
        assert {row.title for row in copies} == {"虚构乙公司申报", "虚构丙公司申报"}
        assert len({row.number for row in found}) == 11
        assert {row.parent_id for row in copies} == {above}
        assert {NOON - row.started_at for row in copies} == {timedelta(days=n * 37 % 180) for n in range(9)}
        tasks = [task for row in copies for task in tx.tasks.open_of_case(row.id)]
        assert len(tasks) == 18
        assert sum(task.due_at == NEVER for task in tasks) == 9
        assert {task.round_id for task in (*tasks, *tx.tasks.open_of_case(other))} == {above}
        [third] = copies_of(tx).put(copies_of(tx).take([above]), ":third")
        tx.tasks.insert_many([records.task(third)])
        [fourth] = copies_of(tx).put(copies_of(tx).take([third]), ":fourth")
        assert [task.round_id for task in tx.tasks.open_of_case(fourth)] == [fourth]
        kept = tx.tallies.by_kind(["city"], NOON.date())
        tx.tallies.recount()
        assert tx.tallies.by_kind(["city"], NOON.date()) == kept
        assert tx.tallies.totals(["city"], NOON.date()).timers == 11


def test_who_goes_on_after_copies_gets_numbers_of_their_own(store: Store) -> None:
    with store.write() as tx:
        model = records.case(tx)
        copies_of(tx).multiply([model], [], copies_of(tx).organisations(["甲公司", "乙公司"]), 0, 5)
    with store.write() as tx:
        assert records.case(tx, definition="v1") == model + 6


def test_copies_without_past_have_what_waits_and_nothing_else(store: Store) -> None:
    with store.write() as tx:
        running, over = records.case(tx), records.case(tx, definition="v1", status="ended")
        for model in (running, over):
            tx.tasks.insert_many([records.task(model, due_at=NOON, engine_id=f"e{n}") for n in range(5)])
        tx.work.enqueue_many([NewWork("timer", running, f"t{n}", {}, NOON) for n in range(2)], NOON)
        tx.work.cancel(["t1"], NOON)
        copies_of(tx).multiply([running, over], [], copies_of(tx).organisations(["甲公司", "乙公司"]), 0, 4, past=False)
        copies = {row.id: row.status for row in tx.cases.search(CaseFilter(), limit=20) if row.id > over}
        assert sorted(copies.values()) == ["ended", "ended", "running", "running"]
        assert {tx.cases.get(ident).state for ident in copies} == {b""}
        for ident, status in copies.items():
            assert len(tx.tasks.of_case(ident)) == (5 if status == "running" else 1)
            states = ("waiting", "cancelled", "done")
            assert [item.state for item in tx.work.of_case(ident, states)] == ["waiting"] * (status == "running")
