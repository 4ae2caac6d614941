"""The administrator's jobs of repair, each done by its page and by the interface for programs."""

from __future__ import annotations

import re
from typing import Any

from service.casework.tasks.claim import claim_task
from tests.integration.interventions.test_interventions import WHY, reviewed
from tests.support.browsers import Browse, Browser, words
from tests.support.desks import Bench


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
        return str([row.data["tried"] for row in tx.history.newest(case) if row.action == "intervened"][-1])


def do_tried(browser: Browser, here: str, form: dict[str, str]) -> Any:
    """Try an intervention on its page and then do it, as the page asks."""
    return browser.post(here, {**form, "act": "do", "tried": mark_in(browser.post(here, form).text)})


def test_a_case_is_terminated_by_page_after_it_was_tried(bench: Bench, browse: Browse) -> None:
    case = reviewed(bench)
    admin = browse("admin")
    here, form = f"/cases/{case}/interventions?kind=terminate", {"basis": "《办法》第九条", "reason": WHY}
    without = admin.post(here, {**form, "reason": ""})
    assert (without.status_code, "《办法》第九条" in without.text) == (422, True), "what was typed stays"
    assert without.text.count("请写明原因") == without.text.count('id="reason-error">请写明原因') == 1, (
        "at its field alone"
    )
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


def test_nobody_suspends_or_resumes_a_case_round_the_interventions(bench: Bench, browse: Browse) -> None:
    """There is one way, which refuses at an open ballot, heeds recusals and asks what becomes of limits that passed."""
    case = reviewed(bench)
    for act in ("suspend", "resume"):
        assert browse("admin").send("POST", f"/api/v1/cases/{case}/{act}", {"reason": WHY}).status_code in (404, 405)
    assert bench.case(case).status == "running"
