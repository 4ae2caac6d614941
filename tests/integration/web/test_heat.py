"""How long things stand where, which way cases took, and the event log of both."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from service.casework.cases.start import start_case
from service.casework.queries.monitoring.heat import view_heat
from service.casework.queries.monitoring.monitored import ChosenDiagram
from service.casework.tasks.complete import complete_task
from service.web.presentation import date_words
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]
PROCESS = "testville_application"
ASKED = f"package={PACKAGE}&process={PROCESS}&days=3650"
URL = f"/monitor/events.csv?{ASKED}"


@pytest.fixture
def season(bench: Bench) -> list[int]:
    """Twenty applications, one a day: four wait for the applicant, sixteen for the office, which refused five."""
    cases = []
    for number in range(20):
        cases.append(start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True}))
        if number >= 4:
            [task] = bench.tasks(cases[-1])
            complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
        bench.clock.move_to(bench.clock.now() + timedelta(days=1))
    for case in cases[4:9]:
        [task] = bench.tasks(case)
        complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "fail"})
    return cases


@pytest.mark.usefixtures("season")
def test_standing_days_are_those_of_the_open_tasks(bench: Bench) -> None:
    view = view_heat(bench.desk, bench.office, ChosenDiagram(PACKAGE, PROCESS))
    with bench.desk.store.read() as tx:
        open_tasks = [t for number in range(1, 21) for t in tx.tasks.open_of_case(number)]
    now, shown = bench.clock.now(), {line.element: line for line in view.lines if line.count}
    assert Counter(t.element for t in open_tasks) == {line.element: line.count for line in shown.values()}
    for element, line in shown.items():
        ages = sorted((now - t.created_at).total_seconds() / 86_400 for t in open_tasks if t.element == element)
        assert line.standing is not None
        assert line.standing.longest == pytest.approx(ages[-1], abs=0.01)
        assert line.standing.p95 == pytest.approx(ages[-(-len(ages) * 95 // 100) - 1], abs=0.01)
        assert ages[(len(ages) - 1) // 2] - 0.01 <= line.standing.median <= ages[len(ages) // 2] + 0.01
        assert line.late == sum(t.due_at < now for t in open_tasks if t.element == element)
    assert sum(column.count for column in view.ages) == len(open_tasks)
    assert sum(line.done for line in view.lines) == 21


def test_a_step_that_waits_for_a_day_is_counted_too(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    version = bench.case(case).definition
    views = [view_heat(bench.desk, bench.office, ChosenDiagram(PACKAGE, PROCESS, each)) for each in ("", version)]
    counted = [{line.element: (line.count, line.timers, line.messages) for line in v.lines if line.here} for v in views]
    with bench.desk.store.read() as tx:
        edge = {e.id for e in bench.desk.packages.get(version, tx).diagram(PROCESS).elements.values() if e.attached_to}
        waits = [c for c in tx.tallies.by_element(["testville"]) if c.element not in edge]
    there = {c.element: (c.tasks, c.timers, c.messages) for c in waits}
    assert counted == [there, there]
    assert sum(timers for _, timers, _ in there.values()) > 0
    assert {line.here for line in views[0].lines if line.timers and line.messages} <= {1}, "one case is counted once"
    state = browse("office").get(f"/monitor/heat.json?{ASKED}").get_json()["elements"]
    assert {each["text"].partition("，")[0] for each in state.values()} == {"件等待期限或者消息"}


def test_what_waits_for_a_day_or_a_message_says_how_long(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    bench.clock.move_to(bench.clock.now() + timedelta(days=2))
    for version in ("", bench.case(case).definition):
        lines = [
            x for x in view_heat(bench.desk, bench.office, ChosenDiagram(PACKAGE, PROCESS, version)).lines if x.here
        ]
        assert lines
        for line in lines:
            assert line.standing is not None, line
            assert (line.standing.median, line.standing.p95, line.standing.longest) == (2, 2, 2)
    state = browse("office").get(f"/monitor/heat.json?{ASKED}").get_json()["elements"]
    assert {each["text"] for each in state.values()} == {"件等待期限或者消息，中位 2.0 天"}


@pytest.mark.usefixtures("season")
def test_the_limit_of_a_step_is_that_of_the_law_in_working_days(bench: Bench, browse: Browse) -> None:
    lines = {one.element: one for one in view_heat(bench.desk, bench.office, ChosenDiagram(PACKAGE, PROCESS)).lines}
    assert (lines["review"].count, lines["review"].limit) == (11, 5)
    assert lines["review"].articles
    page = browse("office").get(f"/monitor/heat?{ASKED}").text
    assert lines["review"].articles[0] in page
    assert "期限（工作日）" in page


@pytest.mark.usefixtures("season")
def test_the_page_shows_heat_for_all_versions_and_for_one(bench: Bench, browse: Browse) -> None:
    office = browse("office")
    page = office.get(f"/monitor/heat?{ASKED}").text
    assert "停留天数" in page
    with bench.desk.store.read() as tx:
        [version] = tx.definitions.versions(PACKAGE)
    one = office.get(f"/monitor/heat?{ASKED}&version={version.version}").text
    assert re.findall(r'data-element="(\w+)"', one) == re.findall(r'data-element="(\w+)"', page)
    state = office.get(f"/monitor/heat.json?{ASKED}").get_json()["elements"]
    assert sum(each["count"] for each in state.values()) == 15
    assert office.get(f"/monitor/version.bpmn?{ASKED}&version={version.version}").status_code == 200
    assert office.get(f"/monitor/heat?{ASKED}&version=none").status_code == 404
    elsewhere = office.get(f"/monitor/heat?package={PACKAGE}&process=of_another_award").text
    assert f'<option value="{PROCESS}" selected>' in elsewhere
    log = office.get(f"/monitor/events.csv?{ASKED}")
    assert log.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize("address", ["heat?", "log?"])
def test_a_program_gets_no_other_diagram_than_it_names(browse: Browse, address: str) -> None:
    office = browse("office")
    refused = office.get(f"/api/v1/monitor/{address}package={PACKAGE}&process=of_another_award")
    assert refused.status_code == 404
    assert refused.json is not None
    assert "没有流程图“of_another_award”" in refused.json["detail_zh"]
    assert PROCESS in refused.json["detail_en"]
    assert office.get(f"/api/v1/monitor/{address}package={PACKAGE}&process={PROCESS}").status_code == 200
    assert browse("applicant").get(f"/monitor/heat?{ASKED}").status_code == 403


@pytest.mark.usefixtures("season")
def test_the_log_of_a_case_has_the_order_of_its_diagram(browse: Browse) -> None:
    """What one step did bears one instant: the task that it ends at does not come before the one that it began with."""
    office = browse("office")
    rows = list(csv.DictReader(io.StringIO(office.get(f"/monitor/events.csv?{ASKED}").data.decode("utf-8-sig"))))
    cases = {row["case:laurel:id"] for row in rows}
    told = {
        c: [(r["laurel:element"], r["lifecycle:transition"]) for r in rows if r["case:laurel:id"] == c] for c in cases
    }
    fill, review = [[(name, "start"), (name, "complete")] for name in ("fill", "review")]
    refused = [("refuse", "complete"), ("end_refused", "complete")]
    assert told == {
        **{str(case): fill[:1] for case in range(1, 5)},
        **{str(case): [*fill, *review, *refused] for case in range(5, 10)},
        **{str(case): [*fill, review[0]] for case in range(10, 21)},
    }


@pytest.mark.usefixtures("season")
def test_a_task_that_was_called_off_ends_in_the_log(bench: Bench, browse: Browse) -> None:
    """A log in which it only begins makes tools count it as work that goes on for ever."""
    office, at = browse("office"), bench.clock.now()
    with bench.desk.store.write() as tx:
        [waiting] = tx.tasks.open_of_case(10)
        tx.tasks.cancel([waiting.id], at)
    rows = list(csv.DictReader(io.StringIO(office.get(f"/monitor/events.csv?{ASKED}").data.decode("utf-8-sig"))))
    last = [row for row in rows if row["case:laurel:id"] == "10"][-1]
    assert (last["laurel:element"], last["lifecycle:transition"], last["org:resource"]) == ("review", "ate_abort", "")


@pytest.mark.usefixtures("season")
def test_every_number_opens_the_tasks_behind_it(bench: Bench, browse: Browse) -> None:
    office = browse("office")
    with bench.desk.store.write() as tx:  # a decision that came too late, and one that is late now
        first = tx.durations.tasks_of([5])[-1]
        tx.tasks.update(first.id, first.version, due_at=first.created_at)
        [waiting] = tx.tasks.open_of_case(10)
        tx.tasks.update(waiting.id, waiting.version, due_at=bench.clock.now() - timedelta(seconds=1))
        [version] = tx.definitions.versions(PACKAGE)
    for asked in (ASKED, f"{ASKED}&version={version.version}"):
        page = office.get(f"/monitor/heat?{asked}").text
        opened = re.findall(r'<a href="(/monitor/heat/tasks\?[^"]+)">(\d+)</a>', page)
        kinds = {kind for url, _ in opened for kind in re.findall(r"of=(\w+)", url)}
        assert kinds == {"waiting", "late", "done", "done_late", "age"}
        for url, count in opened:
            asked_for = url.replace("&amp;", "&")
            assert len(re.findall(r'data-row="\d+"', office.get(asked_for).text)) == int(count), asked_for
        assert sum(int(n) for url, n in opened if "of=age" in url) == 15
    waits = f"/monitor/heat/tasks?{ASKED}&of=waiting"
    days = re.findall(r'data-label="期限">([^<]+)<', office.get(waits).text)
    last_day = date.fromisoformat(bench.tasks(20)[0].due_reason["last_day"])
    assert days[0] == date_words(last_day), "a due instant is 24:00 of the last day"
    wrong = office.get(f"/monitor/heat/tasks?{ASKED}&of=nonsense")
    assert (wrong.status_code, "没有这个数字" in wrong.text) == (422, True)
    assert browse("applicant").get(f"/monitor/heat/tasks?{ASKED}&of=done").status_code == 403


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


@pytest.mark.usefixtures("season")
def test_names_are_for_administrators_who_say_what_for(bench: Bench, browse: Browse) -> None:
    """It goes on record."""
    admin, asked = browse("admin"), {"purpose": "流程效率分析"}
    refused = admin.post(URL, {"purpose": " 查 "})
    assert refused.status_code == 422
    assert "须写明用途" in refused.text
    assert browse("office").post(URL, asked).status_code == 403
    sent = admin.post(URL, asked).data
    assert {row["org:resource"] for row in rows_of(sent)} - {""} == {"applicant", "office"}
    with bench.desk.store.read() as tx:
        events = [e for e in tx.package_events.of_package(PACKAGE) if e.action == "export"]
    assert ["流程效率分析" in event.text for event in events] == [True]
