"""A scenario recorded in the sandbox: the real forms, person by person, kept as a file that plays green."""

from __future__ import annotations

import re

import pytest

from service.casework.studio.scenarios.run_scenarios import view_scenario
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown


@pytest.fixture
def browser(example: ExampleTown) -> Browser:
    return Browser(make_app(example), example, "designer")


def place(example: ExampleTown) -> str:
    return f"/studio/drafts/{example.draft}/scenarios/record"


def begun(example: ExampleTown, browser: Browser) -> None:
    """A recording with a round that takes applications, and one application."""
    here = place(example)
    names = "示例重工有限公司\n示例小厂有限公司"
    browser.post(here, {"do": "begin", "title": "两个角色", "start": "2026-03-02", "organisations": names})
    opened = {"round_name": "第一届", "year": "2026", "deadline": "2026-03-10"}
    browser.post(f"{here}/start?process=round&who=office&parent=", opened)
    applied = {
        "tier": "quality",
        "founded_on": "2010-05-01",
        "employees": "1200",
        "accident": "no",
        "merit": "全面质量管理。",
    }
    answer = browser.post(f"{here}/start?process=application&who=甲&parent=评选届次", applied)
    assert answer.status_code == 302, answer.text


def test_two_people_are_recorded_and_the_file_plays_green(example: ExampleTown, browser: Browser) -> None:
    here = place(example)
    begun(example, browser)
    board = browser.get(here).text
    task = re.search(r"record/tasks/(\d+)", board)
    assert task, board
    cases = re.findall(r'<li><span class="tag tag-(?:ok|quiet)">([^<]*)</span> ([^<]*)</li>', board)
    assert cases == [("进行中", "评选届次：第一届"), ("进行中", "申报：示例重工有限公司")], (
        "how each case stands is shown"
    )
    page = browser.get(f"{here}/tasks/{task[1]}").text
    assert "decision" in page
    assert browser.post(f"{here}/tasks/{task[1]}", {"decision": "accept"}).status_code == 302
    assert browser.post(here, {"do": "clock", "to": "2026-03-12T09:00"}).status_code == 302
    lines = browser.get(f"{here}/finish").text
    assert "2026年3月16日" in lines, "the day by which acceptance was to be decided is offered"
    ticked = re.findall(r'name="expect" value="(\d+)" checked', lines)
    assert ticked
    saved = browser.post(f"{here}/finish", {"expect": ticked})
    assert saved.status_code == 302, saved.text
    path = f"{FOLDER}/scenarios/liang_ge_jiao_se.yaml"
    result = example.result_of(path)
    assert result.passed, [(line.words, line.messages) for line in result.unmet] + [result.stopped_by]
    assert len(result.expected) == len(ticked)
    text = view_scenario(example.desk, example.designer, example.draft, path).text
    assert "as: 甲" in text
    assert "due: '2026-03-16'" in text or "due: 2026-03-16" in text


def test_the_last_step_is_taken_back(example: ExampleTown, browser: Browser) -> None:
    here = place(example)
    begun(example, browser)
    assert re.search(r"record/tasks/\d+", browser.get(here).text)
    browser.post(here, {"do": "undo"})
    assert "decide_acceptance" not in browser.get(here).text
    assert not re.search(r"record/tasks/\d+", browser.get(here).text)


def test_bad_input_is_answered_in_a_sentence(example: ExampleTown, browser: Browser) -> None:
    """No title, no day, time that runs backwards, a name that is no file name: refused, nothing is lost."""
    here = place(example)
    answer = browser.post(here, {"do": "begin", "title": "", "start": "2026-03-02", "organisations": "甲公司"})
    assert answer.status_code == 422
    assert "甲公司" in answer.text
    assert (
        browser.post(here, {"do": "begin", "title": "x", "start": "高", "organisations": "甲公司"}).status_code == 422
    )
    for day in ("0001-01-01", "1899-12-31", "9999-12-31"):
        refused = browser.post(here, {"do": "begin", "title": "x", "start": day, "organisations": "甲公司"})
        assert (refused.status_code, "日期请写成" in refused.text) == (422, True)
    begun(example, browser)
    for day in ("0900-01-01", "9999-12-31 23:59"):
        refused = browser.post(here, {"do": "clock", "to": day})
        assert (refused.status_code, "1900 年至 2199 年" in refused.text) == (422, True)
    assert "时间只能向前走" in browser.post(here, {"do": "clock", "to": "2025-01-01"}).text
    assert browser.post(here, {"do": "clock", "to": "明天"}).status_code == 422
    assert "编号“第一个”不能使用" in browser.post(f"{here}/finish", {"name": "第一个"}).text
    assert "编号“clean_season”已经有了" in browser.post(f"{here}/finish", {"name": "clean_season"}).text
    browser.post(here, {"do": "give_up"})
    assert "开始录制" in browser.get(here).text
