"""A sign-in from a place that is new to its owner is told to them; strangers hold up nobody's link to a new password."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.access.recent_proof import ProofNeeded, set_stale
from service.casework.desk.premises import Premises
from service.casework.desk.sign_in_rules import SignInRules
from service.casework.people.factors.known_devices import device_cookie, device_known
from service.casework.people.means.passkeys import begin_passkey
from service.casework.queries.own_place.inbox import list_messages
from tests.integration.people.test_outside_identity import Setup, there
from tests.integration.people.test_passkeys import SITE, Ring, ring
from tests.integration.people.test_recovery import PAGE, mailed, phone
from tests.integration.people.test_second_factor import Phone
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench

__all__ = ["phone", "ring", "there"]
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126"
TOLD = "在新的地方登录"
ASKED = "再次确认本人"


def told(bench: Bench, login: str = "office") -> list[str]:
    """The messages of the person about new places, the newest first."""
    actor = getattr(bench, login)
    return [one.text for one in list_messages(bench.desk, actor)[0] if TOLD in one.subject]


def browser_at(bench: Bench, address: str = "192.0.2.7") -> Browser:
    made = Browser(make_app(bench), bench)
    made.client.environ_base["HTTP_USER_AGENT"] = EDGE
    made.client.environ_base["REMOTE_ADDR"] = address
    return made


def signed_in(browser: Browser, login: str = "office") -> Browser:
    answer = browser.post("/sign-in", {"login": login, "password": PASSWORD}, page="/sign-in")
    assert answer.status_code == 302
    return browser


def test_a_sign_in_from_another_browser_is_told_with_time_address_and_how_to_end_it(bench: Bench) -> None:
    give_password(bench, "office")
    first = signed_in(browser_at(bench))
    assert told(bench) == [], "the first sign-in of a new account"
    first.post("/sign-out")
    signed_in(first)
    assert told(bench) == [], "the browser is known"
    first.client.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    first.post("/sign-out")
    signed_in(first)
    assert told(bench) == [], "wherever it is carried"
    signed_in(browser_at(bench, "198.51.100.9"))
    (text,) = told(bench)
    assert "Edge · Windows" in text
    assert "198.51.100.9" in text
    assert "2026-03-02 09:00" in text
    assert text.splitlines()[-1] == "/account/sessions", "a line of its own becomes a link in the mail"
    assert "登录名 office" in text


def test_of_an_account_that_is_long_there_the_first_one_is_told_too(bench: Bench) -> None:
    give_password(bench, "office")
    bench.clock.move_to(bench.clock.now() + timedelta(days=31))
    signed_in(browser_at(bench))
    assert len(told(bench)) == 1


def test_programs_are_known_by_their_address(bench: Bench) -> None:
    give_password(bench, "office")
    program = browser_at(bench)

    def begin() -> None:
        body = {"login": "office", "password": PASSWORD}
        assert program.client.post("/api/v1/session", json=body).status_code in (200, 201)

    begin()
    begin()
    assert told(bench) == []
    program.client.environ_base["REMOTE_ADDR"] = "198.51.100.9"
    begin()
    begin()
    assert len(told(bench)) == 1


def test_a_passkey_and_the_single_sign_on_tell_it_too(ring: Ring) -> None:
    bench, home = ring.bench, ""
    ring.sign_in()
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    ring.sign_in(device=device_cookie(bench.desk, bench.people["office"], home))
    assert told(bench) == []
    ring.sign_in(device="")
    assert len(told(bench)) == 1


def test_the_single_sign_on_makes_a_browser_known(there: Setup) -> None:
    there.link("office")
    bench, browser = there.bench, there.browser()
    for _ in range(2):
        assert browser.get(there.way(browser)).status_code == 302
        cookie = browser.client.get_cookie("laurel_device") or browser.client.get_cookie("__Host-laurel_device")
        assert cookie is not None
        assert device_known(bench.desk, bench.people["office"], cookie.value)
        browser.post("/sign-out")
    assert told(bench) == []
    other = there.browser()
    assert other.get(there.way(other)).status_code == 302
    assert len(told(bench)) == 1


def test_strangers_hold_up_nobodys_link_to_a_new_password(phone: Phone) -> None:
    bench = phone.bench
    mine, login = browser_at(bench), {"login": "office"}
    cookie = device_cookie(bench.desk, bench.people["office"], "")
    for n in range(40):  # an outsider with many addresses
        stranger = browser_at(bench, f"203.0.113.{n}")
        assert stranger.post(PAGE, login).status_code == 200
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=2))
    mine.client.set_cookie("laurel_device", cookie)
    for _ in range(5):
        assert mine.post(PAGE, login).status_code == 200
    assert mailed(bench), "a browser in which its owner signed in before goes on"
    assert mine.post(PAGE, login).status_code == 429


def test_one_address_asks_five_times_and_others_go_on(phone: Phone) -> None:
    bench = phone.bench
    colleague = browser_at(bench)
    asked = [colleague.post(PAGE, {"login": "office"}).status_code for _ in range(6)]
    assert asked == [200] * 5 + [429]
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=2))
    at_home = browser_at(bench)
    at_home.client.set_cookie("laurel_device", device_cookie(bench.desk, bench.people["office"], ""))
    assert at_home.post(PAGE, {"login": "office"}).status_code == 200
    assert mailed(bench), "a browser of one's own at the same address"
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=11))  # the link of before serves until then
    assert browser_at(bench, "198.51.100.9").post(PAGE, {"login": "office"}).status_code == 200
    assert mailed(bench), "another address"


@pytest.mark.parametrize("page", ["/account/identity", "/account/second-factor"])
def test_further_ways_to_sign_in_ask_for_a_fresh_proof(there: Setup, page: str) -> None:
    there.bench.desk = bench_desk = replace(
        there.bench.desk, premises=Premises(sign_in=SignInRules(proof=timedelta(minutes=15)))
    )
    give_password(there.bench, "office")
    browser = Browser(make_app(there.bench), there.bench, "office")
    there.bench.clock.move_to(bench_desk.clock.now() + timedelta(minutes=16))
    asked = browser.post(page, {"password": PASSWORD, "name": "办公电脑"})
    assert (asked.status_code, ASKED in asked.text) == (403, True)


def test_adding_a_passkey_asks_for_a_fresh_proof(ring: Ring) -> None:
    try:
        set_stale(True)
        with pytest.raises(ProofNeeded):
            begin_passkey(ring.bench.desk, ring.bench.office, SITE, PASSWORD, "家")
    finally:
        set_stale(False)


def test_taking_a_passkey_away_asks_the_second_factor_for_a_fresh_proof(ring: Ring) -> None:
    bench = ring.bench
    bench.desk = replace(bench.desk, premises=Premises(sign_in=SignInRules(proof=timedelta(minutes=15))))
    browser = Browser(make_app(bench), bench, "office")
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=16))
    with bench.desk.store.read() as tx:
        (row,) = tx.passkeys.of(bench.people["office"])
    asked = browser.post(f"/account/passkeys/{row.id}/remove", {"password": PASSWORD})
    assert (asked.status_code, ASKED in asked.text) == (403, True)
    given = {"password": PASSWORD, "laurel_proof": PASSWORD}
    assert browser.post(f"/account/passkeys/{row.id}/remove", given).status_code == 403, (
        "the password is no second factor"
    )
