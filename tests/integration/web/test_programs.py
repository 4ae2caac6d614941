"""The interface as programs use it, with bearer tokens: what a page does by the same use case, with the same refusals."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from werkzeug.test import TestResponse

from service.casework.definitions.publish import publish_package
from service.casework.desk.repeated_requests import MarkedRequest
from service.casework.people.factors.sessions import open_session
from service.catalog import build_catalog
from service.catalog.tree import read_tree
from service.store import Store
from service.store.models import ExpertRow
from service.web.api.openapi import build_openapi_document
from tests.support.browsers import PASSWORD, Browse, give_password, make_app
from tests.support.desks import DATA, PACKAGE, Bench
from tests.support.exampleton import season as season_of_objections
from tests.support.half_seasons import season

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
    ):
        assert written in example
        example = example.replace(written, meant)
    through = httpx.WSGITransport(make_app(bench))
    client = httpx.Client
    monkeypatch.setattr(httpx, "Client", lambda **said: client(transport=through, **said))
    exec(example, {"fill_in": lambda fields: {fields[0]["path"]: "2010-05-01"}})
    assert capsys.readouterr().out == f"{task.title} 200 {{'case_id': {case}, 'kept': False, 'next_task_id': None}}\n"


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
    claimed = applicant("POST", f"/tasks/{bench.tasks(1)[0].id}/claim", {}, "first")
    assert claimed.status_code == 204, "and to the address"


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


def publish_form(bench: Bench, name: str, *components: str) -> None:
    """Publish the award with further components at the end of one of its forms."""
    files = dict(read_tree(DATA))
    path = f"forms/testville/{name}.json"
    files[path] = (
        files[path].decode().rstrip().removesuffix("]}").encode()
        + "".join(f", {c}" for c in components).encode()
        + b"]}"
    )
    with bench.desk.store.write() as tx:
        publish_package(tx, build_catalog(files).package(PACKAGE), bench.clock.now(), "test")


HIDDEN = (
    '{"type": "textfield", "id": "since", "key": "since", "label": "原名", "conditional": {"hide": "=contact = null"}}'
)


def test_a_value_that_is_not_asked_is_refused_and_named(bench: Bench) -> None:
    """A page drops what is hidden, where the person sees it go; a program would believe that it was taken."""
    publish_form(bench, "application", HIDDEN)
    applicant = program(bench, "applicant")
    case = bench.started()
    [task] = bench.tasks(case)
    here, good = f"/tasks/{task.id}", {"founded_on": "2010-05-01"}
    refused = applicant("POST", f"{here}/complete", {"values": {"since": "旧厂", "nonsense": 1}})
    assert (refused.status_code, refused.json["code"]) == (422, "form_invalid")
    told = [(error["path"], error["code"]) for error in refused.json["errors"]]
    assert told == [("since", "wrong"), ("nonsense", "wrong"), ("founded_on", "missing")]
    assert "leave it out" in refused.json["errors"][0]["en"]
    for blank in (None, "", []):
        assert (
            applicant("POST", f"{here}/complete", {"values": {"since": blank}}).json["errors"][0]["path"]
            == "founded_on"
        )
    values = {**good, "contact": "张三", "since": "旧厂"}
    assert applicant("POST", f"{here}/complete", {"values": values}).status_code == 200, (
        "asked with another value it is taken"
    )
    with bench.desk.store.read() as tx:
        assert tx.forms.of_case(case)[-1].data["since"] == "旧厂"


TYPED = (
    '{"type": "checkbox", "id": "agreed", "key": "agreed", "label": "同意"}',
    '{"type": "number", "id": "staff", "key": "staff", "label": "人数"}',
    '{"type": "textfield", "id": "seen", "key": "seen", "label": "只读", "readonly": true}',
)


def test_boxes_and_numbers_are_sent_as_such_and_what_was_got_may_be_sent(bench: Bench, browse: Browse) -> None:
    publish_form(bench, "application", *TYPED)
    applicant, case = program(bench, "applicant"), bench.started()
    here = f"/tasks/{bench.tasks(case)[0].id}"
    values = {"founded_on": "2010-05-01", "agreed": "yes", "staff": "120"}
    for method, path in (("POST", f"{here}/complete"), ("POST", "/tasks/complete-many")):
        many = {"task_ids": [bench.tasks(case)[0].id]} if "many" in path else {}
        refused = applicant(method, path, {"values": {**values, "agreed": 1}, **many})
        assert (refused.status_code, [error["path"] for error in refused.json["errors"]]) == (422, ["agreed", "staff"])
        assert "true or false" in refused.json["errors"][0]["en"]
    page = browse("applicant").post(here, {**values, "agreed": "true", "do": "save"})  # a page sends text
    assert page.status_code in (200, 302), page.text
    task = applicant("GET", here).json
    assert task["values"] == {"founded_on": "2010-05-01", "agreed": True, "staff": 120}
    done = applicant("POST", f"{here}/complete", {"version": task["version"], "values": task["values"]})
    assert done.status_code == 200, done.text


def test_a_draft_keeps_what_is_open_and_refuses_what_no_form_has(bench: Bench) -> None:
    publish_form(bench, "application", HIDDEN)
    applicant, case = program(bench, "applicant"), bench.started()
    draft = f"/tasks/{bench.tasks(case)[0].id}/draft"
    refused = applicant("PUT", draft, {"values": {"nonsense": 1}})
    assert (refused.status_code, [error["path"] for error in refused.json["errors"]]) == (422, ["nonsense"])
    assert applicant("PUT", draft, {"values": {"since": "旧厂"}}).status_code == 200, "what hides it is not decided yet"


def test_what_begins_a_case_or_acts_on_it_is_asked_too(bench: Bench) -> None:
    publish_form(
        bench,
        "apply",
        '{"type": "textfield", "id": "b", "key": "b", "label": "其他", "conditional": {"hide": "=true"}}',
    )
    publish_form(bench, "withdraw", HIDDEN.replace("contact", "reason"))
    applicant = program(bench, "applicant")
    refused = applicant("POST", "/cases", {**BEGUN, "values": {"ready": True, "b": "x"}})
    assert (refused.status_code, [error["path"] for error in refused.json["errors"]]) == (422, ["b"])
    case = bench.started()
    refused = applicant("POST", f"/cases/{case}/actions/withdraw", {"values": {"since": "x"}})
    assert (refused.status_code, "since" in {error["path"] for error in refused.json["errors"]}) == (422, True)
    assert bench.case(case).status == "running"


def test_staff_say_for_whom_they_begin_and_nobody_below_another_award(sqlite_store: Store) -> None:
    """What a city's programs begin below its round: for whom, of which award, with which channel."""
    stage = season("ganzhou/quality_award", "clean", sqlite_store, 2)
    people = {who: stage.cast.actor(who).person_id for who in ("office", "乙")}
    town = SimpleNamespace(desk=stage.desk, people=people)
    office, applicant, round_id = program(town, "office"), program(town, "乙"), stage.case("届")
    start, award = f"/start/ganzhou/quality_award/candidacy?parent={round_id}", "ganzhou/quality_award"
    body: dict[str, Any] = {"package": award, "process": "candidacy", "parent_id": round_id, "values": {}}
    for who, more, code in (
        (office, {}, "missing"),
        (office, {"on_behalf_of": stage.cast.actor("office").seats[0].body_id}, "wrong"),
        (office, {"on_behalf_of": 10**6}, "wrong"),
        (applicant, {"on_behalf_of": 10**6}, "wrong"),
    ):
        refused = who("POST", "/cases", {**body, **more})
        assert (refused.status_code, refused.json["code"]) == (422, "applicant_refused"), refused.text
        assert [(error["path"], error["code"]) for error in refused.json["errors"]] == [("on_behalf_of", code)]
    assert applicant("POST", "/cases", {**body, "package": "urumqi/quality_award"}).status_code == 404
    assert applicant("GET", start.replace("ganzhou", "urumqi")).status_code == 404
    upload = {"field": "counter_receipt", "name": "x.pdf", "content": PDF}
    uploads = start.replace("?", "/uploads?")
    assert office("POST", uploads.replace("ganzhou", "urumqi"), upload).status_code == 404
    channel = next(field for field in office("GET", start).json["fields"] if field["path"] == "channel")
    assert [option["value"] for option in channel["options"]] == ["paper"], "what staff may choose is offered"
    form = applicant("GET", start).json
    assert "channel" not in {field["path"] for field in form["fields"]}
    assert form["context"]["channel"] == "online", "what conditions read is told"
    own = {**body, "values": {"voluntary": True}}
    begun = applicant("POST", "/cases", own)
    assert begun.status_code == 200, begun.text
    case = begun.json["case_id"]
    again = applicant("POST", "/cases", own)
    assert (again.status_code, again.json["code"], again.json["case_id"]) == (409, "live_case", case)


def test_conflicts_are_told_apart_by_their_code(bench: Bench) -> None:
    """The same body sent again: a program learns whether its own request took effect, or somebody else was quicker."""
    case = bench.started()
    applicant, office, second = (program(bench, login) for login in ("applicant", "office", "second"))
    [task] = bench.tasks(case)
    sent = {"version": task.version, "values": {"founded_on": "2010-05-01"}}
    assert applicant("POST", f"/tasks/{task.id}/complete", sent).status_code == 200
    for values, code in ((sent["values"], "done_by_you"), ({"founded_on": "2011-01-01"}, "done_otherwise")):
        again = applicant("POST", f"/tasks/{task.id}/complete", {**sent, "values": values})
        assert (again.status_code, again.json["code"]) == (409, code)
        assert "kept" not in again.json["detail_en"], "programs get nothing back of what was not taken"
    assert applicant("GET", f"/tasks/{task.id}").json["state"] == "done"
    [review] = bench.tasks(case)
    here = f"/tasks/{review.id}"
    assert office("POST", f"{here}/claim", {}).status_code == 204
    taken = second("POST", f"{here}/complete", {"values": {"decision": "pass"}})
    assert (taken.status_code, taken.json["code"]) == (409, "task_claimed")
    stale = office("POST", f"{here}/complete", {"version": review.version, "values": {"decision": "pass"}})
    assert (stale.status_code, stale.json["code"], "kept" in stale.json["detail_en"]) == (409, "task_changed", False)
    assert office("POST", f"{here}/complete", {"values": {"decision": "pass"}}).status_code == 200
    over = second("POST", f"{here}/complete", {"values": {"decision": "pass"}})
    assert (over.status_code, over.json["code"]) == (409, "task_over")
    another = bench.submitted()
    with bench.desk.store.read() as tx:
        [first] = tx.tasks.select(case_id=another, state="done")
    reopened = applicant("POST", f"/tasks/{first.id}/take-back").json["task_id"]
    for body in (sent, {**sent, "values": {"founded_on": "2010-05-01", "contact": "张三"}}):
        gone = applicant("POST", f"/tasks/{first.id}/complete", {**body, "version": first.version})
        assert (gone.status_code, gone.json["code"], gone.json["task_id"]) == (409, "task_reopened", reopened)
    claimed = applicant("POST", f"/tasks/{first.id}/claim", {})
    assert (claimed.status_code, claimed.json["code"], claimed.json["task_id"]) == (409, "task_reopened", reopened)
    admin = program(bench, "admin")
    interventions = f"/cases/{another}/interventions"
    tried = admin("POST", interventions, {"kind": "suspend", "reason": "核实", "dry_run": True}).json["tried"]
    other = admin("POST", interventions, {"kind": "suspend", "reason": "别的原因", "tried": tried})
    assert other.status_code == 409, "another reason was not tried"
    assert admin("POST", interventions, {"kind": "suspend", "reason": "核实", "tried": tried}).status_code == 200
    listed = {each["id"]: each for each in applicant("GET", "/tasks?scope=to_do").json["tasks"]}
    assert (listed[reopened]["suspended"], listed[reopened]["limit"]["state"]) == (True, "paused")
    assert [each["id"] for each in listed.values() if each["suspended"]] == [reopened]
    shut = applicant("POST", f"/tasks/{reopened}/claim", {})
    assert (shut.status_code, shut.json["code"]) == (409, "case_suspended")
    key = applicant("POST", "/cases", BEGUN, "k")
    assert key.status_code == 200
    assert applicant("POST", "/cases", {**BEGUN, "values": {}}, "k").json["code"] == "key_used"


def test_what_is_on_record_of_an_expert_is_sent_back_whole(bench: Bench) -> None:
    """The record that was got changes nothing; a field that is left out is refused, so that nothing is emptied unsaid."""
    office = program(bench, "office")
    now, day = bench.clock.now(), date(2001, 7, 1)
    entry = ExpertRow(
        jurisdiction="testville", person_id=bench.people["stranger"], employer="质量协会", education="master",
        practising_since=day, sectors=["机械", "化工"], qualifications=["高级工程师"], term_from=day, place="兰州市",
        created_at=now, changed_at=now,
    )  # fmt: skip
    with bench.desk.store.write() as tx:
        here = f"/experts/{tx.experts.insert(entry)}"
    before = office("GET", here).json
    assert office("PUT", here, before["record"]).status_code == 204
    assert office("GET", here).json == before
    for name in before["record"]:
        missing = office("PUT", here, {key: value for key, value in before["record"].items() if key != name})
        assert (missing.status_code, [error["path"] for error in missing.json["errors"]]) == (422, [name])
    assert office("PUT", here, {**before["record"], "employer": "大学"}).status_code == 204
    after = office("GET", here).json
    assert after["record"] == {**before["record"], "employer": "大学", "version": before["record"]["version"] + 1}
    assert office("PUT", here, before["record"]).status_code == 409, "somebody was quicker"


def test_each_of_several_tasks_is_refused_with_its_code(bench: Bench) -> None:
    office, second = program(bench, "office"), program(bench, "second")
    done, free, claimed = (bench.tasks(bench.submitted())[0].id for _ in range(3))
    applicants = bench.tasks(bench.started())[0].id
    assert office("POST", f"/tasks/{done}/complete", {"values": {"decision": "pass"}}).status_code == 200
    assert second("POST", f"/tasks/{claimed}/claim", {}).status_code == 204
    several = {"task_ids": [done, free, claimed, applicants, 10**6]}
    answer = office("POST", "/tasks/complete-many", {**several, "values": {"decision": "pass"}}).json
    codes = {done: "done_by_you", claimed: "task_claimed", applicants: "not_allowed", 10**6: "not_found"}
    assert (answer["done"], {each["task_id"]: each["code"] for each in answer["refused"]}) == (1, codes)
    assert all(each["reason"]["zh"] and each["reason"]["en"] for each in answer["refused"])
    alone = program(bench, "applicant")("POST", "/tasks/complete-many", {"task_ids": [applicants], "values": {}}).json
    assert [each["code"] for each in alone["refused"]] == ["one_by_one"]
    other = office("POST", "/tasks/complete-many", {"task_ids": [done], "values": {"decision": "return"}}).json
    assert [each["code"] for each in other["refused"]] == ["done_otherwise"], "as where it is completed by itself"


def test_each_refusal_has_the_code_of_what_it_is_about(bench: Bench) -> None:
    office, case = program(bench, "office"), bench.started()
    nowhere = office("GET", "/nowhere")
    assert (nowhere.status_code, nowhere.json["code"]) == (404, "not_found")
    assert office("GET", "/session").json["code"] == "not_served"
    asked = [
        office("GET", f"/cases/{case}/{what}") for what in ("applicants", "applicants/template", "scores", "board")
    ]
    asked.append(office("POST", f"/cases/{case}/applicants", {"name": "a.csv", "content": PDF}))
    assert {(answer.status_code, answer.json["code"]) for answer in asked} == {(404, "no_round")}
    assert len({answer.json["detail_zh"] for answer in asked}) == 1


def test_the_event_log_is_the_same_until_something_happens(bench: Bench) -> None:
    """Which diagram is the busiest changes with every task that is done: the log is of all where none is named."""
    office = program(bench, "office")
    bench.submitted()
    first = office("GET", "/monitor/log").json["content"]
    bench.clock.move_to(bench.clock.now() + timedelta(hours=2))
    assert office("GET", "/monitor/log").json["content"] == first
    [diagram] = office("GET", "/definitions").json["definitions"][0]["diagrams"]
    assert office("GET", f"/monitor/log?package={PACKAGE}&process={diagram}").json["content"] == first
    refused = office("GET", "/monitor/log?process=nothing")
    assert (refused.status_code, refused.json["code"]) == (404, "not_found")


def test_a_file_is_refused_by_where_it_was_named_and_by_what_became_of_the_task(bench: Bench) -> None:
    applicant, case = program(bench, "applicant"), bench.started()
    here = f"/tasks/{bench.tasks(case)[0].id}"
    lost = {"id": "0" * 36, "name": "执照.pdf", "size": 9}
    unknown = applicant("POST", f"{here}/complete", {"values": {"founded_on": "2010-05-01", "licence": [lost]}})
    assert (unknown.status_code, unknown.json["code"]) == (422, "form_invalid")
    assert [error["path"] for error in unknown.json["errors"]] == ["licence"]
    assert applicant("POST", f"{here}/complete", {"values": {"founded_on": "2010-05-01"}}).status_code == 200
    late = applicant("POST", f"{here}/uploads", {"field": "licence", "name": "执照.pdf", "content": PDF})
    assert (late.status_code, late.json["code"]) == (409, "done_by_you")
    office, second = program(bench, "office"), program(bench, "second")
    [review] = bench.tasks(case)
    assert office("POST", f"/tasks/{review.id}/complete", {"values": {"decision": "pass"}}).status_code == 200
    over = second("POST", f"/tasks/{review.id}/uploads", {"field": "licence", "name": "执照.pdf", "content": PDF})
    assert (over.status_code, over.json["code"]) == (409, "task_over")


def test_an_objection_is_sent_by_what_its_option_and_its_form_say(sqlite_store: Store, tmp_path: Path) -> None:
    """Nothing is cut out of the address of a page, and each condition of the form can be reckoned."""
    stage = season_of_objections(sqlite_store, tmp_path / "root")
    visitor = program(SimpleNamespace(desk=stage.desk, people={}))
    assert visitor("GET", "/objections?jurisdiction=elsewhere").json["options"] == []
    option, about_result = visitor("GET", "/objections?jurisdiction=exampleton").json["options"]
    assert about_result["process"] == "result_objection"
    kind = f"{option['package']}/{option['process']}"
    assert option["href"] == f"/objections/{kind}?notice={option['notice']}"
    form = visitor("GET", f"/objections/forms/{kind}?notice={option['notice']}").json
    assert form["context"]["param"] == {"objection_form": "written_named_with_evidence"}
    read = {
        name for field in form["fields"] for text in field["hidden_when"] for name in re.findall(r"param\.\w+", text)
    }
    assert read == {"param.objection_form"}
    file = {
        "package": option["package"],
        "process": option["process"],
        "field": "evidence",
        "name": "a.pdf",
        "content": PDF,
    }
    for unsaid in (visitor("POST", "/objections/uploads", file), visitor("GET", f"/objections/forms/{kind}")):
        assert (unsaid.status_code, "which notice or round" in unsaid.json["detail_en"]) == (422, True), unsaid.text
    assert visitor("POST", "/objections/uploads", {**file, "notice": 10**6}).status_code == 404
    kept = visitor("POST", "/objections/uploads", {**file, "notice": option["notice"]})
    assert kept.status_code == 200, kept.text
    values = {
        "kind": "person", "name": "李某", "telephone": "13900000000", "address": "北区一号", "signature": "李某",
        "identity_proof": [kept.json], "content": "去年发生重大质量事故。", "evidence_list": "事故通报", "declared": True,
    }  # fmt: skip
    about = {"package": option["package"], "process": option["process"], "notice": option["notice"]}
    sent = {**about, "target": form["targets"][0]["id"], "values": values}
    refused = visitor("POST", "/objections", sent)
    assert [(each["path"], each["code"]) for each in refused.json["errors"]] == [("evidence", "missing")]
    evidence = visitor("POST", "/objections/uploads", {**file, "notice": option["notice"]}).json
    lodged = visitor("POST", "/objections", {**sent, "values": {**values, "evidence": [evidence]}}, "k")
    assert lodged.status_code == 200, lodged.text
    again = visitor("POST", "/objections", {**sent, "values": {**values, "evidence": [evidence]}}, "k")
    assert (again.status_code, again.json["code"]) == (409, "answer_given")


def test_a_rule_about_dates_of_a_group_is_no_value_that_is_missing(bench: Bench) -> None:
    publish_form(
        bench,
        "apply",
        '{"type": "group", "id": "who", "label": "组织", "properties": {"rule": "born <= today()", "ruleMessage": "成立日期不能晚于今日。",'
        ' "ruleMessage_en": "The day cannot lie in the future."}, "components": [{"type": "datetime", "subtype": "date",'
        ' "id": "born", "key": "born", "dateLabel": "成立日期", "validate": {"required": true}}]}',
    )
    applicant = program(bench, "applicant")
    for values, code in (({}, "missing"), ({"born": "2100-01-01"}, "rule"), ({"born": "x"}, "wrong")):
        refused = applicant("POST", "/cases", {**BEGUN, "values": {"ready": True, **values}})
        assert [each["code"] for each in refused.json["errors"]] == [code], refused.text


def test_the_example_of_each_body_is_one_that_the_server_takes(bench: Bench) -> None:
    """What it names need not be there (404), or be the sender's to do (403); but nobody is told that it is written wrongly."""
    bench.submitted()
    of_the_installation = {"/people", "/people/{person_id}/seats", "/experts", "/cases/{case_id}/applicants"}
    senders = [program(bench, login) for login in ("admin", "office", "applicant", None)]
    for place, operations in build_openapi_document()["paths"].items():
        for method, told in operations.items():
            path = place.removeprefix("/api/v1")
            address = path.replace("{jurisdiction}/{award}", PACKAGE).replace("{process}", "application")
            address = re.sub(r"{\w+}", "1", address) + ("?path=x" if path.endswith("/formula") else "")
            if "requestBody" not in told:
                continue
            example = told["requestBody"]["content"]["application/json"]["example"]
            for send in senders:
                answer = send(method.upper(), address, example)
                fine = {200, 204, 401, 403, 404, 409} | ({422} if path in of_the_installation else set())
                assert answer.status_code in fine, (method, path, answer.text)
