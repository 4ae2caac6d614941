"""Narrowed to a round, lists of tasks hold all that stands below it: the objection against an application too."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

import openpyxl
import pytest
from flask import Flask

from service.casework.people.factors.sessions import acting_as
from service.casework.queries.own_place.home import view_home
from service.casework.queries.tasks.list_tasks import TaskQuery, list_tasks
from service.store import CaseFilter
from service.web.demo.cities import cities
from service.web.frame.requests.current import DESK
from tests.integration.web.test_demo import play
from tests.support.demonstration import demonstration

CITIES = [city.id for city in cities()]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("round"))
    yield app
    app.extensions[DESK].store.close()


def office_of(city: str) -> str:
    staff = next(one for one in cities() if one.id == city).people["staff"]
    return str(next(one["login"] for one in staff if one["role"] == "office"))


def running_round(demo: Flask, city: str) -> int:
    with demo.extensions[DESK].store.read() as tx:
        [row] = tx.cases.search(CaseFilter([city], "round", live=True))
    return row.id


def test_the_objection_with_its_time_limit_stays_in_the_list_of_its_round(demo: Flask) -> None:
    desk, number = demo.extensions[DESK], running_round(demo, "urumqi")
    office = acting_as(desk, "office.wang")
    assert office is not None
    [objection] = [task for task in view_home(desk, office).unclaimed if "异议" in task.title]
    browser = play(demo, "office.wang")
    listed = browser.get(f"/tasks?scope=body&round={number}").text
    assert f'data-row="{objection.id}"' in listed
    assert f'<option value="{number}" selected>第一届乌鲁木齐市人民政府质量奖（{listed.count("data-row=")}）' in listed
    table = openpyxl.load_workbook(io.BytesIO(browser.get(f"/tasks.xlsx?scope=body&round={number}").data)).active
    assert table is not None
    assert any(objection.subject in row for row in table.iter_rows(values_only=True))
    told = browser.get(f"/api/v1/tasks?scope=body&round={number}").get_json()
    assert objection.id in {task["id"] for task in told["tasks"]}


@pytest.mark.parametrize("city", CITIES)
def test_every_task_is_in_the_list_of_the_round_that_its_case_hangs_on(demo: Flask, city: str) -> None:
    desk = demo.extensions[DESK]
    office = acting_as(desk, office_of(city))
    assert office is not None
    every = list_tasks(desk, office, TaskQuery("overseen"), choosing=True)
    below: dict[int, set[int]] = {}
    with desk.store.read() as tx:
        for task in every.lines:
            case = tx.cases.get(task.case_id)
            while case.parent_id is not None:
                case = tx.cases.get(case.parent_id)
            below.setdefault(case.id, set()).add(task.id)
    assert below[running_round(demo, city)]
    for scope in ("overseen", "visible", "body", "unclaimed"):
        page = list_tasks(desk, office, TaskQuery(scope), choosing=True)
        for choice in page.choices.rounds:
            narrowed = list_tasks(desk, office, TaskQuery(scope, round_id=int(choice.value)), choosing=True)
            found = {line.id for line in narrowed.lines}
            assert found == below[int(choice.value)] & {line.id for line in page.lines}, (scope, choice.name)
            assert choice.tasks in (None, len(found)), (scope, choice.name)
            assert len(found) == sum(step.tasks or 0 for step in narrowed.choices.steps) or choice.tasks is None


def test_a_kept_view_of_a_round_counts_what_its_list_holds(demo: Flask) -> None:
    number, browser = running_round(demo, "urumqi"), play(demo, "office.wang")
    page = browser.get("/tasks?scope=body").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    kept = {"scope": "body", "round": str(number), "label": "本届的事项", "csrf_token": token[1]}
    assert browser.post("/tasks/views", data=kept).status_code == 302
    page = browser.get(f"/tasks?scope=body&round={number}").text
    count = re.search(r'本届的事项<span class="count">(\d+)', page)
    assert count is not None
    assert int(count[1]) == page.count("data-row=")
