"""The interface as programs use it, with bearer tokens: what a page does by the same use case, with the same refusals."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from werkzeug.test import TestResponse

from service.casework.desk.repeated_requests import MarkedRequest
from service.casework.people.factors.sessions import open_session
from tests.support.browsers import PASSWORD, give_password, make_app
from tests.support.desks import PACKAGE, Bench

PDF = base64.b64encode(b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n").decode()
MANUAL = Path(__file__).parents[3] / "deploy" / "README.md"
BEGUN = {"package": PACKAGE, "process": "application", "values": {"ready": True}}
Send = Callable[..., TestResponse]


def program(town: Any, login: str | None = None) -> Send:
    """Return what sends a request as ``login``, with a key where one is given; nobody signs in without a login."""
    client = make_app(town).test_client()
    token = open_session(town.desk, town.people[login], 12) if login else ""

    def send(method: str, path: str, body: dict[str, Any] | None = None, key: str | None = None) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {} if key is None else {"Idempotency-Key": key}
        return client.open(f"/api/v1{path}", method=method, json=body, headers=headers)

    return send


def test_the_example_of_the_manual_signs_in_lists_and_completes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    case = bench.started()
    [task] = bench.tasks(case)
    give_password(bench, "applicant")
    [example] = re.findall(r"```python\n(import httpx.*?)```", MANUAL.read_text(), re.DOTALL)
    for written, meant in (
        ('"office"', '"applicant"'),
        ('"…"', f'"{PASSWORD}"'),
        ('{"decision": "pass"}', '{"founded_on": "2010-05-01"}'),
    ):
        assert written in example
        example = example.replace(written, meant)
    through = httpx.WSGITransport(make_app(bench))
    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **said: client(transport=through, **said))
    exec(example, {})
    assert (
        capsys.readouterr().out
        == f"{task.id} {task.title}\n200 {{'case_id': {case}, 'kept': False, 'next_task_id': None}}\n"
    )


def test_a_case_goes_its_whole_way_by_calls(bench: Bench) -> None:
    applicant, office = program(bench, "applicant"), program(bench, "office")
    [option] = applicant("GET", "/start").json["options"]
    assert (option["package"], option["process"], option["name"]["zh"]) == (PACKAGE, "application", "申报")
    form = applicant("GET", f"/start/{PACKAGE}/application").json
    assert [field["path"] for field in form["fields"]] == ["ready"]
    case = applicant("POST", "/cases", BEGUN).json["case_id"]
    [task] = applicant("GET", f"/cases/{case}/tasks").json["tasks"]
    here = f"/tasks/{task['id']}"
    sent = {"field": "licence", "name": "执照.pdf", "content": PDF}
    kept = applicant("POST", f"{here}/uploads", sent).json
    assert applicant("PUT", f"{here}/draft", {"values": {"founded_on": "2010-05-01"}}).status_code == 200
    missing = applicant("POST", f"{here}/complete", {"values": {}})
    assert (missing.status_code, [error["path"] for error in missing.json["errors"]]) == (422, ["founded_on"])
    values = {"founded_on": "2010-05-01", "licence": [kept]}
    assert applicant("POST", f"{here}/complete", {"values": values}).status_code == 200
    assert applicant("GET", f"/uploads/{kept['id']}").json["content"] == PDF
    [review] = office("GET", "/tasks?scope=visible").json["tasks"]
    assert office("POST", f"/tasks/{review['id']}/claim", {"version": review["version"]}).status_code == 204
    assert office("POST", f"/tasks/{review['id']}/release", {}).status_code == 204
    assert applicant("POST", f"{here}/take-back").json["task_id"] != task["id"]
    [action] = applicant("GET", f"/cases/{case}/actions").json["actions"]
    act = f"/cases/{case}/actions/{action['id']}"
    assert [field["path"] for field in applicant("GET", act).json["fields"]] == ["reason"]
    assert applicant("POST", act, {"values": {"reason": "材料有误，重新准备"}}).status_code == 204
    assert applicant("GET", f"/cases/{case}").json["status"] == "ended"


def test_refusals_are_those_of_the_pages(bench: Bench) -> None:
    applicant, stranger, visitor = program(bench, "applicant"), program(bench, "stranger"), program(bench)
    case = applicant("POST", "/cases", BEGUN).json["case_id"]
    uploads = f"/tasks/{bench.tasks(case)[0].id}/uploads"
    for who, method, path, body, status in (
        (visitor, "POST", "/cases", BEGUN, 401),
        (stranger, "GET", f"/cases/{case}/tasks", None, 403),
        (stranger, "POST", f"/cases/{case}/actions/withdraw", {"values": {"reason": "x"}}, 403),
        (applicant, "GET", "/people", None, 403),
        (applicant, "POST", "/tasks/complete-many", {"task_ids": [10**30]}, 422),
        (applicant, "POST", "/tasks/complete-many", {"task_ids": [1], "values": {"ready": [{"n": -(10**25)}]}}, 422),
        (applicant, "POST", "/cases", {**BEGUN, "process": "nothing"}, 404),
        (applicant, "POST", f"/cases/{case}/actions/nothing", {}, 404),
        (applicant, "POST", uploads, {"field": "licence", "name": "x.exe", "content": PDF}, 422),
        (applicant, "POST", uploads, {"field": "licence", "name": "x.pdf", "content": "?"}, 422),
        (applicant, "GET", "/register?after=gestern", None, 422),
    ):
        answer = who(method, path, body)
        assert answer.status_code == status, (path, answer.text)
        assert (bool(answer.json["detail_zh"]), bool(answer.json["detail_en"])) == (True, True), path


def test_a_request_that_is_sent_again_takes_effect_once(bench: Bench) -> None:
    applicant = program(bench, "applicant")
    assert applicant("POST", "/cases", {**BEGUN, "process": "nothing"}, "first").status_code == 404
    begun = [applicant("POST", "/cases", BEGUN, "first").json for _ in range(2)]
    assert begun == [{"case_id": 1}, {"case_id": 1}]
    other = applicant("POST", "/cases", {**BEGUN, "values": {}}, "first")
    assert (other.status_code, "另一项请求" in other.json["detail_zh"]) == (409, True)
    assert applicant("POST", "/cases", BEGUN, "second").json == {"case_id": 2}
    assert program(bench, "stranger")("POST", "/cases", BEGUN, "first").json == {"case_id": 3}, (
        "a key belongs to its sender"
    )


def test_an_account_is_opened_once_and_nothing_of_its_password_is_kept(bench: Bench) -> None:
    admin = program(bench, "admin")
    seat = {"jurisdiction": "testville", "role": "office", "body_id": bench.office.seats[0].body_id}
    sent = {"login": "li.hua", "name": "李华", "seat": seat}
    first = admin("POST", "/people", {**sent, "password": "一次性的新口令-2026"}, "new")
    again = admin("POST", "/people", {**sent, "password": "另一个新的口令-2026"}, "new")
    assert (again.status_code, again.json) == (200, first.json), "of the password nothing is compared"
    assert (
        admin("POST", "/people", {**sent, "name": "李桦", "password": "一次性的新口令-2026"}, "new").status_code == 409
    )


def test_signing_in_takes_no_key(bench: Bench) -> None:
    refused = program(bench)("POST", "/session", {"login": "x", "password": "y"}, "k")
    assert (refused.status_code, "不接受 Idempotency-Key" in refused.json["detail_zh"]) == (422, True)


def test_what_was_sent_is_kept_only_under_a_secret(bench: Bench) -> None:
    program(bench, "applicant")("POST", "/cases", BEGUN, "first")
    request = MarkedRequest(f"person {bench.people['applicant']}", "/api/v1/cases?", "first", b"")
    with bench.desk.store.read() as tx:
        row = tx.requests.find(key=request.mark)
    assert row is not None
    plain = {hashlib.sha256(json.dumps({**BEGUN, **more}).encode()).hexdigest() for more in ({}, {"parent_id": None})}
    assert row.content not in plain
