"""What was kept is erased by what the program wrote alone: when a case ended, who was awarded, and what was asked for."""

from __future__ import annotations

import json

import pytest

from service.casework.access.altered_state import ALTERED_ROW, RowAltered, StateAltered, reporting
from service.casework.cases.start import start_case
from service.casework.retention.erase import ask_erasures, try_erasures
from service.casework.tasks.complete import complete_task
from service.domain.calendar import local_date
from service.store.rows import AwardRow
from service.store.seals.counted_rows import RowsMissing
from tests.integration.casework.test_retention import LATE
from tests.integration.casework.test_state_seals import executed, faults, incidents
from tests.support.desks import PACKAGE, Bench
from tests.support.first_start import first_start


@pytest.fixture
def ended(bench: Bench) -> int:
    """A case that was refused, and may be erased years later."""
    first_start(bench.desk)
    number = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in (
        (bench.applicant, {"founded_on": "2010-05-01", "contact": "张三丰"}),
        (bench.office, {"decision": "fail", "reason": "未补材料"}),
    ):
        [task] = bench.tasks(number)
        complete_task(bench.desk, actor, task.id, task.version, form)
    bench.drain()
    return number


@pytest.mark.parametrize("end", ["'2001-01-01 00:00:00'", "null"])
def test_nothing_is_erased_by_an_end_that_somebody_wrote(bench: Bench, ended: int, end: str) -> None:
    executed(bench.desk, f"update case_instance set ended_at = {end} where id = {ended}")
    for attempt in (try_erasures, lambda desk, who, cases: ask_erasures(desk, who, cases, "期满")):
        with pytest.raises(StateAltered):
            reporting(
                lambda attempt=attempt: bench.desk, lambda attempt=attempt: attempt(bench.desk, bench.office, [ended])
            )
    (told,) = incidents(bench.desk, ended)
    assert "ended_at" in json.dumps(told.what)
    assert any("column ended_at" in said for said in faults(bench.desk))


def test_no_winner_is_erased_as_one_who_was_not_awarded(bench: Bench, ended: int) -> None:
    with bench.desk.store.write() as tx:
        case = tx.cases.get(ended)
        assert case.subject_id is not None
        assert case.ended_at is not None
        row = AwardRow(jurisdiction=case.jurisdiction, award=case.award, tier="prize", body_id=case.subject_id,
                       round="一", decided_on=local_date(case.ended_at))  # fmt: skip
        award = tx.register.insert_award(row)
    bench.clock.move_to(LATE)
    assert try_erasures(bench.desk, bench.office, [ended])[0].due.kind == "winner"
    for statement in (
        f"update award_record set decided_on = '1999-01-01' where id = {award}",
        "delete from award_record",
    ):
        executed(bench.desk, statement)
        with pytest.raises(RowsMissing, match="award_record"):
            ask_erasures(bench.desk, bench.office, [ended], "期满")


@pytest.mark.parametrize("column", ["reason = '另一个理由'", "person_id = null", "parts = '[\"mails\"]'"])
def test_an_erasure_is_what_was_confirmed(bench: Bench, ended: int, column: str) -> None:
    bench.clock.move_to(LATE)
    ask_erasures(bench.desk, bench.office, [ended], "期满")
    executed(bench.desk, f"update erasure set {column}")
    with pytest.raises(RowAltered):
        bench.drain()
    with bench.desk.store.read() as tx:
        assert [row.state for row in tx.erasures.of_cases([ended])] == ["waiting"]
        assert "张三丰" in str(tx.forms.of_case(ended))


def test_it_is_done_as_confirmed_otherwise(bench: Bench, ended: int) -> None:
    bench.clock.move_to(LATE)
    ask_erasures(bench.desk, bench.office, [ended], "期满")
    bench.drain()
    with bench.desk.store.read() as tx:
        assert [row.state for row in tx.erasures.of_cases([ended])] == ["done"]
    assert (faults(bench.desk), ALTERED_ROW in {one.kind for one in incidents(bench.desk, ended)}) == ([], False)
