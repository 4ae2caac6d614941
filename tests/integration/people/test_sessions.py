"""Where somebody is signed in: listed, ended one by one, over after thirty minutes without use."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.desk.premises import Premises
from service.casework.people.signing_in.sessions import OwnSession, list_actor_sessions
from service.jobs.put_together import sign_in_rules_of
from service.web.frame.requests.cookies import SESSION, get_cookie_name
from service.web.frame.requests.current import SETTINGS
from tests.support.browsers import PASSWORD, Browser, give_password, make_app, settings_for_tests
from tests.support.desks import PACKAGE, Bench

pytestmark = pytest.mark.both_databases

HERE = "/account/sessions"
SIGN_IN = "/sign-in"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126"
WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.49"


@pytest.fixture
def strict(bench: Bench) -> Bench:
    """An installation as in production."""
    bench.desk = replace(bench.desk, premises=Premises(sign_in=sign_in_rules_of(settings_for_tests())))
    for login in ("office", "applicant"):
        give_password(bench, login)
    return bench


def signed_in(bench: Bench, login: str = "office", agent: str = EDGE, **more: str) -> Browser:
    browser = Browser(make_app(bench), bench)
    browser.client.environ_base["HTTP_USER_AGENT"] = agent
    answer = browser.post(SIGN_IN, {"login": login, "password": PASSWORD, **more}, page=SIGN_IN)
    assert answer.status_code == 302
    return browser


def later(bench: Bench, **time: int) -> None:
    bench.clock.move_to(bench.clock.now() + timedelta(**time))


def listed(bench: Bench, browser: Browser) -> Sequence[OwnSession]:
    cookie = browser.client.get_cookie(get_cookie_name(SESSION, browser.app.extensions[SETTINGS]))
    assert cookie is not None
    return list_actor_sessions(bench.desk, bench.office, cookie.value).sessions


def test_a_session_ends_after_thirty_minutes_without_use_and_goes_on_with_it(strict: Bench) -> None:
    me = signed_in(strict)
    for _ in range(4):
        later(strict, minutes=29)
        assert me.get("/tasks").status_code == 200
    later(strict, minutes=31)
    assert me.get("/tasks").status_code == 302


def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(strict: Bench) -> None:
    me = signed_in(strict)
    for _ in range(2):
        later(strict, minutes=14)
        assert me.get("/tasks/new?scope=mine&since=0", headers={"X-Requested-With": "fetch"}).status_code == 200
    later(strict, minutes=3)
    assert me.get("/tasks").status_code == 302


def test_twelve_hours_after_signing_in_it_ends_whatever_is_done(strict: Bench) -> None:
    me = signed_in(strict)
    for _ in range(24):
        later(strict, minutes=29)
        assert me.get("/tasks").status_code == 200
    later(strict, minutes=24)
    assert me.get("/tasks").status_code == 302


def test_what_was_being_typed_is_there_after_signing_in_again(strict: Bench) -> None:
    page = f"/start/{PACKAGE}/application"
    me = signed_in(strict, "applicant")
    assert me.post(f"/typed?page={page}", {"ready": "on"}).status_code == 200
    later(strict, minutes=45)
    assert me.get(page).headers["Location"].startswith("/sign-in?next=%2Fstart")
    other = signed_in(strict)  # somebody else's sign-in clears nothing away
    assert "checked" not in other.get(HERE).text
    again = signed_in(strict, "applicant", next=page)
    assert "checked" in again.get(page).text


def test_sessions_are_listed_with_device_place_and_times_and_end_one_by_one(strict: Bench) -> None:
    here = signed_in(strict)
    later(strict, minutes=5)
    phone = signed_in(strict, agent=WECHAT)
    text = here.get(HERE).text
    assert "Edge · Windows" in text
    assert "WeChat · iPhone" in text
    assert "127.0.0.1" in text
    assert text.count("本次登录") == 1
    mine, other = sorted(listed(strict, here), key=lambda one: not one.current)
    assert (mine.device, other.current) == ("Edge · Windows", False)
    stranger = signed_in(strict, "applicant")
    stranger.post(f"{HERE}/{other.key}/end")
    assert phone.get("/tasks").status_code == 200, "somebody else's"
    assert here.post(f"{HERE}/{other.key}/end").status_code == 302
    assert phone.get("/tasks").status_code == 302
    assert here.get("/tasks").status_code == 200


def test_all_others_end_at_once(strict: Bench) -> None:
    here, other = signed_in(strict), signed_in(strict)
    assert here.post(f"{HERE}/end-others").status_code == 302
    assert other.get("/tasks").status_code == 302
    assert len(listed(strict, here)) == 1
