"""What a supervisor and a monitoring system learn of a running program."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import SystemClock
from service.casework.health.report import read_readiness
from service.settings import BadSetting, read_settings
from service.store import SWEEPER, NewWork
from service.web.frame.requests.current import SETTINGS
from tests.support.browsers import Browse
from tests.support.desks import Bench
from tests.support.statements import statements_of

TOKEN = "a token of forty characters, no fewer ..."


def value(page: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", page, re.MULTILINE)
    assert found, f"{name} is not told"
    return float(found[1])


@pytest.fixture
def scrape(app: Flask, browse: Browse) -> Callable[[], str]:
    """Reads the metrics as a monitoring system does."""
    app.extensions[SETTINGS] = replace(app.extensions[SETTINGS], metrics_token=TOKEN)
    client = browse().client

    def read() -> str:
        answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return str(answer.text)

    return read


def test_a_process_lives_and_is_ready(browse: Browse) -> None:
    visitor = browse()
    assert visitor.get("/livez").json == {"status": "ok"}
    assert visitor.get("/readyz").json == {"status": "ok", "due": 0, "work": "ok", "hold": False, "full": [], "red": []}


def test_due_work_that_is_not_done_is_told_to_who_watches(bench: Bench, browse: Browse) -> None:
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", None, "mail:waits", {}, now)], now)
    for minutes, said in ((1, "ok"), (3, "stands still")):
        bench.clock.move_to(now + timedelta(minutes=minutes))
        told = browse().get("/readyz")
        assert (told.status_code, told.json) == (
            200,
            {"status": "ok", "due": 1, "work": said, "hold": False, "full": [], "red": []},
        )


def test_late_work_that_somebody_is_at_does_not_stand_still(bench: Bench) -> None:
    """What fell due while work was on hold is worked off from the oldest on: the last wait long meanwhile."""
    store, begun = bench.desk.store, bench.clock.now()
    with store.write() as tx:
        tx.work.enqueue_many([NewWork("mail", None, f"mail:{n}", {}, begun) for n in range(3)], begun)
    bench.clock.move_to(begun + timedelta(minutes=30))
    assert read_readiness(bench.desk, SYSTEM).stands_still
    taken = store.claim(bench.clock.now(), "worker")
    assert taken is not None
    assert taken.lease_until is not None
    assert (read_readiness(bench.desk, SYSTEM).due, read_readiness(bench.desk, SYSTEM).stands_still) == (2, False)
    bench.clock.move_to(taken.lease_until + timedelta(seconds=1))
    assert read_readiness(bench.desk, SYSTEM).stands_still


def test_a_sweeper_that_fell_silent_is_told_to_who_watches(bench: Bench) -> None:
    """Where nothing can be written any more no work falls due either: the last heartbeat tells."""
    desk = replace(bench.desk, clock=SystemClock())
    for minutes, silent in ((1, False), (3, True)):
        with desk.store.write() as tx:
            tx.operation.beat(SWEEPER, desk.clock.now() - timedelta(minutes=minutes))
        assert read_readiness(desk, SYSTEM).stands_still is silent


def test_metrics_tell_what_runs_and_what_was_asked(bench: Bench, browse: Browse, scrape: Callable[[], str]) -> None:
    before = scrape()
    assert value(before, "laurel_cases_running") == 0
    bench.started()
    browse("office").get("/tasks")
    after = scrape()
    assert value(after, "laurel_cases_running") == 1
    assert value(after, "laurel_incidents_open") == value(after, "laurel_on_hold") == 0
    asked = 'laurel_requests_total{endpoint="task_list.tasks",method="GET",status="200"}'
    assert value(after, asked) == 1
    assert value(after, 'laurel_request_seconds_count{endpoint="task_list.tasks"}') == 1
    assert value(after, "laurel_disk_free_bytes") > 0


def test_words_that_are_no_methods_make_no_counts_of_their_own(browse: Browse, scrape: Callable[[], str]) -> None:
    client = browse().client
    for word in ("MAKE", "BREW", "WHEN"):
        client.open("/livez", method=word)
    assert not {"MAKE", "BREW", "WHEN"} & set(re.findall(r'method="(\w+)"', scrape()))
    assert value(scrape(), 'laurel_requests_total{endpoint="none",method="other",status="405"}') == 3


def test_whether_it_lives_is_answered_without_the_database(bench: Bench, browse: Browse) -> None:
    """Neither a session nor anything else is looked up: a database that stands still would be waited for."""
    headers = {"Cookie": f"laurel_session={'x' * 43}"}
    with statements_of(bench.desk.store) as asked:
        assert browse().get("/livez", headers=headers).status_code == 200
    assert asked == []


@pytest.mark.usefixtures("scrape")
@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ("", "没有出示令牌"),
        ("Bearer ", "没有出示令牌"),
        (f"Bearer {TOKEN[:-1]}", "令牌不对"),
        ("Bearer 令牌", "令牌不对"),
    ],
)
def test_without_the_token_it_is_said_what_to_show(browse: Browse, shown: str, said: str) -> None:
    client = browse("admin").client
    refused = client.get("/metrics", headers={"Authorization": shown})
    assert (refused.status_code, refused.content_type) == (401, "application/problem+json")
    assert refused.headers["WWW-Authenticate"] == "Bearer"
    assert refused.json is not None
    assert refused.json["title"] == "请出示令牌"
    assert said in refused.json["detail_zh"]
    assert "LAUREL_METRICS_TOKEN" in refused.json["detail_en"]
    page = client.get("/metrics", headers={"Authorization": shown, "Accept": "text/html"})
    assert (page.status_code, said in page.text) == (401, True)


def test_without_a_token_in_the_settings_there_are_none_at_all(browse: Browse) -> None:
    closed = browse().client.get("/metrics", headers={"Authorization": "Bearer "})
    assert closed.status_code == 404
    assert closed.json is not None
    assert "没有开放指标" in closed.json["detail_zh"]


def test_a_token_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(BadSetting, match="LAUREL_METRICS_TOKEN"):
        read_settings({"LAUREL_METRICS_TOKEN": "short"})


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
    assert (checks["worker"], checks["backup"], checks["mail"]) == ("yellow", "yellow", "grey"), "not set is not fine"
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
