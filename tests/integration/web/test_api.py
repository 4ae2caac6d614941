"""The interface for programs: the same use cases, refusals as problem+json."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.web.api.openapi import CURSOR
from service.web.api.operation import ROUTES
from tests.support.browsers import PASSWORD, Browser, give_password
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]


@pytest.fixture
def token(bench: Bench, app: Flask) -> str:
    give_password(bench, "applicant")
    answer = app.test_client().post("/api/v1/session", json={"login": "applicant", "password": PASSWORD})
    assert answer.status_code == 200
    return str(answer.json["token"])


def test_a_program_does_a_task_with_a_bearer_token(bench: Bench, app: Flask, browse: Browse, token: str) -> None:
    browse("applicant").post(f"/start/{PACKAGE}/application", {"ready": "on"})
    client, headers = app.test_client(), {"Authorization": f"Bearer {token}"}
    (task,) = client.get("/api/v1/tasks?scope=visible", headers=headers).json["tasks"]
    detail = client.get(f"/api/v1/tasks/{task['id']}", headers=headers).json
    assert [f["path"] for f in detail["fields"]] == ["founded_on", "contact", "licence"]
    assert detail["may_act"] is True
    wrong = client.post(f"/api/v1/tasks/{task['id']}/complete", headers=headers, json={"values": {}})
    assert (wrong.status_code, wrong.content_type) == (422, "application/problem+json")
    assert wrong.json["errors"][0]["path"] == "founded_on"
    good = {"version": detail["version"], "values": {"founded_on": "2010-05-01"}}
    done = client.post(f"/api/v1/tasks/{task['id']}/complete", headers=headers, json=good)
    assert done.json == {"case_id": 1, "next_task_id": None, "kept": False}
    again = client.post(f"/api/v1/tasks/{task['id']}/complete", headers=headers, json=good)
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    case = client.get("/api/v1/cases/1", headers=headers).json
    assert (case["status"], case["events"][-1]["seq"]) == ("running", 1)


def test_refusals_are_problem_json_in_both_languages(app: Flask, token: str) -> None:
    client = app.test_client()
    nobody = client.get("/api/v1/tasks")
    assert (nobody.status_code, nobody.json["code"]) == (401, "sign_in_needed")
    assert nobody.headers["WWW-Authenticate"] == "Bearer"
    assert nobody.json["detail_zh"]
    assert nobody.json["detail_en"]
    basic = client.get("/api/v1/tasks", auth=("applicant", PASSWORD))
    assert (basic.status_code, basic.json["code"]) == (401, "basic_refused")
    headers = {"Authorization": f"Bearer {token}"}
    missing = client.get("/api/v1/tasks/99", headers=headers)
    assert (missing.status_code, missing.json["code"]) == (404, "not_found")
    strange = client.post("/api/v1/tasks/1/claim", headers=headers, json={"verson": 1})
    assert (strange.status_code, "verson" in strange.json["detail"]) == (422, True)
    text = client.post("/api/v1/tasks/1/claim", headers=headers, data="x")
    assert text.status_code == 422


def test_a_cookie_alone_changes_nothing_without_the_mark(browse: Browse) -> None:
    me = browse("applicant")
    assert me.client.delete("/api/v1/session").status_code == 403
    assert me.client.delete("/api/v1/session", headers={"X-CSRF-Token": me.mark()}).status_code == 204
    assert me.get("/api/v1/tasks").status_code == 401


def test_other_sites_cannot_sign_a_browser_in(app: Flask) -> None:
    assert app.test_client().post("/api/v1/session", data={"login": "x", "password": "y"}).status_code == 403


def test_the_document_describes_every_route_with_its_guard(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    rules = [r.rule for r in app.url_map.iter_rules() if r.endpoint.startswith("api.")]
    served = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule) for rule in rules} - {"/api/v1/openapi.json"}
    assert set(document["paths"]) == served
    operations = [o for path in document["paths"].values() for o in path.values()]
    assert all(o["x-guard"] and o["responses"]["default"] for o in operations)
    assert "TaskLine" in document["components"]["schemas"]


def test_definitions_and_notices_need_no_account(app: Flask) -> None:
    client = app.test_client()
    (definition,) = client.get("/api/v1/definitions").json["definitions"]
    assert definition["key"] == PACKAGE
    here = f"/api/v1/definitions/{PACKAGE}"
    [process] = definition["diagrams"]
    assert client.get(f"{here}/diagrams/{process}").json["bpmn"].startswith("<?xml")
    assert client.get(f"{here}/diagrams/nothing").status_code == 404
    assert client.get("/api/v1/notices").json == {"running": [], "past": [], "next": None}


def test_the_document_is_valid_openapi(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    assert [f"{'/'.join(map(str, e.path))}: {e.message}" for e in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_document_holds_together(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    assert str(document["openapi"]).startswith("3.")
    assert document["info"]["title"]
    assert document["info"]["version"]
    text = str(document)
    schemas = document["components"]["schemas"]
    assert {name for name in re.findall(r"#/components/schemas/([\w.-]+)", text) if name not in schemas} == set()
    for place, operations in document["paths"].items():
        for method, operation in operations.items():
            declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path"}
            assert declared == set(re.findall(r"{(\w+)}", place)), (method, place)
            assert all(r["description"] for r in operation["responses"].values()), (method, place)


def test_every_list_goes_on_by_a_cursor_or_says_what_bounds_it(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    schemas = document["components"]["schemas"]
    for place, operations in document["paths"].items():
        content = operations.get("get", {"responses": {}})["responses"].get("200", {}).get("content")
        if content is None:
            continue
        name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
        fields = schemas[name]["properties"]
        lists = [field for field, told in fields.items() if told.get("type") in ("array", ["array", "null"])]
        asked = {p["name"] for p in operations["get"]["parameters"] if p["in"] == "query"}
        cursor = operations["get"].get("x-cursor")
        assert (cursor is not None) == ("next" in fields), place
        assert cursor is None or (cursor in asked and not {"before", "after"} - {cursor} & asked), place
        assert not lists or cursor or operations["get"].get("x-bounded"), f"{place}: {lists}"


_NEEDED = {
    "/incidents": "&jurisdiction=testville&cause=x",
}
"""What these lists demand besides."""


def test_a_place_to_go_on_from_that_is_none_is_refused(browse: Browse) -> None:
    readers = {"office": browse("office"), "admin": browse("admin")}
    paged = [route.path for route in ROUTES if CURSOR in route.query and "<" not in route.path]
    assert len(paged) > 6
    for path in paged:
        reader = readers["admin" if path == "/people" else "office"]
        more = _NEEDED.get(path, "")
        for wrong in ("gestern", "9" * 30, "2026-06-05_" + "9" * 20):
            answer = reader.get(f"/api/v1{path}?after={wrong}{more}")
            assert (answer.status_code, path, wrong) == (422, path, wrong)
            assert "翻页的位置无效" in answer.get_json()["detail_zh"], path


def test_a_name_that_no_query_argument_has_is_refused_and_told(app: Flask, browse: Browse) -> None:
    office = browse("office")
    misspelt = office.get("/api/v1/cases?lives=1&jurisdiction=testville")
    assert (misspelt.status_code, misspelt.json["code"]) == (422, "invalid")
    assert "没有参数“lives”，可用：jurisdiction" in misspelt.json["detail_zh"]
    assert "no query argument lives here" in misspelt.json["detail_en"]
    assert "不接受参数" in app.test_client().post("/api/v1/session?x=1", json={}).json["detail_zh"]


def test_every_fault_of_a_body_is_said_in_both_languages(app: Flask) -> None:
    body = {"login": "x" * 81, "nonsense": 1}
    answer = app.test_client().post("/api/v1/session", json=body)
    assert answer.status_code == 422
    told = {one["path"]: (one["zh"], one["en"]) for one in answer.get_json()["errors"]}
    assert told["password"] == ("没有填写", "Missing data for required field")
    assert told["nonsense"][0] == "没有这个字段"
    assert told["login"][0] == "长度应为 1 至 80"
    assert "password：没有填写" in answer.get_json()["detail_zh"]


def test_a_name_that_is_said_twice_is_refused(app: Flask) -> None:
    """Readers differ in which of the two they take, so neither is taken."""
    for twice, name in (
        (b'{"login": "a", "password": "b", "login": "c"}', "login"),
        (b'{"login" :"a","password":"b","login" :"c"}', "login"),
        (b'{"login": "a", "password": ":", "more": [{"one" : 1, "one": 1}]}', "one"),
    ):
        answer = app.test_client().post("/api/v1/session", data=twice, content_type="application/json")
        assert (answer.status_code, answer.get_json()["errors"][0]["path"]) == (422, name), twice
