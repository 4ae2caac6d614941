"""Failures are sentences: never a stack trace, never a bare number."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from service.domain.errors import NotAllowed
from service.settings import BadSetting
from service.store import Store
from service.web.frame.requests.current import DESK, SETTINGS
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.request_checks import require_direct
from tests.support.browsers import Browse, Browser, make_app, settings_for_tests
from tests.support.desks import PACKAGE, Bench

HEADERS = (
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cross-Origin-Embedder-Policy",
)


def test_an_unknown_address_says_so_in_both_languages(browse: Browse) -> None:
    visitor = browse()
    answer = visitor.get("/no/such/page")
    assert (answer.status_code, "没有找到" in answer.text) == (404, True)
    visitor.get("/language?to=en")
    assert "Not found" in visitor.get("/no/such/page").text


def test_an_unexpected_failure_has_a_number_and_no_trace(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    app = make_app(bench)

    @app.get("/broken")
    @route_guard("portal.view")
    def broken() -> str:
        raise RuntimeError("secret detail of the program")

    with caplog.at_level(logging.ERROR):
        answer = Browser(app, bench, "office").get("/broken")
    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    number = answer.text.split('class="code">')[1].split("<")[0]
    assert number in caplog.text
    assert "secret detail" in caplog.text
    as_json = Browser(app, bench, "office").get("/broken", headers={"Accept": "application/json"})
    assert as_json.content_type == "application/problem+json"
    assert as_json.json["incident"]


def test_a_route_without_guard_serves_nothing(bench: Bench) -> None:
    app = make_app(bench)
    app.add_url_rule("/open", view_func=lambda: "secret", endpoint="open")
    answer = Browser(app, bench, "admin").get("/open")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_a_database_out_of_reach_is_said_in_words(
    bench: Bench, app: Flask, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    me = Browser(app, bench, "office")
    bench.desk.store.close()
    database = Path(sqlite_url.removeprefix("sqlite:///"))
    for file in database.parent.glob("laurel.db*"):
        file.rename(file.with_name(f"gone-{file.name}"))
    database.mkdir()
    answer = me.get("/tasks")
    assert answer.status_code == 503
    assert "暂时连接不上数据库" in answer.text
    assert me.get("/tasks", headers={"Accept": "application/json"}).json["code"] == "unreachable"
    visitor = Browser(app, bench)
    for path in ("/no-such-page", "/notices", "/static/none.css", "/metrics"):
        assert visitor.client.get(path).status_code == 404, path
    assert not [record for record in caplog.records if record.exc_info]


def test_a_read_only_database_can_be_looked_at_but_takes_nothing(
    bench: Bench, app: Flask, sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    me = Browser(app, bench, "applicant")
    mark = me.mark()
    file = sqlite_url.removeprefix("sqlite:///")
    app.extensions[DESK] = replace(bench.desk, store=open_store(f"sqlite:///file:{file}?mode=ro&uri=true"))
    assert me.get("/cases").status_code == 200
    refused = me.client.post(f"/start/{PACKAGE}/application", data={"ready": "on", "csrf_token": mark})
    assert (refused.status_code, "只读状态" in refused.text) == (503, True)


def test_every_answer_carries_the_policy(browse: Browse) -> None:
    office = browse("office")
    for path in ("/tasks", "/portal", "/no/such/page", "/api/v1/tasks", "/static/dist/base.css"):
        answer = office.get(path)
        for header in HEADERS:
            assert header in answer.headers, (path, header)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe-inline" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()", path
        assert policy.endswith("require-trusted-types-for 'script'; trusted-types laurel"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert office.get("/tasks").headers["Cache-Control"] == "no-store"


def test_what_the_interface_answers_is_a_named_attachment_and_other_kinds_are_refused(browse: Browse) -> None:
    office = browse("office")
    for path in ("/api/v1/tasks", "/api/v1/no/such"):
        assert office.get(path).headers["Content-Disposition"] == 'attachment; filename="api.json"', path
    assert "Content-Disposition" not in office.get("/tasks").headers
    mark = {"X-CSRF-Token": office.mark()}
    for kind, status in (("text/xml", 415), ("application/json", 422)):
        sent = office.client.post("/api/v1/tasks/1/claim", data="<a/>", content_type=kind, headers=mark)
        assert (sent.status_code, kind == "text/xml") == (status, "只收 JSON" in sent.text), kind


def test_pages_hold_no_inline_script_style_or_handler(browse: Browse) -> None:
    office = browse("office")
    for path in ("/tasks", "/cases", "/monitor", "/portal", "/inbox"):
        page = office.get(path).text
        assert "<script>" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        own = re.sub(r'<code class="address">[^<]*</code>', "", page)  # to be typed into a calendar, not loaded
        assert "http://" not in own.replace("http://localhost", "")


def test_demonstration_mode_is_refused_where_others_could_reach_it() -> None:
    with pytest.raises(BadSetting, match="只能在本机使用"):
        settings_for_tests(LAUREL_DEMO="1", LAUREL_HOST="0.0.0.0")


@pytest.mark.parametrize(
    "setting",
    [
        {"LAUREL_TRUSTED_PROXY": "127.0.0.1"},
        {"LAUREL_HTTPS": "yes"},
        {"LAUREL_PUBLIC_URL": "https://award.example.gov.cn"},
    ],
)
def test_demonstration_mode_is_refused_behind_a_proxy(setting: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=next(iter(setting))):
        settings_for_tests(LAUREL_DEMO="1", **setting)
    assert settings_for_tests(LAUREL_DEMO="1", LAUREL_PUBLIC_URL="http://localhost:8000").demo


@pytest.mark.parametrize(
    "header",
    [
        {"X-Forwarded-For": "10.0.0.1"}, {"Host": "award.example.gov.cn"}, {"Via": "1.1 x"}, {"X-Forwarded-Server": "x"},
        {"Host": "127.0.0.1:8000", "Origin": "https://award.example.gov.cn"}, {"X-Original-Forwarded-For": "10.0.0.1"},
        {"Host": "127.0.0.1:8000", "Origin": "http://127.0.0.1.example.cn:8000"}, {"True-Client-IP": "10.0.0.1"},
        {"Host": "[::1"}, {"Host": "127.0.0.1:8000", "Origin": "https://[x"},
    ],
)  # fmt: skip
def test_the_demonstration_answers_nobody_from_outside(header: dict[str, str]) -> None:
    app = Flask("outside")
    app.extensions[SETTINGS] = settings_for_tests(LAUREL_DEMO="1")
    with app.test_request_context("/demo/play", method="POST", headers=header), pytest.raises(NotAllowed):
        require_direct()
    here = {"Host": "127.0.0.1:8000"}
    for origin in ({}, {"Origin": "http://127.0.0.1:8000"}, {"Origin": "http://[::1]:8000"}, {"Origin": "null"}):
        with app.test_request_context("/demo/play", method="POST", headers={**here, **origin}):
            require_direct()
