"""Statements and writes of pages and forms."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from service.casework.simulate.stage.stage import PlayState
from service.web.frame.page.frame import flash
from service.web.frame.requests.cookies import COOKIE, SESSION
from tests.bench.season import AUDITOR, TASK, prepare
from tests.support.browsers import Browse, Browser
from tests.support.counted_person import CountedPerson
from tests.support.desks import Bench
from tests.support.statements import statements_of


class District(CountedPerson):
    """A person of the district, what they fill in, and what waits for them."""

    def __init__(self, stage: PlayState, form: Mapping[str, Any]) -> None:
        person = stage.cast.actor(AUDITOR).person_id
        assert person is not None
        super().__init__(stage.desk, person)
        self.form = json.loads(json.dumps(form, default=str))
        with self.store.read() as tx:
            open_tasks = [t for case in stage.cases.values() for t in tx.tasks.open_of_case(case)]
        with self.store.write() as tx:  # of unread messages every page counts how many there are
            tx.mail.change_where({"person_id": person}, read_at=stage.desk.clock.now())
        self.waiting = [task.id for task in open_tasks if task.element == TASK]


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    stage, form = prepare(tmp_path_factory.mktemp("district"), 6)
    warm = District(stage, form)
    _fill(warm)  # what a process reads once is no cost of a form
    yield warm
    stage.desk.store.close()


def _fill(district: District) -> None:
    task = district.waiting.pop()
    district.client.get(f"/tasks/{task}")
    answer = district.client.post(f"/tasks/{task}", data=district.filled_in(task, district.form))
    district.client.get(answer.headers["Location"])
    district.program.get(f"/api/v1/tasks/{task}", headers=district.bearer)


def test_a_form_from_its_page_to_the_next_takes_few_statements_and_one_write(district: District) -> None:
    task = district.waiting.pop()
    sent = district.filled_in(task, district.form)
    with district.counted() as page:
        assert district.client.get(f"/tasks/{task}").status_code == 200
    with district.counted() as submit:
        answer = district.client.post(f"/tasks/{task}", data=sent)
    assert (answer.status_code, district.task(task).state) == (302, "done")
    with district.counted() as following:
        shown = district.client.get(answer.headers["Location"]).text
    assert "”已提交。" in shown
    assert [page["writes"], submit["writes"], following["writes"]] == [0, 1, 0]
    limits = {"page": 12, "submit": 15, "following": 11}
    counts = {"page": page["statements"], "submit": submit["statements"], "following": following["statements"]}
    assert {name: count for name, count in counts.items() if count > limits[name]} == {}
    assert "”已提交。" not in district.client.get(answer.headers["Location"]).text


def test_a_completion_by_a_program_asks_for_what_it_changes_alone(district: District) -> None:
    task = district.waiting.pop()
    body = {"version": district.task(task).version, "values": district.form}
    with district.counted() as completion:
        answer = district.program.post(f"/api/v1/tasks/{task}/complete", json=body, headers=district.bearer)
    assert (answer.status_code, completion) == (200, {"statements": 9, "writes": 1})


def test_opening_a_page_changes_no_version_and_is_noted_once(district: District) -> None:
    task = district.waiting.pop()
    before = district.task(task)
    with district.counted() as first:
        district.client.get(f"/tasks/{task}")
    after = district.task(task)
    assert (before.opened_at, after.version, first["writes"]) == (None, before.version, 1)
    assert after.opened_at is not None
    with district.counted() as again:
        district.client.get(f"/tasks/{task}")
    assert (again["writes"], district.task(task)) == (0, after)


def test_what_is_told_bears_the_mark_of_its_session(district: District) -> None:
    task = district.waiting[-1]
    district.client.post(f"/tasks/{task}", data=district.filled_in(task, district.form, "save"))
    cookie = district.client.get_cookie(COOKIE)
    assert cookie is not None
    forged = "W1sib2siLCJzaWduIGluIGFnYWluIl1d"  # [["ok","sign in again"]]
    district.client.set_cookie(COOKIE, f"{forged}.{cookie.value.partition('.')[2]}")
    page = district.client.get("/tasks?scope=body").text
    assert "待办" in page
    assert "sign in again" not in page


def test_what_is_too_long_for_a_cookie_waits_in_the_session(district: District) -> None:
    with district.app.test_request_context("/tasks", headers={"Cookie": f"{SESSION}={district.token}"}):
        district.app.preprocess_request()
        for number in range(60):
            flash(f"第{number}项没有提交：此事项已经办结。")
        district.app.process_response(district.app.response_class())
    assert district.client.get("/tasks?scope=body").text.count("项没有提交") == 60
    assert "项没有提交" not in district.client.get("/tasks?scope=body").text


def cost(bench: Bench, browser: Browser, path: str) -> int:
    browser.get(path)  # what is remembered for a minute is remembered now
    with statements_of(bench.desk.store) as seen:
        assert browser.get(path).status_code == 200
    return len([sql for sql, _ in seen if not sql.startswith("PRAGMA")])


@pytest.fixture
def busy(bench: Bench) -> Bench:
    for _ in range(12):
        bench.submitted()
    return bench


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/tasks?scope=body", 9),
        ("/tasks/new?scope=body&since=0", 4),
        ("/cases", 8),
        ("/tasks/2", 12),
        ("/cases/1", 14),
        ("/monitor", 15),
        ("/inbox", 5),  # it is empty, and says what comes next, an office's sittings among it
    ],
)
def test_a_page_costs_few_statements(busy: Bench, browse: Browse, path: str, most: int) -> None:
    assert cost(busy, browse("office"), path) <= most
