"""How long things stand where, which way cases took, and the event log of both."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import timedelta

import pytest

from service.casework.queries.monitoring.heat import view_heat
from service.casework.queries.monitoring.monitor import ChosenDiagram
from service.casework.tasks.complete import complete_task
from tests.support.browsers import Browse
from tests.support.desks import PACKAGE, Bench

PROCESS = "testville_application"
ASKED = f"package={PACKAGE}&process={PROCESS}&days=3650"
URL = f"/monitor/events.csv?{ASKED}"


@pytest.fixture
def season(bench: Bench) -> list[int]:
    """Twenty applications, one a day: four wait for the applicant, sixteen for the office, which refused five."""
    cases = []
    for number in range(20):
        cases.append(bench.started())
        if number >= 4:
            [task] = bench.tasks(cases[-1])
            complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
        bench.clock.move_to(bench.clock.now() + timedelta(days=1))
    for case in cases[4:9]:
        [task] = bench.tasks(case)
        complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "fail"})
    return cases


@pytest.mark.usefixtures("season")
def test_standing_days_are_those_of_the_open_tasks(bench: Bench, browse: Browse) -> None:
    view = view_heat(bench.desk, bench.office, ChosenDiagram(PACKAGE, PROCESS))
    with bench.desk.store.read() as tx:
        open_tasks = [t for number in range(1, 21) for t in tx.tasks.open_of_case(number)]
    now, shown = bench.clock.now(), {line.element: line for line in view.lines if line.tasks}
    assert Counter(t.element for t in open_tasks) == {line.element: line.tasks for line in shown.values()}
    for element, line in shown.items():
        oldest = max(now - t.created_at for t in open_tasks if t.element == element)
        assert line.oldest == pytest.approx(oldest.total_seconds() / 86_400, abs=0.01)
        assert line.late == sum(t.due_at < now for t in open_tasks if t.element == element)
    assert sum(line.done for line in view.lines) == 21
    assert all(0 <= line.took.median <= line.took.p95 <= line.took.longest for line in view.lines if line.took)
    page = browse("office").get(f"/monitor/report?part=heat&{ASKED}").text
    assert "最久已停留天数" in page


@pytest.mark.parametrize("address", ["heat?", "log?"])
def test_a_program_gets_no_other_diagram_than_it_names(browse: Browse, address: str) -> None:
    office = browse("office")
    refused = office.get(f"/api/v1/monitor/{address}package={PACKAGE}&process=of_another_award")
    assert refused.status_code == 404
    assert refused.json is not None
    assert "没有流程图“of_another_award”" in refused.json["detail_zh"]
    assert PROCESS in refused.json["detail_en"]
    assert office.get(f"/api/v1/monitor/{address}package={PACKAGE}&process={PROCESS}").status_code == 200
    assert browse("applicant").get(f"/monitor/report?part=heat&{ASKED}").status_code == 403


def rows_of(sent: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))


@pytest.mark.usefixtures("season")
def test_the_event_log_names_nobody_to_the_office(browse: Browse) -> None:
    sent = browse("office").get(URL)
    rows = rows_of(sent.data)
    assert len({row["case:laurel:id"] for row in rows}) == 20
    assert {row["lifecycle:transition"] for row in rows} <= {"start", "complete", "ate_abort"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+08:00", row["time:timestamp"]) for row in rows)
    assert "甲公司" not in sent.text
    resources = {row["org:resource"] for row in rows} - {""}
    assert resources
    assert all(name.startswith("人员") for name in resources)
    assert resources == {row["org:resource"] for row in rows_of(browse("admin").get(URL).data)} - {""}
    assert browse("applicant").get(URL).status_code == 403
