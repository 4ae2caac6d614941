"""What holds for every answer: its kind, how files leave, which bodies are read, whom the server asks, and one line in the log."""

from __future__ import annotations

import io
import json
import logging
import re
import socket
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask

from service.domain.running.log_lines import JsonLines, PlainLines, about
from service.web.frame.requests.current import SETTINGS
from tests.integration.web.test_every_page import PAGES, season  # noqa: F401  an application whose notice is running
from tests.integration.web.test_task_way import PDF, started  # noqa: F401  an application that was begun
from tests.support.browsers import PASSWORD, Browse, Browser, give_password, settings_for_tests
from tests.support.desks import Bench

HOSTILE_NAME = "a; filename=x.bat; $(touch y) && ..\\..\\`id`; 执照.pdf"


def upload(browser: Browser, address: str, name: str) -> dict[str, str]:
    sent = browser.post(address, {"licence": (io.BytesIO(PDF), name)}, headers={"Accept": "application/json"})
    assert sent.status_code == 200, sent.text
    return dict(sent.json)


def test_a_file_leaves_as_a_named_attachment_that_runs_nothing(bench: Bench, browse: Browse, started: int) -> None:  # noqa: F811
    me = browse("applicant")
    (task,) = bench.tasks(started)
    kept = upload(me, f"/tasks/{task.id}/uploads?field=licence", HOSTILE_NAME)
    out = me.get(kept["url"])
    assert out.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert out.headers["X-Content-Type-Options"] == "nosniff"
    disposition = out.headers["Content-Disposition"]
    assert re.fullmatch(r"attachment; filename\*=UTF-8''[\w.%~-]+", disposition), disposition
    named = unquote(disposition.partition("''")[2])
    assert (named.endswith("执照.pdf"), "/" in named, "\\" in named) == (True, False, False)
    assert [name for name in bench.desk.store.files.names() if not re.fullmatch(r"[0-9a-f]{64}", name)] == []


@pytest.mark.parametrize("end", [";/setup.bat", "/setup.bat", ".bat", "%3b/setup.bat", ";setup.bat?x=||calc||"])
def test_no_address_names_what_is_downloaded(browse: Browse, end: str) -> None:
    office = browse("office")
    for path in ("/api/v1/tasks", "/portal", "/tasks"):
        answer = office.get(f"{path}{end}")
        named = answer.headers.get("Content-Disposition", "")
        assert answer.status_code in (200, 404), path
        assert named == ('attachment; filename="api.json"' if path.startswith("/api/") else ""), path
        assert answer.mimetype in ("text/html", "application/problem+json"), path
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


class Watched:
    """Connections that the process began while it was watched.

    The calls themselves are watched: an audit hook, which nobody can take out again, every file, import and statement of
    the process would call from then on.
    """

    def __init__(self) -> None:
        self.begun: list[str] = []

    def noting(self, call: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``call`` that notes what it was given before it does the same."""

        def noted(*given: Any, **more: Any) -> Any:
            self.begun.append(f"{call.__qualname__} {given}")
            return call(*given, **more)

        return noted


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    watch = Watched()
    for name in ("connect", "connect_ex", "sendto", "sendmsg"):
        monkeypatch.setattr(socket.socket, name, watch.noting(getattr(socket.socket, name)))
    for name in ("getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, watch.noting(getattr(socket, name)))
    return watch


def test_the_server_reports_to_nobody(season: Bench, browse: Browse, watched: Watched) -> None:  # noqa: F811
    for who, paths in PAGES.items():
        browser = browse(None if who == "visitor" else who)
        for path in paths:
            assert browser.get(path).status_code == 200, path
    assert watched.begun == []


def test_the_watch_sees_a_connection(watched: Watched) -> None:
    with socket.socket() as one:
        one.connect_ex(("127.0.0.1", 9))
    assert watched.begun


ENDS = ("\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b[2J", "\x85", "\x9b31m", "\u2028", "\u2029", "\0")


@pytest.mark.parametrize("end", ENDS)
def test_nothing_typed_makes_a_line_of_the_log(end: str) -> None:
    typed = f'a{end}{{"level": "info", "message": "forged"}}'
    record = logging.LogRecord("laurel", logging.INFO, __file__, 1, "said %s", (typed,), None)
    record.more = {"login": typed}
    with about(case=typed):
        as_json = JsonLines().format(record)
        plain = PlainLines("%(levelname)s %(message)s").format(record)
    assert json.loads(as_json)["message"] == f"said {typed}", "programs read what was typed"
    for line in (as_json, plain):
        assert len(line.splitlines()) == 1
        assert not any(sign < " " or "\x7f" <= sign <= "\x9f" for sign in line)


def test_what_is_typed_into_pages_makes_no_line_of_the_log(bench: Bench, browse: Browse) -> None:
    stream, root = io.StringIO(), logging.getLogger()
    handler, before = logging.StreamHandler(stream), root.level
    handler.setFormatter(JsonLines())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        office = browse("office")
        for end in ("\n", "\r\n", "\u2028"):
            office.get(f"/search?q=a{end}FORGED")
            browse().post("/sign-in", {"login": f"a{end}FORGED", "password": f"b{end}FORGED"}, page="/sign-in")
            office.get("/portal", headers={"User-Agent": "x FORGED", "X-Request-ID": "FORGED-FORGED"})
            office.get(f"/no/such/page{end}FORGED")
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
    lines = stream.getvalue().splitlines()
    assert len(lines) >= 12
    assert [line for line in lines if not line.startswith("{") or "FORGED" in line] == []


HELD = "Strict-Transport-Security"


def test_over_https_browsers_are_held_to_it_and_cookies_are_bound_to_it(app: Flask, browse: Browse) -> None:
    assert HELD not in browse().client.get("/portal").headers
    app.extensions[SETTINGS] = replace(app.extensions[SETTINGS], https=True)
    for path in ("/portal", "/no/such/page", "/api/v1/tasks", "/static/dist/base.css"):
        assert browse().client.get(path).headers[HELD] == "max-age=31536000; includeSubDomains", path
    alone = replace(app.extensions[SETTINGS], https_below=settings_for_tests(LAUREL_HTTPS_BELOW="no").https_below)
    app.extensions[SETTINGS] = alone
    assert browse().client.get("/portal").headers[HELD] == "max-age=31536000"
    cookie = browse().client.get("/sign-in").headers["Set-Cookie"]
    assert cookie.startswith("__Host-")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie.split("; ")
    assert "Domain" not in cookie


def test_no_other_site_reads_an_answer(browse: Browse) -> None:
    for sender in ("https://evil.example", "null"):
        for path in ("/portal", "/api/v1/tasks"):
            answer = browse("office").client.get(path, headers={"Origin": sender})
            assert [name for name, _ in answer.headers if name.startswith("Access-Control-")] == []


def test_every_sign_in_gets_a_token_of_its_own(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    seen = set()
    for _ in range(2):
        answer = browse().post("/sign-in", {"login": "office", "password": PASSWORD}, page="/sign-in")
        (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("laurel_session="))
        token = cookie.split("=", 1)[1].split(";")[0]
        assert len(token) >= 32
        assert token not in answer.headers["Location"]
        seen.add(token)
    assert len(seen) == 2


def test_no_folder_is_listed_and_no_file_of_the_program_served(browse: Browse) -> None:
    for path in ("/static/", "/static/dist/", "/.git/config", "/static/../service/settings.py", "/static/dist/.env"):
        assert browse().client.get(path).status_code == 404, path
