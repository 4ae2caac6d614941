"""The monitor and its report: incidents and their repair, figures that open their cases, where tasks stand and whom they wait for."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from datetime import date, timedelta

import pytest

from service.casework.queries.monitoring.heat import view_heat
from service.casework.queries.monitoring.monitor import ChosenDiagram
from service.casework.queries.monitoring.overview import WORKING_DAYS, working_days_ahead
from service.casework.tasks.complete import complete_task
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.store.models import IncidentRow
from tests.support.browsers import Browse, words
from tests.support.desks import BROKEN, PACKAGE, Bench


@pytest.fixture
def stuck(bench: Bench) -> int:
    """An application whose notice could not be posted."""
    BROKEN.add("test.post")
    return bench.decided()


def test_an_incident_is_told_in_words_and_retried_until_it_is_gone(bench: Bench, browse: Browse, stuck: int) -> None:
    admin = browse("admin")
    page = words(admin.get("/monitor").text)
    assert "0 5个工作日内到期" in page, "what has no limit is not due soon"
    assert "2026年3月2日" in page
    assert "处置 1 件异常" in page
    desk = admin.get("/monitor/incidents").text
    for told in ("发布公示", "甲公司", "2026年3月2日", "怎么办", "重试"):
        assert told in words(desk)
    retry = re.findall(r"/monitor/incidents/\d+/settle", desk)[0]
    admin.post(retry, {"act": "one"})
    assert "重试仍未成功" in words(admin.get("/monitor/incidents").text)
    BROKEN.clear()
    admin.post(retry, {"act": "one"})
    after = words(admin.get("/monitor/incidents").text)
    assert "已重试" in after
    assert "没有异常" in after
    with bench.desk.store.read() as tx:
        assert [n.state for n in tx.notices.select(case_id=stuck)] == ["running"]


def test_all_incidents_of_a_kind_are_retried_at_once(bench: Bench, browse: Browse, stuck: int) -> None:
    """Case by case in the background, each with its result, and the history of each case says who tried."""
    other = bench.decided()
    admin = browse("admin")
    page = admin.get("/monitor/incidents").text
    assert "重试这一原因的全部 2 件" in page
    one = re.findall(r"/monitor/incidents/\d+/settle", page)[0]
    began = admin.post(one, {"act": "alike"})
    assert admin.post(one, {"act": "alike"}).location == began.location, "the second of two clicks"
    waits = admin.get(began.location).text
    assert "共 2 件，已办 0 件" in words(waits)
    asks = [re.findall(r'data-poll-url="([^"]+)"', page)[0] for page in (waits, admin.get("/monitor/batches").text)]
    assert [admin.get(address).json["count"] for address in asks] == [0, 0]
    bench.drain()
    for address, line in zip(asks, ("batch", "intervention-1"), strict=True):
        answer = admin.get(address).json
        assert (answer["count"], answer["message"]) == (2, "已全部办完，点此查看结果")
        assert answer["progress"][line] == {"done": 2, "total": 2, "words": "共 2 件，已办 2 件。"}
    failed = words(admin.get(began.location).text)
    assert "已重新执行或者排队的 0 件，不能重试的 2 件" in failed
    assert "重试后仍未成功" in failed
    BROKEN.clear()
    again = admin.post(one, {"act": "alike"}).location
    bench.drain()
    assert "已重新执行或者排队的 2 件，不能重试的 0 件" in words(admin.get(again).text)
    assert "没有异常" in words(admin.get("/monitor").text)
    assert words(admin.get("/monitor/batches").text).count("重试同一原因的异常") == 2
    with bench.desk.store.read() as tx:
        assert [n.state for case in (stuck, other) for n in tx.notices.select(case_id=case)] == ["running", "running"]
        assert all(any(event.action == "retried" for event in tx.history.newest(case)) for case in (stuck, other))
    assert admin.post(one, {"act": "alike"}).status_code == 302
    assert "已经处理" in words(admin.get("/monitor/incidents").text)


def test_the_office_reads_incidents_and_cannot_retry(browse: Browse, stuck: int) -> None:
    office = browse("office")
    desk = office.get("/monitor/incidents").text
    assert "发布公示" in words(desk)
    assert "/settle" not in desk
    assert "怎么办" not in desk, "what an administrator does is for administrators to read"
    page = office.get("/monitor").text
    assert ("查看 1 件异常" in page, "处置 1 件异常" in page) == (True, False)
    assert office.post("/monitor/incidents/1/settle", {"act": "alike"}).status_code == 403


"""More than stand on the monitor itself."""


@pytest.fixture
def case(bench: Bench) -> int:
    """An application that its applicant fills in."""
    return bench.started()


def incidents(bench: Bench, case_id: int, count: int, element: str) -> None:
    """Report so many incidents of one cause in a case."""
    said = {"zh": f"{element}没有成功", "en": f"{element} failed"}
    with bench.desk.store.write() as tx:
        for number in range(count):
            tx.incidents.open(
                IncidentRow(
                    jurisdiction="testville",
                    case_id=case_id,
                    engine_id=f"{element}{number}",
                    element=element,
                    kind="service",
                    what=said,
                    consequence=said,
                    remedy=said,
                    since=bench.clock.now(),
                )
            )


def test_a_task_that_nobody_can_do_is_told(bench: Bench, browse: Browse, case: int) -> None:
    [task] = bench.tasks(case)
    assert "没有人能办" not in browse("admin").get("/monitor").text
    with bench.desk.store.write() as tx:
        for row in tx.memberships.select(role=task.role):
            tx.people.change(row.person_id, active=False)
    page = words(browse("admin").get("/monitor").text)
    assert "1 件待办没有人能办 测试市，没有人担任“申报组织”：甲公司。" in page
    assert "看哪些单位没有人员" in page
    assert "没有异常" not in page


def test_an_incident_of_no_place_stands_on_the_monitor_of_all(bench: Bench, browse: Browse) -> None:
    said = {"zh": "收件服务器不接受邮箱", "en": "an address is refused"}
    with bench.desk.store.write() as tx:
        tx.incidents.open(
            IncidentRow(
                jurisdiction="*", kind="mail", what=said, consequence=said, remedy=said, since=bench.clock.now()
            )
        )
    admin = browse("admin")
    page = admin.get("/monitor").text
    assert "收件服务器不接受邮箱" in page
    assert "没有异常" not in page
    figures = [admin.get(f"/api/v1/monitor{of}").get_json()["figures"] for of in ("", "?jurisdiction=testville")]
    assert [one["incidents"] for one in figures] == [1, 0]
    assert "收件服务器不接受邮箱" not in browse("office").get("/monitor").text


def test_working_days_ahead_are_counted_in_the_calendar_of_each_place() -> None:
    """In 2026 Kizilsu rests longer for Eid al-Adha than the nation; a day counts where any place works."""
    calendars = load_calendars(bundled_calendars())
    nation, kizilsu = calendars["cn"], calendars["cn-xinjiang-kizilsu"]
    today = next(
        day for n in range(365) if nation.is_working(day := date(2026, 1, 5) + timedelta(n)) != kizilsu.is_working(day)
    )
    for calendar in (nation, kizilsu):
        alone = working_days_ahead([calendar], today)
        assert len(alone) == WORKING_DAYS
        assert all(map(calendar.is_working, alone))
    for order in ((nation, kizilsu), (kizilsu, nation)):
        together = working_days_ahead(order, today)
        for calendar in order:
            assert {*working_days_ahead([calendar], today)} <= {*together}
        assert together[0] == today
        assert all(any(c.is_working(day) for c in order) for day in together)


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
        bench.complete(case, bench.office, {"decision": "fail"})
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


LINE = re.compile(r'<tr data-kind="testville/prize/application">(.*?)</tr>', re.DOTALL)
ROW = r'data-row="(\d+)"'


@pytest.fixture
def five(bench: Bench) -> list[int]:
    """Five applications: two refused at once, one late, two with the office."""
    cases = []
    for number in range(5):
        cases.append(bench.started())
        [task] = bench.tasks(cases[-1])
        if number != 2:
            complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    for case in cases[:2]:
        bench.complete(case, bench.office, {"decision": "fail", "reason": "成立不满三年"})
    with bench.desk.store.write() as tx:
        [task] = tx.tasks.open_of_case(cases[3])
        tx.tasks.step(task.id, task.version, due_at=bench.clock.now() - timedelta(seconds=1))
    return cases


def test_a_round_that_waits_for_a_vote_says_so(bench: Bench, browse: Browse) -> None:
    case = bench.started()
    [task] = bench.tasks(case)
    with bench.desk.store.write() as tx:
        tx.tasks.step(task.id, task.version, kind="ballot")
    bench.started()
    office = browse("office")
    page = LINE.findall(office.get("/monitor/report").text)[0]
    [url] = re.findall(r'<a href="([^"]+voting=1)">未投票', page)
    assert re.findall(ROW, office.get(url.replace("&amp;", "&")).text) == [str(case)]
    line = re.sub(r"<[^>]+>", "", page)
    assert "等待表决" in line
    assert "未投票 1 票" in line
    assert "—" not in line


@pytest.mark.usefixtures("five")
def test_it_says_who_is_waited_for(bench: Bench, browse: Browse) -> None:
    page = browse("office").get("/monitor/report?jurisdiction=testville").text
    line = LINE.findall(page)[0]
    assert "办公室 2" in re.sub(r"<[^>]+>", "", line), line
    assert 'href="/monitor/report?jurisdiction=testville&amp;format=csv"' in page
    table = browse("office").get("/monitor/report?jurisdiction=testville&format=csv").data.decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(table)))
    assert (row["等待谁"], row["待办"]) == ("办公室 2；申报组织 1", "3")


@pytest.mark.usefixtures("five")
def test_the_log_has_a_head_for_each_day(browse: Browse) -> None:
    heads = re.findall(r'<th scope="rowgroup"[^>]*>([^<]+)</th>', browse("office").get("/log").text)
    assert heads == sorted(set(heads), reverse=True)
    assert "2026年3月2日（周一）" in heads


def test_it_is_for_overseers_and_says_when_there_is_nothing(browse: Browse) -> None:
    assert "还没有办件" in browse("office").get("/monitor/report").text
    assert browse("applicant").get("/monitor/report").status_code == 403
    assert browse("office").get("/monitor/report?jurisdiction=elsewhere").status_code == 404
