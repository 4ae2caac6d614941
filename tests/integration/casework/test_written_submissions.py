"""Who has the database alone steers no step by a form, a finding, a notice or a document that they write there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.cases.start import start_case
from service.casework.due.retry_incident import retry_incident
from service.casework.step.case_state import unpack
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.tasks.complete import complete_task
from service.sdk import Work, operations
from service.store import Store
from service.store.rows import DocumentRow, FindingRow, IncidentRow, metadata
from tests.integration.casework.test_state_seals import executed
from tests.support.desks import PACKAGE, START, Bench, Close, Examine, make_bench
from tests.support.first_start import first_start

OVER = START + timedelta(days=20)
"""The notice has ended by then."""


def look(work: Work, p: Close) -> Mapping[str, Any]:
    """Decide by whatever the record scope says."""
    read = [len(work.scope()[name]) for name in ("forms", "findings", "notices", "documents")]
    work.cases.set({"decided": True})
    return {"objections": sum(read)}


def examine(work: Work, p: Examine) -> Mapping[str, Any]:
    return {"ok": int(work.scope()["application"]["founded_on"][:4]) <= 2016}


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award, whose service tasks read everything; on SQLite and on PostgreSQL."""
    known = operations()
    calls = {"test.close": look, "test.examine": examine}
    made = make_bench(store, {name: replace(known[name], call=call) for name, call in calls.items()})
    first_start(made.desk)
    return made


def go_on(bench: Bench, case: int) -> None:
    """Let the task of the case that is open be done."""
    (task,) = bench.tasks(case)
    applicant = task.role == "applicant"
    form = {"founded_on": "2010-05-01", "contact": "张三"} if applicant else {"decision": "pass"}
    complete_task(bench.desk, bench.applicant if applicant else bench.office, task.id, task.version, form)


@pytest.fixture
def case(bench: Bench) -> int:
    """A case that waits for the end of its notice, with a finding that took another's place and a document."""
    ident = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    go_on(bench, ident)
    go_on(bench, ident)
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, ident, SYSTEM)
        for result in ("not_met", "met"):
            tx.findings.replace(ident, "eligibility", [found(step, result)])
        tx.documents.insert(
            DocumentRow(
                jurisdiction="testville",
                case_id=ident,
                template="refusal",
                title="告知书",
                content={"number": "1"},
                issued_at=step.now,
            )
        )
        save_step(step)
    return ident


def found(step: Step, result: str) -> FindingRow:
    return FindingRow(
        case_id=step.case.id,
        table="eligibility",
        ground="G1",
        result=result,
        text="成立满三年",
        clauses=[],
        decided_by="machine",
        supplied_by="",
        details={},
        at=step.now,
    )


def incidents(bench: Bench, case: int) -> list[IncidentRow]:
    with bench.desk.store.read() as tx:
        return [row for row in tx.incidents.of_case(case) if row.resolved_at is None]


def marks(bench: Bench, case: int) -> dict[str, int]:
    """Return of how many rows of each table the state of a case holds marks."""
    return {table: len(rows) for table, rows in unpack(bench.case(case).state)[0].rows.items() if rows}


CHANGES = {
    "form": ("form_result", "column data", "update form_result set data = '{}' where id = :id"),
    "form taken back": ("form_result", "column taken_back_at", "update form_result set taken_back_at = at where id = :id"),
    "form deleted": ("form_result", "was removed", "delete from form_result where id = :id"),
    "form copied": (
        "form_result",
        "is in no record",
        "insert into form_result (case_id, element, form, data, at) select case_id, element, form, data, at from form_result"
        " where id = :id",
    ),
    "finding": ("finding", "column result", "update finding set result = 'not_met' where id = :id"),
    "finding of before": ("finding", "column current", "update finding set current = not current where case_id = :case"),
    "notice": ("notice", "column objections", "update notice set objections = 3 where id = :id"),
    "notice ended": ("notice", "column last_day", "update notice set last_day = '2026-03-03' where id = :id"),
    "document": ("document", "column title", "update document set title = '撤销决定' where id = :id"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_no_step_reads_what_somebody_wrote(bench: Bench, case: int, what: str) -> None:
    table, said, sql = CHANGES[what]
    kept = rows(bench, table, case)
    number = kept[-1]["id"]
    executed(bench.desk, sql, **{name: given for name, given in (("id", number), ("case", case)) if f":{name}" in sql})
    bench.advance(OVER)
    assert (bench.case(case).status, bench.case(case).facts.get("decided")) == ("running", None)
    (incident,) = incidents(bench, case)
    assert (f"of case {case} was changed" in incident.what["en"], said in incident.what["en"]) == (True, True)
    assert f"of table {table} " in incident.what["en"]
    assert "laurel audit verify" in incident.remedy["zh"]
    put_back(bench, table, case, kept)
    retry_incident(bench.desk, bench.admin, incident.id)
    assert (bench.case(case).status, incidents(bench, case)) == ("ended", [])


def rows(bench: Bench, table: str, case: int) -> list[dict[str, Any]]:
    own = metadata.tables[table]
    with bench.desk.store.read() as tx:
        found = tx._connection.execute(sa.select(own).where(own.c.case_id == case).order_by(own.c.id))
        return [dict(row) for row in found.mappings()]


def put_back(bench: Bench, table: str, case: int, kept: list[dict[str, Any]]) -> None:
    own = metadata.tables[table]
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.delete(own).where(own.c.case_id == case))
        tx._connection.execute(sa.insert(own), kept)


def test_nobody_is_examined_by_a_form_that_somebody_wrote(bench: Bench) -> None:
    ident = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    go_on(bench, ident)
    written = '{"founded_on":"1999-01-01","contact":"张三"}'
    executed(bench.desk, "update form_result set data = :data where case_id = :case", data=written, case=ident)
    go_on(bench, ident)
    (incident,) = incidents(bench, ident)
    assert "column data in row" in incident.what["en"]
    assert executed(bench.desk, f"select count(*) from notice where case_id = {ident}") == [(0,)]


def test_a_case_of_a_program_before_is_compared_with_the_records_and_then_knows_its_rows(
    bench: Bench, case: int
) -> None:
    known = marks(bench, case)
    assert known == {"form_result": 3, "finding": 1, "notice": 1, "document": 1}
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, case, SYSTEM)
        step.projection.rows = {}
        save_step(step)
    assert marks(bench, case) == {}
    executed(bench.desk, "update finding set result = 'unknown' where case_id = :case", case=case)
    bench.advance(OVER)
    (incident,) = incidents(bench, case)
    assert "column result" in incident.what["en"]
    executed(bench.desk, "update finding set result = 'met' where current and case_id = :case", case=case)
    executed(bench.desk, "update finding set result = 'not_met' where not current and case_id = :case", case=case)
    retry_incident(bench.desk, bench.admin, incident.id)
    assert (bench.case(case).status, marks(bench, case)) == ("ended", known)
