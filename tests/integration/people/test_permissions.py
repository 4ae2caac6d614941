"""The table of permissions cell by cell, through the real routes; and that nobody sees what is others'."""

import re

import pytest
from flask import Flask

from service.casework.access.actions import Who
from service.casework.access.actor import THREE_OFFICES
from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from service.web.frame.requests.current import VISITOR
from service.web.frame.requests.guarding import OPEN_ENDPOINTS
from tests.support.browsers import Browse
from tests.support.desks import PACKAGE, Bench
from tests.support.officers import officer

WHO = ("visitor", "applicant", "office", "admin", *THREE_OFFICES)
CHANGING = ("people.manage", "rights.change", "rights.decide")
PLACES = {
    "task_id": "1", "case_id": "1", "form_id": "1", "notice_id": "1", "document_id": "1", "upload_id": "none",
    "incident_id": "1", "person_id": "1", "membership_id": "1", "jurisdiction": "testville", "award": "prize",
    "process": "application", "action": "withdraw",
}  # fmt: skip


@pytest.fixture
def season(bench: Bench) -> Bench:
    case_id = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    (task,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.applicant, task.id, task.version, {"founded_on": "2010-05-01", "contact": "张三丰"})
    (task,) = bench.tasks(case_id)
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})
    return bench


def routes(app: Flask):
    for rule in app.url_map.iter_rules():
        if rule.endpoint in OPEN_ENDPOINTS:
            continue
        guard = app.view_functions[rule.endpoint].guard
        chosen = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", rule.rule)
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: PLACES.get(m[1], "1"), chosen)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, path, guard


@pytest.mark.parametrize("who", WHO)
def test_every_route_lets_in_whom_the_table_lets_in(season: Bench, app: Flask, browse: Browse, who: str) -> None:
    actor = officer(season, who) if who in THREE_OFFICES else getattr(season, who, None)
    browser = browse(None if who == "visitor" else who)
    header = {"X-CSRF-Token": browser.mark()}
    for method, path, guard in routes(app):
        if "/session" in path or "sign-" in path or (guard.action in CHANGING and method == "POST"):
            continue  # these change who the browser is
        answer = browser.client.open(path, method=method, headers=header)
        admitted = guard.admits(actor) if actor else guard.admits(VISITOR)
        where = (who, method, path, answer.status_code)
        assert answer.status_code != 500, (where, re.sub(r"\s+", " ", answer.text)[-1500:])
        if not admitted:
            refused = answer.status_code in (401, 403) or "/sign-in" in answer.headers.get("Location", "")
            assert refused, where
        elif actor:
            assert answer.status_code != 401, where
    assert (browser.get("/inbox").status_code == 200) == bool(actor), "whoever asked was asking to the end"


@pytest.mark.parametrize("office", THREE_OFFICES)
def test_an_administrator_of_another_city_is_let_into_nothing_below_this_one(
    season: Bench, app: Flask, browse: Browse, office: str
) -> None:
    """Every route below a jurisdiction that is not open to everybody: to its diagrams, settings, forms, drafts."""
    officer(season, office, "elsewhere")
    browser = browse(office)
    header, asked = {"X-CSRF-Token": browser.mark()}, 0
    for method, path, guard in routes(app):
        if "/testville" not in path or guard.admits(VISITOR) or Who.PERSON in guard.who:
            continue
        answer, asked = browser.client.open(path, method=method, headers=header), asked + 1
        assert answer.status_code in (403, 404), (method, path, answer.status_code)
        assert "甲公司" not in answer.text
    assert asked > 20


def test_an_organisation_sees_nothing_of_another(season: Bench, browse: Browse) -> None:
    stranger = browse("stranger")
    for path in (
        "/cases/1",
        "/tasks/1",
        "/tasks/2",
        "/cases/1/forms/1",
        "/cases/1/diagram.json",
        "/cases/1/actions/withdraw",
        "/api/v1/cases/1",
    ):
        answer = stranger.get(path)
        assert answer.status_code == 403, path
        assert "甲公司" not in answer.text
    assert "甲公司" not in stranger.get("/cases").text
    assert "甲公司" not in stranger.get("/tasks?scope=visible").text
    assert stranger.get("/api/v1/cases").json["cases"] == []
    assert stranger.get("/api/v1/tasks?scope=visible").json["tasks"] == []


ASKED_OF_A_TASK: tuple[tuple[str, str, dict[str, object] | None], ...] = (
    ("POST", "claim", {}),
    ("POST", "complete", {"version": 1, "values": {}}),
    ("POST", "delegate", {"to_id": 1}),
    ("PUT", "draft", {"values": {}}),
    ("POST", "release", {}),
    ("POST", "return", {"version": 1, "reason": "材料不全，请补充"}),
    ("GET", "send-back", None),
    ("POST", "take-back", {"reason": "材料不全，请补充"}),
)


def test_who_counts_task_numbers_up_reads_no_title_in_a_refusal(season: Bench, browse: Browse) -> None:
    """A title says which organisation it is about and how far it has come: nobody else learns that before it is posted."""
    stranger, case = browse("stranger"), season.submitted()
    with season.desk.store.read() as tx:
        tasks = tx.tasks.of_case(case)
    assert {task.state for task in tasks} == {"open", "done"}
    for task in tasks:
        for method, act, body in ASKED_OF_A_TASK:
            path = f"/api/v1/tasks/{task.id}/{act}"
            answer = stranger.get(path) if body is None else stranger.send(method, path, body)
            assert answer.status_code in (403, 409, 422), (path, answer.text)
            assert task.title not in answer.text, (path, answer.text)
        page = stranger.post(f"/tasks/{task.id}", {"do": "submit", "version": "1"})
        assert page.status_code == 403
        assert task.title not in page.text


def test_nobody_completes_a_task_of_another_role(season: Bench, browse: Browse) -> None:
    case_id = start_case(season.desk, season.stranger, PACKAGE, "application", None, {"ready": True})
    (task,) = season.tasks(case_id)
    for who in ("applicant", "office", "admin"):
        answer = browse(who).post(f"/tasks/{task.id}", {"founded_on": "2010-05-01", "do": "submit", "version": "1"})
        assert answer.status_code == 403, who
    assert [t.state for t in season.tasks(case_id)] == ["open"]


def test_personal_data_are_masked_and_revealing_them_goes_on_record(season: Bench, browse: Browse) -> None:
    office = browse("office")
    with season.desk.store.read() as tx:
        form = next(f for f in tx.forms.of_case(1) if f.form == "application")
    page = office.get(f"/cases/1/forms/{form.id}")
    assert page.status_code == 200
    revealed = office.post(f"/cases/1/forms/{form.id}/reveal")
    assert "张三丰" in revealed.text
    with season.desk.store.read() as tx:
        events = [a.action for a in tx.history.of_case(1)]
        assert tx.history.verify(1) is None
    assert events[0] == "revealed"
    own = browse("applicant").get(f"/cases/1/forms/{form.id}").text
    assert "张三丰" in own
