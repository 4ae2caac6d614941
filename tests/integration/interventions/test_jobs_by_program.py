"""Those of the administrator's twenty jobs (docs/interventions.md) by program that no other test does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from service.casework.people.factors.sessions import open_session
from service.store import NewWork
from service.store.rows import ClockHoldRow, IncidentRow
from tests.integration.interventions.test_interventions import WHY, done, reviewed
from tests.integration.interventions.test_pages import api
from tests.integration.web.test_health_page import LIMITS
from tests.support.browsers import Browser
from tests.support.desks import BROKEN, Bench

Browse = Callable[..., Browser]


def passed(bench: Bench) -> int:
    """Return an application that the office has let pass."""
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    return case


def test_notices_that_end_this_week_are_as_many_as_the_figure_says(bench: Bench, browse: Browse) -> None:
    case = passed(bench)
    with bench.desk.store.read() as tx:
        [notice] = tx.notices.of_case(case)
    bench.clock.move_to(bench.clock.now() + (notice.last_day - bench.clock.now().date()))
    admin = browse("admin")
    found = admin.get("/api/v1/monitor/notices").get_json()["notices"]
    assert len(found) == admin.get("/api/v1/monitor").get_json()["figures"]["notices"] == 1


def test_a_value_is_corrected_by_program_and_the_step_runs_again(bench: Bench, browse: Browse) -> None:
    BROKEN.add("test.post")
    case, admin = passed(bench), browse("admin")
    BROKEN.clear()
    assert [cause["count"] for cause in admin.get("/api/v1/incidents").get_json()["causes"]] == [1]
    assert api(admin, case, "value", name="note", value="补记").status_code == 200
    assert admin.get("/api/v1/incidents").get_json()["causes"] == []
    assert bench.case(case).facts["note"] == "补记"


def test_a_letter_that_does_not_leave_is_skipped_by_program(bench: Bench, browse: Browse) -> None:
    case, admin, now = reviewed(bench), browse("admin"), bench.clock.now()
    said = {"zh": "邮件没有发出", "en": "A mail did not leave"}
    words: Any = {"what": said, "consequence": said, "remedy": said}
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", case, "lost", {"message": "m"}, now)], now)
        [work] = [item for item in tx.work.of_case(case) if item.effect_key == "lost"]
        row = IncidentRow(jurisdiction="testville", case_id=case, work_item_id=work.id, kind="work", since=now, **words)
        ident = tx.incidents.open(row)
    assert browse("office").send("POST", f"/api/v1/incidents/{ident}/skip", {"reason": WHY}).status_code == 403
    assert admin.send("POST", f"/api/v1/incidents/{ident}/skip", {"reason": WHY}).status_code in (200, 204)
    assert admin.get("/api/v1/incidents").get_json()["causes"] == []


def test_a_lost_message_is_sent_by_program(bench: Bench, browse: Browse) -> None:
    case, now = passed(bench), bench.clock.now()
    with bench.desk.store.write() as tx:
        lost = NewWork("message", case, "lost", {"message": "notice_corrected", "payload": {}}, now)
        tx.work.enqueue_many([lost], now)
        tx.work.cancel(["lost"], now)
    assert api(browse("admin"), case, "message", message="notice_corrected").status_code == 200
    with bench.desk.store.read() as tx:
        assert [e.text for e in tx.history.of_case(case) if e.action == "message"] == ["收到消息“更正”（由管理员发出）"]


def test_the_clock_is_confirmed_by_program(bench: Bench, browse: Browse) -> None:
    admin, now = browse("admin"), bench.clock.now()
    with bench.desk.store.write() as tx:
        tx.clock.hold(ClockHoldRow(kind="absence", expected_at=now, found_at=now))
    hold = admin.get("/api/v1/clock").get_json()["hold"]
    confirm = f"/api/v1/clock/{hold['id'] if isinstance(hold, dict) else hold}/confirm"
    assert browse("office").send("POST", confirm, {"reason": "核对过"}).status_code == 403
    assert admin.send("POST", confirm, {"reason": "核对过"}).status_code in (200, 204)
    assert admin.get("/api/v1/clock").get_json()["hold"] is None


def test_a_finished_round_is_archived_and_fetched_by_program(bench: Bench, app: Flask, browse: Browse) -> None:
    case, office = reviewed(bench), browse("office")
    done(bench, case, bench.office, {"decision": "fail", "reason": "材料不全"})
    bench.drain()
    assert [one["id"] for one in office.get("/api/v1/archives").get_json()["rounds"]] == [case]
    begun = office.send("POST", "/api/v1/archives", {"round": case, "purpose": "移交档案室"})
    assert begun.get_json() == {"id": 1}
    assert office.get("/api/v1/archives").get_json()["archives"][0]["address"] is None
    bench.drain()
    [archive] = office.get("/api/v1/archives").get_json()["archives"]
    assert archive["seal"]
    token = open_session(bench.desk, bench.people["office"], 1)
    program = app.test_client(use_cookies=False)
    fetched = program.get(archive["address"], headers={"Authorization": f"Bearer {token}"})
    assert (fetched.status_code, fetched.mimetype) == (200, "application/zip")


def test_limits_of_health_are_chosen_by_program(browse: Browse) -> None:
    admin = browse("admin")
    limits = {name: int(value) for name, value in LIMITS.items() if value.isdigit()}
    body = {**limits, "backup_days": 4, "mails": ["ops@example.cn"]}
    assert browse("office").send("POST", "/api/v1/health/limits", body).status_code == 403
    chosen = admin.send("POST", "/api/v1/health/limits", body)
    assert (chosen.status_code, chosen.get_json()["backup_days"]) == (200, 4)
