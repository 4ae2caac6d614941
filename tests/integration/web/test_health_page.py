"""What an administrator sees of the installation's health, and what the metrics and the API say of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Flask

from service.web.frame.requests.current import SETTINGS
from tests.support.browsers import Browser
from tests.support.desks import Bench

Browse = Callable[..., Browser]
LIMITS = {
    "heartbeat_minutes": "5",
    "incident_hours": "24",
    "disk_megabytes": "2000",
    "backup_days": "3",
    "certificate_days": "21",
    "calendar_days": "90",
    "archive_days": "90",
    "retention_days": "90",
    "refusals_hour": "30",
}


def test_page_metrics_and_api_tell_the_same_checks(app: Flask, bench: Bench, browse: Browse) -> None:
    with bench.desk.store.write() as tx:
        tx.operation.hold_for_clock(bench.clock.now(), bench.clock.now())
    admin = browse("admin")
    page = admin.get("/monitor/health").text
    assert "到期事项和邮件暂停" in page
    assert page.index('data-check="hold"') < page.index('data-check="queue"')  # the worst come first
    checks = {one["name"]: one["level"] for one in admin.get("/api/v1/health").json["checks"]}
    assert (checks["hold"], checks["queue"]) == (1, 0)
    lines = re.findall(r'data-check="([^"]+)">.*?<span class="tag tag-(\w+)">(\w+)<', page)
    unset = {name for name, *shown in lines if shown == ["quiet", "未检查"]}
    assert {"backups", "certificate", "channel-mail", "channel-webhook"} <= unset, "what nobody looks at is not fine"
    assert unset == {one["name"] for one in admin.get("/api/v1/health").json["checks"] if not one["looked"]}
    assert "没有开放 /metrics" in page
    app.extensions[SETTINGS] = replace(app.extensions[SETTINGS], metrics_token="a token of forty characters, no fewer")
    told = browse().client.get("/metrics", headers={"Authorization": "Bearer a token of forty characters, no fewer"})
    assert 'laurel_check{check="hold"} 1.0' in told.text
    assert 'laurel_check{check="queue"} 0.0' in told.text
    assert 'laurel_check{check="backups"}' not in told.text
    assert "Prometheus 可读取 /metrics" in admin.get("/monitor/health").text


def test_limits_are_chosen_on_the_page_and_nothing_typed_is_lost(browse: Browse) -> None:
    admin = browse("admin")
    wrong = admin.post("/monitor/health/limits", {**LIMITS, "mails": "nobody", "backup_days": "4"})
    assert wrong.status_code == 422
    assert "不是邮箱地址" in wrong.text
    assert 'value="nobody"' in wrong.text
    assert admin.post("/monitor/health/limits", {**LIMITS, "mails": "a@example.cn"}).status_code == 302
    page = admin.get("/monitor/health").text
    assert 'value="a@example.cn"' in page
    assert "checked" not in page  # the box of the gateway was left empty
    read = admin.get("/api/v1/health/limits").get_json()
    assert (read["mails"], read["webhook"], read["backup_days"]) == (["a@example.cn"], False, 3)
    assert browse("office").get("/api/v1/health/limits").status_code == 403
    trial = admin.post("/monitor/health/trial")
    assert trial.status_code == 422  # no mail server is set
    assert "没有可以通知的人" in trial.text
    by_program = admin.send("POST", "/api/v1/health/trial", {})
    assert (by_program.status_code, "没有可以通知的人" in by_program.get_json()["detail_zh"]) == (422, True)
    assert browse("office").send("POST", "/api/v1/health/trial", {}).status_code == 403


def test_only_administrators_look(browse: Browse) -> None:
    assert browse("office").get("/monitor/health").status_code == 403
    assert "/monitor/health" not in browse("office").get("/monitor").text
    assert "/monitor/health" in browse("admin").get("/monitor").text
