"""Narrowed to a round, lists of tasks hold all that stands below it: the objection against an application too."""

from __future__ import annotations

import pytest
from flask import Flask

from service.casework.people.factors.sessions import acting_as
from service.casework.queries.tasks.task_list import TaskQuery, list_tasks
from service.store import CaseFilter
from service.web.demo.cities import list_demo_cities
from service.web.frame.requests.current import DESK

CITIES = [city.id for city in list_demo_cities()]


def office_of(city: str) -> str:
    staff = next(one for one in list_demo_cities() if one.id == city).people["staff"]
    return str(next(one["login"] for one in staff if one["role"] == "office"))


def running_round(demo: Flask, city: str) -> int:
    with demo.extensions[DESK].store.read() as tx:
        [row] = tx.cases.search(CaseFilter([city], "round", live=True))
    return row.id


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
