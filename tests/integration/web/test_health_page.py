"""What an administrator sees of the installation's health, and what the metrics and the API say of it."""

from __future__ import annotations

import re
from dataclasses import replace

from flask import Flask

from service.web.frame.requests.current import SETTINGS
from tests.support.browsers import Browse
from tests.support.desks import Bench

TOKEN = "a token of forty characters, no fewer"


def test_page_metrics_and_api_show_the_same_checks(app: Flask, bench: Bench, browse: Browse) -> None:
    with bench.desk.store.write() as tx:
        tx.operation.hold_for_clock(bench.clock.now(), bench.clock.now())
    admin = browse("admin")
    page = admin.get("/monitor/health").text
    assert "到期事项和邮件暂停" in page
    shown = re.findall(r'data-check="([^"]+)">.*?<span class="tag[^"]*">(\w+)<', page)
    assert (len(shown), shown[0]) == (12, ("worker", "提醒")), "the worst come first"
    checks = {one["name"]: one["colour"] for one in admin.get("/api/v1/health").json["checks"]}
    words = {"yellow": "提醒", "green": "正常", "grey": "未检查", "red": "故障"}
    assert {name: words[colour] for name, colour in checks.items()} == dict(shown)
    assert (checks["worker"], checks["backup"], checks["mail"]) == ("yellow", "grey", "grey"), "not set is not fine"
    assert "没有开放 /metrics" in page
    app.extensions[SETTINGS] = replace(app.extensions[SETTINGS], metrics_token=TOKEN)
    metrics = browse().client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    assert 'laurel_check{check="worker"} 1.0' in metrics
    assert 'laurel_check{check="database"} 0.0' in metrics
    assert 'laurel_check{check="backup"}' not in metrics
    assert "Prometheus 可读取 /metrics" in admin.get("/monitor/health").text


def test_only_administrators_look(browse: Browse) -> None:
    assert browse("office").get("/monitor/health").status_code == 403
    assert browse("office").get("/api/v1/health").status_code == 403
    assert "/monitor/health" not in browse("office").get("/monitor").text
    assert "/monitor/health" in browse("admin").get("/monitor").text
