"""The task list narrowed: only by what is there, each choice with its count."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook

from service.casework.people.factors.sessions import acting_as
from service.casework.queries.tasks.task_list import TaskQuery, list_tasks
from service.casework.tasks.claim import claim_task
from service.store import CaseFilter
from service.web.demo.cities import list_demo_cities
from service.web.frame.requests.current import DESK
from tests.support.browsers import Browse
from tests.support.desks import Bench, resume_case, suspend_case


@pytest.fixture
def three(bench: Bench) -> Bench:
    """Two applications that wait for the office's review, and one that is still being filled in."""
    for who in (bench.applicant, bench.stranger):
        bench.submitted(by=who)
    bench.started()
    return bench


def rows(page: str) -> list[str]:
    return re.findall(r'data-row="(\d+)"', page)


def test_a_filter_whose_value_is_gone_says_so_and_shows_no_id(three: Bench, browse: Browse) -> None:
    office = browse("office")
    for asked, word in (("step=old/gone", "环节"), ("round=987", "届次"), ("due=nonsense", "期限")):
        page = office.get(f"/tasks?scope=visible&{asked}").text
        assert f"{word}" in page
        assert "去掉此条件" in page or "未按期限筛选" in page
        assert "old/gone" not in re.sub(r"<[^>]+>", "", page)
        assert "987" not in re.sub(r"<[^>]+>", "", page)
    assert len(rows(office.get("/tasks?scope=visible&due=nonsense").text)) == 3
    assert "没有所要的待办范围" in office.get("/tasks?scope=nonsense").text
    for asked in ("order=loudest", "stage=审核"):
        page = office.get(f"/tasks?scope=visible&{asked}").text
        assert f"“{asked}”" in page  # said, not left out in silence
        assert len(rows(page)) == 3
    assert (
        "order 可以是：matter、case、step、came、who、-matter" in office.get("/tasks?scope=visible&order=loudest").text
    )
    assert "地址中的" not in office.get("/tasks?scope=visible&order=-came&page=1&q=").text


def heads(page: str) -> dict[str, tuple[str, str]]:
    """Return how each column is sorted and where its head leads, by its name."""
    found = re.findall(r'<th scope="col" aria-sort="(\w+)"><a href="([^"]+)">([^<]+)', page)
    return {label: (how, unescape(href)) for how, href, label in found}


def test_a_column_is_put_in_order_and_turned_round_by_its_head(three: Bench, browse: Browse) -> None:
    office = browse("office")
    by_due = office.get("/tasks?scope=visible").text
    assert heads(by_due)["期限"][0] == "ascending"
    first = office.get(heads(by_due)["到达"][1]).text
    assert heads(first)["到达"][0] == "ascending"
    turned = office.get(heads(first)["到达"][1]).text
    assert heads(turned)["到达"][0] == "descending"
    assert set(rows(first)) == set(rows(turned)) == set(rows(by_due))
    by_case = office.get("/tasks?scope=visible&order=case").text
    subjects = re.findall(r'class="org"[^>]*>([^<]+)', by_case)
    assert subjects == sorted(subjects)


def test_what_one_has_done_is_listed_newest_first_and_leads_back(
    three: Bench, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    for case in (2, 1):
        three.clock.move_to(three.clock.now() + timedelta(days=20 if case == 1 else 1))
        three.complete(case, three.office, {"decision": "pass"})
    monkeypatch.setattr("service.casework.lists.PAGE", 1)
    office = browse("office")
    first = office.get("/tasks/done").text
    assert ('href="/cases/1"' in first, 'href="/cases/2"' in first, "逾期办结" in first) == (True, False, True)
    led = re.search(r'class="row-link" href="(/cases/1/forms/[0-9]+)"', first)
    assert led, "to what was submitted"
    assert "甲公司" in office.get(led[1]).text
    follow = re.search(r'href="([^"]+)" rel="next"', first)
    assert follow
    second = office.get(unescape(follow[1])).text
    assert ('href="/cases/2"' in second, "逾期办结" in second, 'rel="next"' in second) == (True, False, False)
    asked = re.search(r'href="(/tasks/done\?[^"]*format=xlsx)"', first)
    assert asked
    sheet = load_workbook(io.BytesIO(office.get(unescape(asked[1])).data)).active
    assert sheet is not None
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [(line[1], line[3], line[6]) for line in lines] == [("办结", "甲公司", "是"), ("办结", "乙公司", "否")]
    narrowed = load_workbook(io.BytesIO(office.get("/tasks/done?q=乙公司&format=xlsx").data)).active
    assert narrowed is not None
    assert narrowed.max_row == 2
    assert "甲公司" in office.get("/tasks/done?q=甲公司").text
    assert "没有找到" in office.get("/tasks/done?q=丙公司").text
    told = office.get("/api/v1/tasks/done").json
    assert [one["case_id"] for one in told["tasks"]] == [1]
    older = office.get(f"/api/v1/tasks/done?after={quote(told['next'])}").json["tasks"]
    assert [one["case_id"] for one in older] == [2]
    assert "您还没有办结的事项" in browse("second").get("/tasks/done").text


def test_what_comes_next_is_never_suspended_or_claimed_by_a_colleague(three: Bench, browse: Browse) -> None:
    first, second = (task for case in (1, 2) for task in three.tasks(case))
    for done, following in ((first.case_id, first), (second.case_id, second)):
        assert f'下一项：<a href="/tasks/{following.id}"' in browse("office").get(f"/tasks?done={done}&scope=body").text
    page = browse("office").get(f"/tasks?done=99&like={first.process_id}/{first.element}&scope=body").text
    assert f'下一件：<a href="/tasks/{first.id}"' in page
    assert browse("admin").get("/tasks?done=1").headers["Location"] == "/home"  # all that they see is others' work
    assert browse("admin").get("/tasks").status_code == 200
    claim_task(three.desk, three.second, first.id, first.version)
    page = browse("office").get("/tasks?done=1&scope=body").text
    assert rows(page) == [str(first.id), str(second.id)]
    assert f'下一项：<a href="/tasks/{second.id}"' in page
    suspend_case(three.desk, three.admin, second.case_id, "核实情况")
    page = browse("office").get("/tasks?done=1&scope=body").text
    assert rows(page) == [str(first.id), str(second.id)]
    assert "下一项" not in page
    resume_case(three.desk, three.admin, second.case_id, "核实完毕")
    claim_task(three.desk, three.second, second.id, second.version)
    assert "下一项" not in browse("office").get("/tasks?done=1&scope=body").text


def test_what_one_began_is_a_tab_away_and_shows_nothing_of_others(three: Bench, browse: Browse) -> None:
    me = browse("applicant")
    assert 'href="/cases?mine=1"' in me.get("/tasks").text
    page = me.get("/cases?mine=1").text
    assert sorted(rows(page)) == ["1", "3"]
    assert "我发起的" in page
    assert rows(browse("office").get("/cases?mine=1").text) == []
    assert [one["id"] for one in me.get("/api/v1/cases?mine=1").json["cases"]] == [3, 1]


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
