"""Who guesses at a member's password locks nobody else out, and many names tried from one address get nowhere."""

from datetime import timedelta

import pytest

from service.casework.people.factors.password_throttle import (
    ADDRESSES,
    FREE_FROM_ADDRESS,
    FREE_TRIES,
    PASSWORDS,
    Throttle,
    TooManyTries,
    count_wrong,
    count_wrong_from_address,
    require_not_throttled,
)
from service.casework.people.factors.sessions import MOST_PEOPLE, device_cookie, find_device_name
from service.store.models import WrongPasswordRow
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench

pytestmark = pytest.mark.both_databases

SIGN_IN = "/sign-in"
OUTSIDE = "198.51.100.7"


@pytest.fixture
def member(bench: Bench) -> Browser:
    """The browser in which somebody signs in day by day, signed out now."""
    give_password(bench, "office")
    browser = Browser(make_app(bench), bench)
    assert tries(browser, PASSWORD) == 302
    browser.post("/sign-out")
    return browser


def tries(browser: Browser, password: str, login: str = "office", address: str = "127.0.0.1") -> int:
    form = {"login": login, "password": password}
    return browser.post(SIGN_IN, form, page=SIGN_IN, environ_base={"REMOTE_ADDR": address}).status_code


def test_an_outsider_holds_up_no_member_where_the_member_signed_in_before(bench: Bench, member: Browser) -> None:
    outsider = Browser(member.app, bench)
    for _ in range(FREE_TRIES):
        assert tries(outsider, "a guess of theirs", address=OUTSIDE) == 401
    elsewhere = Browser(member.app, bench)
    assert tries(elsewhere, PASSWORD) == 429, "in a browser that nobody knows one has to wait"
    assert tries(member, "mistyped") == 401
    assert tries(member, PASSWORD) == 302


def test_a_cookie_vouches_for_those_who_signed_in_and_cannot_be_made(bench: Bench, member: Browser) -> None:
    desk, office = bench.desk, bench.people["office"]
    found = member.client.get_cookie("laurel_device")
    assert found is not None
    assert find_device_name(desk, office, found.value)
    assert not find_device_name(desk, bench.people["admin"], found.value)
    name, _, mark = found.value.partition(".")
    forged = [f"{name}.{'0' * len(mark)}", mark, f"x{found.value}", "", ".", "é" * 30, found.value * 9, "a.b.c"]
    assert [one for one in forged if find_device_name(desk, office, one)] == []
    cookie = found.value
    for person in range(100, 100 + MOST_PEOPLE):
        cookie = device_cookie(desk, person, cookie)
    assert not find_device_name(desk, office, cookie), "the one who signed in there longest ago is forgotten"
    assert find_device_name(desk, 100, cookie)
    assert len(cookie) < 400
    assert device_cookie(desk, office, "somebody else's name").partition(".")[0] != "somebody else's name"


def test_a_hundred_accounts_sprayed_from_one_address_get_nowhere_and_known_browsers_go_on(
    bench: Bench, member: Browser
) -> None:
    """A hundred names within an hour: forty are looked at, then one after each pause, which doubles up to a quarter of an hour."""
    sprayer, looked_at = Browser(member.app, bench), 0
    mark = sprayer.mark(SIGN_IN)
    for minute in range(60):
        for number in range(45 if minute == 0 else 1):
            form = {"csrf_token": mark, "login": f"person{minute}-{number}", "password": "Spring-2026"}
            looked_at += sprayer.client.post(SIGN_IN, data=form).status_code == 401
        bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    assert 40 <= looked_at <= 48
    assert tries(Browser(member.app, bench), PASSWORD) == 429
    assert tries(member, PASSWORD) == 302


@pytest.mark.parametrize("count", [47, 82, 10_000])
@pytest.mark.parametrize("throttle", [PASSWORDS, ADDRESSES])
def test_after_any_number_of_wrong_tries_the_pause_is_a_quarter_of_an_hour(
    bench: Bench, throttle: Throttle, count: int
) -> None:
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        row = WrongPasswordRow(mark="m", count=count, last_at=now, forget_at=now + timedelta(hours=1))
        tx.wrong_passwords.put(row)
        with pytest.raises(TooManyTries) as paused:
            require_not_throttled(tx, "m", now, throttle)
        assert paused.value.retry_after == 900
        require_not_throttled(tx, "m", now + timedelta(minutes=15), throttle)


def test_guesses_sent_at_once_raise_no_count_whose_pause_is_running(bench: Bench) -> None:
    now = bench.clock.now()
    for _ in range(FREE_FROM_ADDRESS + 30):
        count_wrong(bench.desk, "name", now)
        count_wrong_from_address(bench.desk, "address", "somebody", now)
    with bench.desk.store.read() as tx:
        found = [tx.wrong_passwords.find(mark=mark, forget_at__gt=now) for mark in ("name", "address")]
    assert [row.count for row in found if row is not None] == [FREE_TRIES, FREE_FROM_ADDRESS]
