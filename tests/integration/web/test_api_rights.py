"""The interface at its edges: numbers of no case, methods not served, what is inside a case, what did not change."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from service.casework.people.factors.sessions import open_session
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


def test_a_number_that_no_case_has_is_none(bench: Bench, app: Flask) -> None:
    client = app.test_client()
    admin = {"Authorization": f"Bearer {open_session(bench.desk, bench.people['admin'], 1)}"}
    for wrong in (["1"], [0], [2**63]):
        many = {"kind": "suspend", "cases": wrong, "reason": "更正"}
        assert client.post("/api/v1/interventions", json=many, headers=admin).status_code == 422


def test_a_method_that_is_not_served_is_refused_with_those_that_are(bench: Bench, browse: Browse) -> None:
    answer = browse("office").get("/api/v1/session")
    assert answer.status_code == 405
    assert {"DELETE", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert answer.get_json()["status"] == 405
    assert "GET" in answer.get_json()["detail_zh"]
    assert "POST" in answer.get_json()["detail_zh"]
    assert browse().client.open("/api/v1/notices", method="TRACE").status_code == 405, "not about a form left open"


def test_inside_a_case_lists_and_values_by_calls(bench: Bench, browse: Browse) -> None:
    bench.started()
    office, stranger = browse("office"), browse("stranger")
    inside = office.get("/api/v1/cases/1/inside")
    assert inside.status_code == 200
    assert [token["state"] for token in inside.get_json()["tokens"]]
    assert stranger.get("/api/v1/cases/1/inside").status_code == 403
    log = office.get("/api/v1/monitor/log?package=testville/prize").get_json()
    assert (log["name"], bool(log["content"])) == ("event-log.csv", True)
    experts = office.get("/api/v1/lists/experts?jurisdiction=testville")
    assert experts.get_json()["name"].endswith(".xlsx")
    for path in ("/api/v1/definitions/testville/prize/running", "/api/v1/objections"):
        assert office.get(path).status_code == 200, path
    assert office.get("/api/v1/definitions/testville/no_such_prize/running").status_code == 404
    form = office.get("/api/v1/cases/1/forms/1")
    assert form.get_json()["values"] == {"ready": True}
    assert stranger.get("/api/v1/cases/1/forms/1").status_code == 403


def test_what_did_not_change_is_not_sent_again(bench: Bench, browse: Browse) -> None:
    bench.started()
    applicant, path = browse("applicant"), "/api/v1/tasks/1"
    first = applicant.get(path)
    mark = first.headers["ETag"]
    again = applicant.get(path, headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")
    applicant.get("/tasks/1")  # opening the page changes nothing
    assert applicant.get(path, headers={"If-None-Match": mark}).status_code == 304
    assert applicant.send("POST", f"{path}/claim", {"version": first.get_json()["version"]}).status_code == 204
    assert applicant.get(path, headers={"If-None-Match": mark}).status_code == 200
    whole, head = applicant.get(path), applicant.client.head(path)
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", whole.headers["ETag"])
    for header in ("If-Match", "If-Unmodified-Since"):  # nothing is changed by them, so nobody may rely on them
        kept = applicant.client.post(
            f"{path}/release", json={}, headers={header: mark, "X-CSRF-Token": applicant.mark()}
        )
        assert (kept.status_code, header in kept.get_json()["detail_en"]) == (422, True)


def test_an_empty_key_holds_nothing_back_and_is_refused(bench: Bench, browse: Browse) -> None:
    applicant = browse("applicant")
    headers = {"Idempotency-Key": "", "X-CSRF-Token": applicant.mark()}
    sent = {"package": PACKAGE, "process": "application", "values": {"ready": True}}
    assert applicant.client.post("/api/v1/cases", json=sent, headers=headers).status_code == 422
