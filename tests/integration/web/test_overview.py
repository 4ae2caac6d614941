"""The overview sums up by place and kind of case, and each of its numbers opens a list of that length."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from service.domain.calendar import end_of_day, local_date
from service.store.rows import SubscriptionRow
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]
LINE = re.compile(r'<tr data-kind="testville/prize/application">(.*?)</tr>', re.DOTALL)
LINKED = re.compile(r'data-label="([^"]+)"><a href="([^"]+)">(\d+)</a>')
AWAITED = re.compile(r'<a href="(/tasks\?scope=overseen[^"]+role=[^"]+)">(\d+)</a>')
DUE = re.compile(r'<a href="(/tasks\?scope=overseen&amp;due=[^"]+)">(\d+)</a>')
WEEK = re.compile(r'<a href="(/cases\?(?:started|finished)=[^"]+)">(\d+)</a>')
ROW = r'data-row="(\d+)"'


@pytest.fixture
def season(bench: Bench) -> list[int]:
    """Five applications: two refused at once, one late, two with the office."""
    cases = []
    for number in range(5):
        cases.append(start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True}))
        [task] = bench.tasks(cases[-1])
        if number != 2:
            complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    for case in cases[:2]:
        [task] = bench.tasks(case)
        complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "fail"})
    with bench.desk.store.write() as tx:
        [task] = tx.tasks.open_of_case(cases[3])
        tx.tasks.update(task.id, task.version, due_at=bench.clock.now() - timedelta(seconds=1))
    return cases


@pytest.mark.usefixtures("season")
def test_every_number_opens_as_many(browse: Browse) -> None:
    office = browse("office")
    page = office.get("/monitor/overview").text
    found = {label: (int(n), url.replace("&amp;", "&")) for label, url, n in LINKED.findall(LINE.findall(page)[0])}
    assert {label: n for label, (n, _) in found.items()} == {"在办": 3, "待办": 3, "逾期": 1, "已办结": 2}
    none = re.findall(r'<td class="number is-none" data-label="([^"]+)">', LINE.findall(page)[0])
    assert none == ["期限", "异常"], "a narrow screen leaves out what is zero"
    for label, (count, url) in found.items():
        rows = re.findall(ROW, office.get(url).text)
        assert len(set(rows)) == count, label
    assert "去掉此条件" in office.get(found["已办结"][1]).text
    waited = [(int(n), url.replace("&amp;", "&")) for url, n in AWAITED.findall(page)]
    assert sum(n for n, _ in waited) == found["待办"][0]
    for count, url in waited:
        assert len(set(re.findall(ROW, office.get(url).text))) == count, url


@pytest.mark.usefixtures("season")
def test_a_day_opens_what_is_due_on_it(bench: Bench, browse: Browse) -> None:
    today = local_date(bench.clock.now())
    with bench.desk.store.write() as tx:
        for case, moment in ((4, end_of_day(today)), (5, end_of_day(today + timedelta(days=1)))):
            [task] = tx.tasks.open_of_case(case)
            tx.tasks.update(task.id, task.version, due_at=moment)
    office = browse("office")
    days = {url: int(n) for url, n in DUE.findall(office.get("/monitor/overview?jurisdiction=testville").text)}
    assert sum(days.values()) == 2
    for url, count in days.items():
        page = office.get(url.replace("&amp;", "&")).text
        assert len(set(re.findall(ROW, page))) == count, url
        assert "到期" in page


def test_timers_of_one_kind_are_as_many_as_the_overview_says(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    office = browse("office")
    found = {
        label: (int(n), url) for label, url, n in LINKED.findall(LINE.findall(office.get("/monitor/overview").text)[0])
    }
    count, url = found["期限"]
    assert count == len(re.findall(ROW, office.get(url.replace("&amp;", "&")).text)) > 0
    assert office.get("/api/v1/monitor/timers?process=other").get_json()["total"] == 0
    line = LINE.findall(office.get("/monitor/overview").text)[0]
    assert "等待 2026年3月9日" in re.sub(r"<[^>]+>", "", line), "nobody is waited for, but a day is"
    listed = office.get("/monitor/timers").text
    narrowed = office.get("/monitor/timers?jurisdiction=testville").text
    assert ('data-label="辖区"' in listed, 'data-label="辖区"' in narrowed) == (True, False)


def test_a_round_that_waits_for_a_vote_says_so(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    [task] = bench.tasks(case)
    with bench.desk.store.write() as tx:
        tx.tasks.update(task.id, task.version, kind="ballot")
    start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    office = browse("office")
    page = LINE.findall(office.get("/monitor/overview").text)[0]
    [url] = re.findall(r'<a href="([^"]+voting=1)">未投票', page)
    assert re.findall(ROW, office.get(url.replace("&amp;", "&")).text) == [str(case)]
    line = re.sub(r"<[^>]+>", "", page)
    assert "等待表决" in line
    assert "未投票 1 票" in line
    assert "—" not in line


@pytest.mark.usefixtures("season")
def test_it_says_who_is_waited_for_and_what_the_weeks_brought(bench: Bench, browse: Browse) -> None:
    page = browse("office").get("/monitor/overview?jurisdiction=testville").text
    line = LINE.findall(page)[0]
    assert "办公室 2" in re.sub(r"<[^>]+>", "", line), line
    weeks = re.findall(r'<th scope="row">(新发起|办结)</th>(.*?)</tr>', page, re.DOTALL)
    behind = {name: WEEK.findall(cells) for name, cells in weeks}
    assert {name: sum(int(n) for _, n in found) for name, found in behind.items()} == {"新发起": 5, "办结": 2}
    office = browse("office")
    for url, count in (each for found in behind.values() for each in found):
        assert len(set(re.findall(ROW, office.get(url.replace("&amp;", "&")).text))) == int(count), url
        other = re.sub(r"\d{4}-\d\d-\d\d", "2026-02-23", url.replace("&amp;", "&"))
        assert re.findall(ROW, office.get(other).text) == [], "the week before brought nothing"
    wrong = office.get("/cases?started=yesterday")
    assert (wrong.status_code, "yesterday" in wrong.text) == (422, True)
    with bench.desk.store.statements() as sent:
        browse("office").get("/monitor/overview")
    assert len([sql for sql, _ in sent if "tally" in sql]) == 4


def test_it_is_for_overseers_and_says_when_there_is_nothing(browse: Browse) -> None:
    assert "还没有办件" in browse("office").get("/monitor/overview").text
    assert browse("applicant").get("/monitor/overview").status_code == 403
    assert browse("office").get("/monitor/overview?jurisdiction=elsewhere").status_code == 404


@pytest.mark.usefixtures("season")
def test_programs_get_the_same(browse: Browse) -> None:
    office = browse("office")
    [line] = office.get("/api/v1/monitor/overview").get_json()["lines"]
    assert {key: line[key] for key in ("running", "waiting", "overdue", "finished")} == {
        "running": 3,
        "waiting": 3,
        "overdue": 1,
        "finished": 2,
    }
    assert sum(each["tasks"] for each in line["waits_for"]) == 3
    found = office.get("/api/v1/monitor").get_json()
    assert found["figures"]["waiting"] == sum(step["tasks"] for step in found["steps"]) == 3
    heat = office.get(f"/api/v1/monitor/heat?package={PACKAGE}").get_json()
    assert sum(each["count"] for each in heat["lines"]) == 3
    assert office.get("/api/v1/monitor/timers").get_json()["total"] == 0
    assert browse("applicant").get("/api/v1/monitor").status_code == 403


def test_what_waits_for_other_cases_opens_those_that_wait(bench: Bench, browse: Browse) -> None:
    waits, other = (
        start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True}) for _ in range(2)
    )
    with bench.desk.store.write() as tx:
        for case in (waits, other):
            [task] = tx.tasks.open_of_case(case)
            tx.tasks.update(task.id, task.version, state="cancelled")
            place = {"process_id": task.process_id, "element": task.element}
            row = SubscriptionRow(case_id=case, engine_id="e", message="m", created_at=bench.clock.now(), **place)
            held = [one.engine_id for one in tx.cases.subscriptions(case)]
            tx.cases.replace_subscriptions(case, [row] if case == waits else [], held)
    office = browse("office")
    line = LINE.findall(office.get("/monitor/overview").text)[0]
    [(url, count)] = re.findall(r'<a href="([^"]+)">等待其他办件 (\d+) 处', line)
    listed = office.get(url.replace("&amp;", "&")).text
    assert (re.findall(ROW, listed), count) == ([str(waits)], "1")
    assert "等待其他办件的消息" in listed
    asked = {one["id"] for one in office.get("/api/v1/cases?awaiting=1").get_json()["cases"]}
    assert asked == {waits}


@pytest.mark.usefixtures("season")
def test_each_column_stands_above_its_own_figures(browse: Browse) -> None:
    """The columns had the width of the whole table, names and all, so that each stood above another week's figures."""
    page = browse("office").get("/monitor/overview").text
    _days, weeks = re.findall(r'<table class="chart-table">.*?</table>', page, re.DOTALL)
    drawn, named = (re.findall(r"<tr.*?</tr>", weeks, re.DOTALL)[n] for n in (0, 1))
    above = re.findall(r"<td>(.*?)</td>", drawn, re.DOTALL)
    assert len(above) == 1 + named.count("<th") == 13
    high = [[float(value) for value in re.findall(r'height="([\d.]+)"', column)] for column in above]
    figures = [re.findall(r"<td>(?:<a[^>]*>)?(\d+)", line) for line in re.findall(r"<tr><th.*?</tr>", weeks, re.DOTALL)]
    assert [[value > 0 for value in column] for column in high[1:]] == [
        [int(value) > 0 for value in column] for column in zip(*figures, strict=True)
    ]
