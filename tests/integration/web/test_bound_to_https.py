"""Over HTTPS browsers are held to it, cookies are bound to it, and no other site reads an answer."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from service.web.frame.requests.current import SETTINGS
from tests.support.browsers import PASSWORD, Browse, give_password, settings_for_tests
from tests.support.desks import Bench

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
