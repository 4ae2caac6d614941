"""The overview sums up by place and kind of case, and each of its numbers opens a list of that length."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from service.casework.tasks.complete import complete_task
from tests.support.browsers import Browse
from tests.support.desks import Bench

LINE = re.compile(r'<tr data-kind="testville/prize/application">(.*?)</tr>', re.DOTALL)
ROW = r'data-row="(\d+)"'


@pytest.fixture
def season(bench: Bench) -> list[int]:
    """Five applications: two refused at once, one late, two with the office."""
    cases = []
    for number in range(5):
        cases.append(bench.started())
        [task] = bench.tasks(cases[-1])
        if number != 2:
            complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01"})
    for case in cases[:2]:
        [task] = bench.tasks(case)
        complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "fail", "reason": "成立不满三年"})
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


@pytest.mark.usefixtures("season")
def test_it_says_who_is_waited_for(bench: Bench, browse: Browse) -> None:
    page = browse("office").get("/monitor/report?jurisdiction=testville").text
    line = LINE.findall(page)[0]
    assert "办公室 2" in re.sub(r"<[^>]+>", "", line), line


def test_it_is_for_overseers_and_says_when_there_is_nothing(browse: Browse) -> None:
    assert "还没有办件" in browse("office").get("/monitor/report").text
    assert browse("applicant").get("/monitor/report").status_code == 403
    assert browse("office").get("/monitor/report?jurisdiction=elsewhere").status_code == 404
