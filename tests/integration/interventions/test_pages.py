"""The administrator's jobs of repair, each done by its page and by the interface for programs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from service.casework.tasks.claim import claim_task
from tests.integration.interventions.test_interventions import WHY, done, reviewed, started
from tests.support.browsers import Browser
from tests.support.desks import BROKEN, Bench

Browse = Callable[..., Browser]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def api(browser: Browser, case: int, kind: str, *, dry: bool = False, why: str = WHY, **values: str) -> Any:
    """Try an intervention, and unless ``dry`` do what was tried, as far as the trial is not refused."""
    here, body = f"/api/v1/cases/{case}/interventions", {"kind": kind, "reason": why, "values": values}
    tried = browser.send("POST", here, {**body, "dry_run": True})
    return (
        tried if dry or tried.status_code != 200 else browser.send("POST", here, {**body, "tried": tried.json["tried"]})
    )


def mark_in(page: str) -> str:
    found = re.search(r'name="tried" value="([^"]+)"', page)
    return found[1] if found else ""


def mark_of_last(bench: Bench, case: int) -> str:
    with bench.desk.store.read() as tx:
        return str([row.data["tried"] for row in tx.history.of_case(case) if row.action == "intervened"][-1])


def do_tried(browser: Browser, here: str, form: dict[str, str]) -> Any:
    """Try an intervention on its page and then do it, as the page asks."""
    return browser.post(here, {**form, "act": "do", "tried": mark_in(browser.post(here, form).text)})


def test_what_can_be_done_is_listed_and_each_page_opens_in_both_languages(bench: Bench, browse: Browse) -> None:
    case = reviewed(bench)
    admin = browse("admin")
    for language, heading in (("en", "Change a due date"), ("zh", "依法改期")):
        admin.get(f"/language?to={language}")
        page = admin.get(f"/cases/{case}/interventions")
        assert heading in page.text
        for kind in re.findall(rf"/cases/{case}/interventions/(\w+)", page.text):
            assert admin.get(f"/cases/{case}/interventions/{kind}").status_code == 200, kind
    message, value = (words(admin.get(f"/cases/{case}/interventions/{kind}").text) for kind in ("message", "value"))
    assert "撤回申报" not in message
    assert "决定走向" in value
    assert ("先试算" in message, "先试算" in value) == (False, True), "a form that could lead nowhere is not shown"
    assert browse("office").get(f"/cases/{case}/interventions").status_code == 403
    assert browse("applicant").get(f"/cases/{case}/interventions").status_code == 403


def test_a_case_is_terminated_by_page_after_it_was_tried(bench: Bench, browse: Browse) -> None:
    case = reviewed(bench)
    admin = browse("admin")
    here, form = f"/cases/{case}/interventions/terminate", {"basis": "《办法》第九条", "reason": WHY}
    without = admin.post(here, {**form, "reason": ""})
    assert (without.status_code, "《办法》第九条" in without.text) == (422, True), "what was typed stays"
    tried = admin.post(here, form)
    assert "尚未办理" in words(tried.text)
    assert "在办 已结束" in words(tried.text)
    assert bench.case(case).status == "running"
    unseen = admin.post(here, {**form, "act": "do"})
    assert (unseen.status_code, "请先试算" in unseen.text) == (422, True)
    mark = mark_in(tried.text)
    other = admin.post(here, {**form, "basis": "另一依据", "act": "do", "tried": mark})
    assert (other.status_code, "没有办理。请重新试算" in other.text) == (409, True)
    [task] = bench.tasks(case)
    claim_task(bench.desk, bench.office, task.id)
    assert do_tried(admin, here, form).status_code == 302
    assert bench.case(case).outcome == "terminated"
    twice = admin.post(here, {**form, "act": "do", "tried": mark_of_last(bench, case)})
    assert (twice.status_code, twice.location) == (302, f"/cases/{case}")
    assert "没有再办一次" in words(admin.get(f"/cases/{case}").text), "the second of two clicks is no failure"
    for who, internal in (("admin", True), ("office", True), ("applicant", False)):
        page = words(browse(who).get(f"/cases/{case}").text)
        assert (WHY in page) is internal, who
        assert "终止办理" in page, who
        assert "《办法》第九条" in page, who
    assert WHY not in words(browse("applicant").letters())
    assert WHY in words(browse("office").letters())
    assert admin.post(here, {**form, "act": "do"}).status_code == 409


def test_due_date_reassignment_and_suspension_by_page(bench: Bench, browse: Browse) -> None:
    case = reviewed(bench)
    [task] = bench.tasks(case)
    admin, base = browse("admin"), f"/cases/{case}/interventions"
    form = {"limit": f"task:{task.id}", "day": "2026-03-18", "ground": "第八条", "reason": WHY}
    assert "2026年3月18日到期" in words(admin.post(f"{base}/change_due", form).text)
    do_tried(admin, f"{base}/change_due", form)
    assert bench.tasks(case)[0].due_reason["last_day"] == "2026-03-18"
    assert "2026年3月18日" in words(browse("office").letters())
    give = {"task": str(task.id), "person": str(bench.people["second"]), "reason": WHY}
    do_tried(admin, f"{base}/reassign", give)
    assert bench.tasks(case)[0].assignee_id == bench.people["second"]
    do_tried(admin, f"{base}/take_away", {"task": str(task.id), "reason": WHY})
    with bench.desk.store.read() as tx:
        before, letters = len(tx.history.of_case(case)), {row.id for row in tx.mail.of_case(case)}
    do_tried(admin, f"{base}/suspend", {"reason": WHY})
    assert bench.case(case).status == "suspended"
    with bench.desk.store.read() as tx:
        [entry] = tx.history.of_case(case)[:-before]
        people = {row.person_id for row in tx.mail.of_case(case) if row.id not in letters}
    assert f"暂停办理。已告知{len(people)}人。" in entry.text, "one suspension is one entry with one number"
    assert f"已告知 {len(people)} 人" in words(admin.get(f"/cases/{case}").text)
    assert "恢复办理" in admin.get(base).text
    do_tried(admin, f"{base}/resume", {"reason": WHY})
    assert (bench.case(case).status, bench.tasks(case)[0].assignee_id) == ("running", None)


def test_nobody_suspends_or_resumes_a_case_round_the_interventions(bench: Bench, browse: Browse) -> None:
    """There is one way, which refuses at an open ballot, heeds recusals and asks what becomes of limits that passed."""
    case = reviewed(bench)
    for act in ("suspend", "resume"):
        assert browse("admin").send("POST", f"/api/v1/cases/{case}/{act}", {"reason": WHY}).status_code in (404, 405)
    assert bench.case(case).status == "running"


def test_the_same_by_the_interface_for_programs(bench: Bench, browse: Browse) -> None:
    case = reviewed(bench)
    [task] = bench.tasks(case)
    admin = browse("admin")
    listed = admin.get(f"/api/v1/cases/{case}/interventions").json
    offered = {k["id"]: {w["name"]: w["offered"] for w in k["wanted"]} for k in listed["interventions"]}
    assert offered["change_due"]["limit"][0]["value"] == f"task:{task.id}"
    assert next(o for o in offered["value"]["name"] if o["value"] == "decided")["refusal"]["en"]
    tried = api(admin, case, "change_due", dry=True, limit=f"task:{task.id}", day="2026-03-18", ground="第八条")
    assert (tried.status_code, tried.json["dry"], tried.json["changes"][0]["name"]) == (200, True, "审核")
    assert bench.tasks(case)[0].due_reason["last_day"] == "2026-03-09"
    claim_task(bench.desk, bench.office, task.id)
    for kind, values in (
        ("change_due", {"limit": f"task:{task.id}", "day": "2026-03-18", "ground": "第八条"}),
        ("reassign", {"task": str(task.id), "person": str(bench.people["second"])}),
        ("take_away", {"task": str(task.id)}),
        ("restart", {"task": str(task.id)}),
        ("value", {"name": "note", "value": "补记"}),
        ("suspend", {}),
        ("resume", {}),
        ("move_back", {"task": str(task.id)}),
        ("terminate", {"basis": "第九条"}),
    ):
        answer = api(admin, case, kind, **values)
        assert (answer.status_code, answer.json.get("dry")) == (200, False), (kind, answer.json)
    again = api(admin, case, "terminate", basis="第九条")
    assert (again.status_code, again.json["code"]) == (409, "conflict")
    body = {"kind": "terminate", "reason": WHY, "values": {"basis": "第九条"}, "tried": answer.json["tried"]}
    twice = admin.send("POST", f"/api/v1/cases/{case}/interventions", body)
    assert (twice.status_code, twice.json["code"]) == (409, "already_done")
    assert api(admin, case, "vote").status_code == 404
    assert api(browse("office"), case, "terminate", basis="x").status_code == 403


def test_an_incident_is_settled_at_the_desk(bench: Bench, browse: Browse) -> None:
    """Grouped by cause; retried one by one or together, handed over with a message, never skipped where it decides."""
    BROKEN.add("test.post")
    cases = [reviewed(bench), reviewed(bench)]
    for case in cases:
        done(bench, case, bench.office, {"decision": "pass"})
    admin = browse("admin")
    page = admin.get("/monitor/incidents").text
    assert words(page).count("发布公示”没有完成") == 1, "one cause is told once"
    assert "共 2 件" in words(page)
    first = re.search(r'id="incident-(\d+)"', page)
    assert first
    assert "等于代替有权机关" in words(page)
    admin.post(f"/monitor/incidents/{first[1]}/skip", {"reason": WHY})
    assert "等于代替有权机关" in words(admin.get("/monitor/incidents").text)
    to = str(bench.people["second"])
    admin.post(f"/monitor/incidents/{first[1]}/hand-over", {"person": to, "message": "请核对公示模板"})
    assert "second ： 请核对公示模板" in words(admin.get("/monitor/incidents").text).replace("second：", "second ： ")
    assert "异常移交" in words(browse("second").letters())
    admin.post(f"/monitor/incidents/{first[1]}/hand-over", {"person": str(bench.people["applicant"]), "message": "x"})
    assert "只能移交给本辖区" in words(admin.get("/monitor/incidents").text)
    assert browse("office").post(f"/monitor/incidents/{first[1]}/settle", {"act": "alike"}).status_code == 403
    BROKEN.clear()
    began = admin.post(f"/monitor/incidents/{first[1]}/settle", {"act": "alike"}).location
    bench.drain()
    told = words(admin.get(began).text)
    assert "已重新执行或者排队的 2 件" in told
    assert "办成" not in told, "whether what is queued goes well is told at the desk"
    assert "没有异常" in words(admin.get("/monitor/incidents").text)
    with bench.desk.store.read() as tx:
        assert all(tx.history.verify(case) is None for case in cases)


def test_the_desk_by_the_interface_for_programs(bench: Bench, browse: Browse) -> None:
    BROKEN.add("test.post")
    for case in (reviewed(bench), reviewed(bench)):
        done(bench, case, bench.office, {"decision": "pass"})
    admin = browse("admin")
    [cause] = admin.get("/api/v1/incidents").json["causes"]
    assert (cause["count"], cause["what"]["en"][:15], bool(cause["skip"])) == (2, "“发布公示” was not c"[:15], True)
    one = cause["lines"][0]["id"]
    place = f"/api/v1/incidents?jurisdiction=testville&cause={cause['cause']}"
    assert len(admin.get(place).json["causes"][0]["lines"]) == 2
    handed = admin.send(
        "POST", f"/api/v1/incidents/{one}/hand-over", {"person": cause["receivers"][0]["id"], "message": "请核对"}
    )
    assert handed.json == {"name": cause["receivers"][0]["name"]}
    assert admin.send("POST", f"/api/v1/incidents/{one}/skip", {"reason": WHY}).status_code == 403
    assert admin.send("POST", f"/api/v1/incidents/{one}/retry", {}).json == {
        "tried": 1, "failed": 1, "batch": None, "begun_before": False,
    }  # fmt: skip
    BROKEN.clear()
    [cause] = admin.get("/api/v1/incidents").json["causes"]
    again = f"/api/v1/incidents/{cause['lines'][0]['id']}/retry"
    assert browse("office").send("POST", again, {"alike": True}).status_code == 403
    begun = admin.send("POST", again, {"alike": True}).json
    assert (begun["tried"], begun["failed"]) == (2, 0)
    bench.drain()
    told = admin.get(f"/api/v1/interventions/{begun['batch']}").json
    assert (told["kind"], told["over"], told["counts"]) == ("retry", True, {"done": 2})
    assert admin.get("/api/v1/incidents").json == {"causes": [], "next": None}


def test_many_cases_are_tried_then_done_each_with_its_result(bench: Bench, browse: Browse) -> None:
    cases = [reviewed(bench), reviewed(bench), started(bench)]
    admin = browse("admin")
    [step] = re.findall(
        r'href="(/monitor/interventions\?[^"]*at=[^"]*review)"',
        admin.get("/monitor/interventions?kind=change_due").text,
    )
    page = admin.get(step.replace("&amp;", "&")).text
    assert page.count('name="case"') == 2, "those that wait there"
    form = {
        "kind": "change_due",
        "at": "testville_application/review",
        "day": "2026-03-18",
        "ground": "第八条",
        "reason": WHY,
    }
    assert admin.post("/monitor/interventions", form).status_code == 422, "nothing is chosen"
    begun = admin.post("/monitor/interventions", {**form, "case": [str(case) for case in cases]})
    assert begun.status_code == 302
    assert "共 3 件，已办 0 件" in words(admin.get(begun.location).text)
    bench.drain()
    news = admin.get(f"{begun.location}/progress?since=1").json
    assert (news["count"], news["message"]) == (2, "已全部办完，点此查看结果")
    assert news["progress"] == {"batch": {"done": 3, "total": 3, "words": "共 3 件，已办 3 件。"}}
    tried = words(admin.get(begun.location).text)
    assert "2 件可以办理，1 件不能" in tried
    assert "没有停在这个环节" in tried
    assert bench.tasks(cases[0])[0].due_reason["last_day"] == "2026-03-09"
    real = admin.post(f"{begun.location}/do")
    bench.drain()
    assert "办成 2 件，没有办成 0 件" in words(admin.get(real.location).text)
    assert [bench.tasks(case)[0].due_reason["last_day"] for case in cases[:2]] == ["2026-03-18"] * 2
    assert browse("office").get(begun.location).status_code == 403


def test_many_cases_by_the_interface_for_programs(bench: Bench, browse: Browse) -> None:
    cases = [reviewed(bench), started(bench)]
    admin = browse("admin")
    body: dict[str, Any] = {"kind": "suspend", "reason": WHY, "cases": cases}
    assert admin.send("POST", "/api/v1/interventions", {**body, "dry_run": False}).status_code == 422, "not tried"
    tried = admin.send("POST", "/api/v1/interventions", body).json["id"]
    bench.drain()
    doing = {**body, "dry_run": False, "tried": tried}
    assert admin.send("POST", "/api/v1/interventions", {**doing, "kind": "resume"}).status_code == 422
    begun = admin.send("POST", "/api/v1/interventions", doing)
    assert (begun.status_code, begun.json["counts"]) == (200, {"waiting": 2})
    bench.drain()
    told = admin.get(f"/api/v1/interventions/{begun.json['id']}").json
    assert (told["over"], [r["state"] for r in told["results"]]) == (True, ["done", "done"])
    assert admin.send("POST", "/api/v1/interventions", {**body, "kind": "move_back"}).status_code == 422
    assert admin.send("POST", "/api/v1/interventions", {**body, "cases": [9999]}).status_code == 404
