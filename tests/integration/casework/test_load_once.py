"""The first start of another program loads every running case once; one that cannot be loaded is an incident of its case."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.due.retry_alike import retry_alike
from service.casework.due.retry_incident import retry_incident
from service.casework.due.skip_incident import skip_incident
from service.casework.soundness import load_once as module
from service.casework.soundness.load_once import STRANDED, load_once
from service.domain.errors import NotAllowed
from service.jobs.findable_cases import keeping_findable
from service.jobs.program import program_mark
from service.store.rows import IncidentRow
from service.store.rows.cases import case
from tests.support.desks import PACKAGE, Bench


@pytest.fixture
def cases(bench: Bench) -> list[int]:
    """Three running cases."""
    return [start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True}) for _ in range(3)]


def store_state(bench: Bench, ident: int, state: bytes) -> bytes:
    """Keep another state of a case; returns the one before."""
    with bench.desk.store.write() as tx:
        before: bytes = tx._connection.scalar(sa.select(case.c.state).where(case.c.id == ident))
        tx._connection.execute(sa.update(case).where(case.c.id == ident).values(state=state))
    return before


def told(bench: Bench) -> list[IncidentRow]:
    with bench.desk.store.read() as tx:
        return tx.incidents.list_open()


def far(bench: Bench) -> tuple[str, int, bool]:
    with bench.desk.store.read() as tx:
        look = tx.installation.look()
    assert look is not None
    return look.program, look.after, look.done_at is not None


def test_a_case_that_a_new_program_cannot_load_is_told_once_and_settled_by_the_next(
    bench: Bench, cases: list[int]
) -> None:
    before = store_state(bench, cases[1], b"\0\0\0\2{}nothing")
    assert load_once(bench.desk, SYSTEM, "a" * 64)
    [found] = told(bench)
    assert (found.case_id, found.kind, found.count) == (cases[1], STRANDED, 1)
    assert found.what["zh"].startswith("升级到程序 aaaaaaaa 以后，这件办件不能继续办理：")
    assert found.what["en"].startswith("since the upgrade to program aaaaaaaa this case cannot go on: ")
    assert "装回升级前的程序" in found.remedy["zh"]
    with bench.desk.store.read() as tx:
        assert [line.action for line in tx.history.whole(cases[1])].count("incident") == 1
    assert load_once(bench.desk, SYSTEM, "b" * 64)  # of another program that cannot either it is still one incident
    assert [(row.id, row.count) for row in told(bench)] == [(found.id, 1)]
    store_state(bench, cases[1], before)
    assert load_once(bench.desk, SYSTEM, "b" * 64)
    assert len(told(bench)) == 1  # a restart of the same program loads nothing
    assert load_once(bench.desk, SYSTEM, "c" * 64)
    assert told(bench) == []


def test_loading_goes_on_where_it_was_interrupted_unless_the_program_is_another(
    bench: Bench, cases: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_AT_ONCE", 1)
    turns = iter((False, True))
    assert not load_once(bench.desk, SYSTEM, "a" * 64, lambda: next(turns))
    assert far(bench) == ("a" * 64, cases[0], False)
    for ident in (cases[0], cases[2]):
        store_state(bench, ident, b"\0\0\0\2{}nothing")
    assert load_once(bench.desk, SYSTEM, "a" * 64)
    assert [row.case_id for row in told(bench)] == [cases[2]]
    assert far(bench) == ("a" * 64, cases[2], True)
    assert load_once(bench.desk, SYSTEM, "b" * 64)
    assert {row.case_id for row in told(bench)} == {cases[0], cases[2]}


def test_of_several_processes_one_loads_and_the_others_ask_again(bench: Bench, cases: list[int]) -> None:
    store_state(bench, cases[0], b"\0\0\0\2{}nothing")
    with bench.desk.store.alone_at("load once"):
        alone = bench.desk.store.dialect != "postgresql"  # on SQLite there is one process
        assert load_once(bench.desk, SYSTEM, "a" * 64) is alone
    assert load_once(bench.desk, SYSTEM, "a" * 64)
    assert len(told(bench)) == 1


def test_a_server_that_starts_has_it_done_beside_everything_else(bench: Bench, cases: list[int]) -> None:
    store_state(bench, cases[2], b"\0\0\0\2{}nothing")
    done, mark = threading.Event(), program_mark()

    def look(point: str) -> None:
        if point == "after-commit" and far_or_none() == (mark, True):
            done.set()

    def far_or_none() -> tuple[str, bool] | None:
        with bench.desk.store.read() as tx:
            kept = tx.installation.look()
        return kept and (kept.program, kept.done_at is not None)

    bench.desk.store.crash_point = look
    with keeping_findable(bench.desk):
        assert done.wait(60)
    assert [row.case_id for row in told(bench)] == [cases[2]]


def test_a_case_that_cannot_be_loaded_is_retried_by_loading_it_and_never_skipped(
    bench: Bench, cases: list[int]
) -> None:
    before = store_state(bench, cases[1], b"\0\0\0\2{}nothing")
    load_once(bench.desk, SYSTEM, "a" * 64)
    [found] = told(bench)
    with pytest.raises(NotAllowed, match="跳过以后办件仍然读不出"):
        skip_incident(bench.desk, bench.admin, found.id, "不再需要")
    assert not retry_incident(bench.desk, bench.admin, found.id)
    assert [(row.id, row.count) for row in told(bench)] == [(found.id, 2)]
    store_state(bench, cases[1], before)
    assert retry_incident(bench.desk, bench.admin, found.id)
    assert told(bench) == []
    with bench.desk.store.read() as tx:
        retried = [line.text for line in tx.history.whole(cases[1]) if line.action == "retried"]
    assert [text.endswith("已经读得出") for text in retried] == [False, True]


def test_all_that_cannot_be_loaded_are_retried_together(bench: Bench, cases: list[int]) -> None:
    before = [store_state(bench, ident, b"\0\0\0\2{}nothing") for ident in cases]
    load_once(bench.desk, SYSTEM, "a" * 64)
    store_state(bench, cases[0], before[0])
    begun = retry_alike(bench.desk, bench.admin, told(bench)[0].id)
    bench.drain()
    assert [row.case_id for row in told(bench)] == cases[:0:-1]
    with bench.desk.store.read() as tx:
        assert tx.interventions.counts(begun.batch or 0) == {"done": 1, "refused": 2}
