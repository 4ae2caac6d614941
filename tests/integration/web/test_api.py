"""The interface for programs: the same use cases, refusals as problem+json, good answers as the document says."""

from __future__ import annotations

import base64
import re

import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.casework.definitions.publish import publish_package
from service.casework.people.factors.sessions import open_session
from service.catalog import build_catalog
from service.catalog.tree import read_tree
from service.web.api.openapi import CURSOR
from service.web.api.operation import ROUTES
from tests.support.browsers import PASSWORD, Browse, Browser, give_password
from tests.support.desks import DATA, PACKAGE, Bench


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
    assert (again.status_code, again.json["code"]) == (409, "done_by_you")
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
    """What a form of another site sends is no JSON, which alone is read, and is told so."""
    refused = app.test_client().post("/api/v1/session", data={"login": "x", "password": "y"})
    assert (refused.status_code, refused.json["code"], "Set-Cookie" in refused.headers) == (
        415,
        "unsupported_media",
        False,
    )


def test_a_program_is_told_what_it_can_mend(bench: Bench, browse: Browse) -> None:
    office, admin = browse("office"), browse("admin")
    for path in ("/api/v1/experts", "/api/v1/lists/experts"):
        assert office.get(path).status_code == 200
        for reader in (office, admin):
            assert reader.get(f"{path}?jurisdiction=elsewhere").status_code == 403, "no empty list of what is not there"
    assert office.get("/api/v1/tasks?award=testville/prize").status_code == 422
    case = bench.submitted()
    [task] = office.get("/api/v1/tasks?scope=visible&award=prize").json["tasks"]
    assert office.get(f"/api/v1/tasks?scope=visible&step={task['element']}").json["tasks"] == [task]
    people = office.get(f"/api/v1/tasks/{task['id']}/delegates").json["people"]
    assert bench.people["second"] in [each["id"] for each in people]
    returned = office.send("POST", f"/api/v1/tasks/{task['id']}/return", {"reason": "请补充"})
    assert (returned.status_code, returned.json) == (200, {"task_id": None}), "that of another is not theirs to open"
    assert bench.case(case).status == "running"
    broken = office.client.post(
        "/api/v1/cases", data=b'{"a":', content_type="application/json", headers={"X-CSRF-Token": office.mark()}
    )
    assert (broken.status_code, "Content-Type" in broken.json["detail_en"]) == (422, False)


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


API = "/api/v1"


def done(who: Browser, method: str, path: str, body: dict[str, object]) -> None:
    answer = who.send(method, f"{API}{path}", body)
    assert answer.status_code in (200, 204), (path, answer.text[:300])


def test_a_task_is_handed_to_a_colleague_and_a_notice_corrected_and_fetched(bench: Bench, browse: Browse) -> None:
    case, office = bench.submitted(), browse("office")
    (task,) = bench.tasks(case)
    done(office, "POST", f"/tasks/{task.id}/delegate", {"person_id": bench.people["second"], "reason": "休假"})
    bench.complete(case, bench.second, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        (notice,) = tx.notices.select(case_id=case)
    words = {
        "title": "公示",
        "text": "更正后的内容",
        "reason": "名称有误",
        "of_substance": False,
        "seen": notice.fingerprint,
    }
    assert office.send("POST", f"{API}/notices/{notice.id}/correct", {**words, "seen": "0" * 64}).status_code == 409
    done(office, "POST", f"/notices/{notice.id}/correct", words)
    with bench.desk.store.read() as tx:
        newest = tx.notices.select(case_id=case)[-1]
    assert office.get(f"{API}/notices/{newest.id}/files/docx").status_code == 200


def test_people_and_organisations_are_kept(bench: Bench, browse: Browse) -> None:
    admin, second = browse("admin"), bench.people["second"]
    with bench.desk.store.read() as tx:
        office = tx.bodies.find(jurisdiction="testville", key="office")
    assert office is not None
    profile = {"name": "二号", "email": "second@example.cn", "telephone": ""}
    done(admin, "PUT", f"/people/{second}/profile", profile)
    seat = {"jurisdiction": "testville", "role": "office", "body_id": office.id}
    done(admin, "POST", f"/people/{bench.people['stranger']}/seats", seat)
    done(admin, "POST", "/organisations", {"name": "新来的公司", "code": "91650100MA7800010B"})


def test_a_case_tells_its_forms_and_files_so_that_each_is_fetched(bench: Bench, browse: Browse) -> None:
    case = bench.submitted()
    bench.complete(case, bench.office, {"decision": "fail", "reason": "材料不全"})
    bench.drain()
    office, applicant = browse("office"), browse("applicant")
    forms, own = (who.get(f"{API}/cases/{case}/forms").get_json()["forms"] for who in (office, applicant))
    assert [form["id"] for form in own] == [form["id"] for form in forms if not form["own"]], (
        "not what the office found"
    )
    assert {form["own"] for form in own} == {True}
    (document,) = [
        file["document"] for file in office.get(f"{API}/cases/{case}").get_json()["files"] if file["document"]
    ]
    for path in (f"documents/{document}", *(f"cases/{case}/forms/{form['id']}" for form in forms)):
        assert office.get(f"{API}/{path}").status_code == 200, path
    assert browse("stranger").get(f"{API}/cases/{case}/forms").status_code == 403


def test_a_file_as_large_as_a_scan_is_attached(bench: Bench, browse: Browse) -> None:
    """The bound of a text is none of a file: in base64 a file of 40 kB is longer."""
    applicant = browse("applicant")
    case = bench.started()
    (task,) = bench.tasks(case)
    scan = b"%PDF-1.4\n" + bytes(3_000_000)
    sent = {"field": "licence", "name": "执照.pdf", "content": base64.b64encode(scan).decode()}
    kept = applicant.send("POST", f"{API}/tasks/{task.id}/uploads", sent)
    assert (kept.status_code, kept.json.get("size")) == (200, len(scan)), kept.text[:300]
    refused = applicant.send("POST", f"{API}/tasks/{task.id}/uploads", {**sent, "name": "长" * 60_000})
    assert (refused.status_code, "60000 个字符" in refused.json["detail_zh"]) == (422, True), refused.text[:300]


def test_a_file_is_attached_to_the_form_of_an_action(bench: Bench, browse: Browse) -> None:
    files = dict(read_tree(DATA))
    path, asked = (
        "forms/testville/withdraw.json",
        ', {"type": "upload", "id": "proof", "key": "proof", "label": "证明"}]}',
    )
    files[path] = files[path].decode().rstrip().removesuffix("]}").encode() + asked.encode()
    with bench.desk.store.write() as tx:
        publish_package(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")
    applicant = browse("applicant")
    case = bench.started()
    here = f"/cases/{case}/actions/withdraw"
    sent = {"field": "proof", "name": "证明.pdf", "content": base64.b64encode(b"%PDF-1.4 x").decode()}
    kept = applicant.send("POST", f"{API}{here}/uploads", sent)
    assert kept.status_code == 200, kept.text[:300]
    done(applicant, "POST", here, {"values": {"reason": "材料有误", "proof": [kept.json]}})
    with bench.desk.store.read() as tx:
        [file] = tx.uploads.list_of_case(case)
    assert (file.name, bench.case(case).status) == ("证明.pdf", "ended")
