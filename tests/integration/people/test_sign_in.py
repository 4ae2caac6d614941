"""Signing in, sessions that end, passwords."""

import hashlib
import hmac
import re
from datetime import timedelta

import pytest
from flask import Flask

from service.casework.people.factors.codes import end_other_sessions
from service.casework.people.factors.password_throttle import FREE_TRIES
from service.casework.people.factors.passwords import hash_password, password_matches
from service.casework.people.factors.sessions import (
    change_session,
    find_session,
    note_proof,
    open_session,
    token_hash,
    token_mark,
)
from service.casework.queries.own_place.inbox import list_messages
from service.store import Store
from service.store.models import SessionRow
from service.web.frame.requests.request_pace import hash_sender_network
from tests.support.browsers import PASSWORD, Browse, Browser, give_password, make_app
from tests.support.desks import PACKAGE, Bench
from tests.support.quick_passwords import hashed_as_ever
from tests.support.records import hold_seat

SIGN_IN = "/sign-in"


def sign_in(browser: Browser, password: str = PASSWORD, **more: str):
    return browser.post(SIGN_IN, {"login": "office", "password": password, **more}, page=SIGN_IN)


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
def test_signing_in_never_leads_to_another_site(bench: Bench, browse: Browse, target: str) -> None:
    give_password(bench, "office")
    assert sign_in(browse(), next=target).headers["Location"] == "/"


@pytest.mark.parametrize("login", ["office", "nobody"])
def test_a_wrong_password_and_an_unknown_login_read_alike(bench: Bench, browse: Browse, login: str) -> None:
    give_password(bench, "office")
    answer = browse().post(SIGN_IN, {"login": login, "password": "wrong"}, page=SIGN_IN)
    assert answer.status_code == 401
    assert "登录名或密码不正确" in answer.text


def test_a_closed_account_cannot_sign_in_and_its_sessions_are_over(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    signed_in = browse("office")
    admin = browse("admin")
    person = bench.people["office"]
    assert admin.post(f"/people/{person}/active", {"active": "no"}).status_code == 302
    assert signed_in.get("/tasks").status_code == 302
    assert sign_in(browse()).status_code == 401


def test_guessing_is_slowed_down_and_a_restart_does_not_help(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    guesser = browse()
    for _ in range(5):
        assert sign_in(guesser, "wrong").status_code == 401
    assert sign_in(guesser).status_code == 429
    restarted = Browser(make_app(bench), bench)
    assert "请在 1 分钟后再试" in sign_in(restarted).text
    bench.clock.move_to(bench.clock.now() + timedelta(seconds=31))
    assert sign_in(restarted).status_code == 302
    assert sign_in(browse(), "wrong").status_code == 401  # counting begins anew


def test_the_database_holds_no_token_and_no_password(bench: Bench) -> None:
    give_password(bench, "office")
    token = open_session(bench.desk, bench.people["office"], 12)
    with bench.desk.store.read() as tx:
        person = tx.people.by_login("office")
        assert tx.sessions.find(id=token) is None
    assert person is not None
    assert PASSWORD not in (person.password or "")


@pytest.mark.parametrize("known", ["", "session: ", "throttle"])
def test_who_only_writes_the_database_makes_no_session(bench: Bench, known: str) -> None:
    """Rows as a database administrator could write them: plain hashes, and marks under words instead of the key."""
    token, now = "invented by whoever holds the tables", bench.clock.now()
    plain = hashlib.sha256(f"{known}{token}".encode()).hexdigest()
    keyed = hmac.new(known.encode(), f"session: {token}".encode(), hashlib.sha256).hexdigest()
    row = {"person_id": bench.people["office"], "csrf": "c", "created_at": now, "seen_at": now}
    with bench.desk.store.write() as tx:
        for ident in {plain, keyed, token}:
            tx.sessions.add(SessionRow(id=ident, expires_at=now + timedelta(hours=1), **row))
    assert find_session(bench.desk, token) is None
    assert token_mark(bench.desk, "session", token) != token_mark(bench.desk, "first password", token)


def _written(bench: Bench, token: str, **changes: object) -> None:
    """Write into a session's row what a database administrator could."""
    with bench.desk.store.write() as tx:
        tx.sessions.change_where({"id": token_hash(bench.desk, token)}, **changes)


def test_a_session_becomes_nobody_elses_by_writing_its_row(bench: Bench) -> None:
    token = open_session(bench.desk, bench.people["office"], 12)
    _written(bench, token, person_id=bench.people["admin"])
    assert find_session(bench.desk, token) is None
    note_proof(bench.desk, token)  # which was on its way when the row was written
    assert find_session(bench.desk, token) is None
    with bench.desk.store.write() as tx:
        end_other_sessions(bench.desk, tx, bench.people["admin"], token)
    assert find_session(bench.desk, token) is None


@pytest.mark.parametrize("written", ["by_code", "by_provider", "proved", "ends"])
def test_a_session_says_nothing_of_itself_that_was_written_into_it(bench: Bench, written: str) -> None:
    """How it began, a fresh proof and its end; what pages keep in it goes on being theirs."""
    token = open_session(bench.desk, bench.people["office"], 12)
    change_session(bench.desk, token, lambda details: details.update(seat="office"))
    note_proof(bench.desk, token)
    session = find_session(bench.desk, token)
    assert session is not None
    assert session.details["seat"] == "office"
    later = (bench.clock.now() + timedelta(hours=13)).isoformat()
    value: object = later if written in ("proved", "ends") else True
    _written(bench, token, details={**session.details, written: value})
    assert find_session(bench.desk, token) is None
    _written(bench, token, details=session.details)
    assert find_session(bench.desk, token) is not None


def test_a_session_ends_by_itself(bench: Bench) -> None:
    token = open_session(bench.desk, bench.people["office"], 12)
    assert find_session(bench.desk, token) is not None
    bench.clock.move_to(bench.clock.now() + timedelta(hours=12))
    assert find_session(bench.desk, token) is None


def test_given_a_session_that_ended_while_typing_when_signing_in_again_then_the_form_is_as_it_was(
    bench: Bench, browse: Browse
) -> None:
    give_password(bench, "applicant")
    me = browse("applicant")
    me.post(f"/start/{PACKAGE}/application", {"ready": "on"})
    bench.clock.move_to(bench.clock.now() + timedelta(hours=13))
    refused = me.client.post("/tasks/1", data={"founded_on": "2010-05-01", "contact": "张三丰", "csrf_token": "old"})
    assert refused.status_code == 401
    assert "您刚才填写的内容已保留" in refused.text
    kept = refused.text.split('name="kept" value="')[1].split('"')[0].replace("&#34;", '"')
    form = {"login": "applicant", "password": PASSWORD, "next": "/tasks/1", "kept": kept}
    back = me.post(SIGN_IN, form, page=SIGN_IN)
    assert back.headers["Location"] == "/tasks/1"
    page = me.get("/tasks/1").text
    assert "张三丰" in page
    assert "已恢复" in page
    again = me.get("/tasks/1").text
    assert "张三丰" in again  # as a draft: looking away and back must not lose it
    assert "已恢复" not in again


def test_signing_out_ends_the_session_everywhere(bench: Bench, browse: Browse) -> None:
    me = browse("office")
    token = me.token
    assert me.post("/sign-out").status_code == 302
    assert find_session(bench.desk, token) is None


def test_a_new_password_ends_other_sessions_and_keeps_this_one(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    here, elsewhere = browse("office"), browse("office")
    new = "一句新的好记的话 2026"
    wrong = here.post("/password", {"old": "wrong", "new": new, "again": new})
    assert (wrong.status_code, "现密码不正确" in wrong.text) == (422, True)
    short = here.post("/password", {"old": PASSWORD, "new": "短", "again": "短"})
    assert "密码须为 12 至" in short.text
    assert here.post("/password", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert here.get("/tasks").status_code == 200
    assert elsewhere.get("/tasks").status_code == 302
    assert "修改了密码" in str(list_messages(bench.desk, bench.office))


def test_an_unsafe_request_without_the_mark_of_the_page_changes_nothing(bench: Bench, browse: Browse) -> None:
    me = browse("applicant")
    for data in ({}, {"csrf_token": "guess"}):
        answer = me.client.post(f"/start/{PACKAGE}/application", data={"ready": "on", **data})
        assert answer.status_code == 403
        assert "内容没有提交" in answer.text
    with bench.desk.store.read() as tx:
        assert tx.tasks.newest() == 0
    by_header = me.client.post(
        f"/start/{PACKAGE}/application", data={"ready": "on"}, headers={"X-CSRF-Token": me.mark()}
    )
    assert by_header.status_code == 302


def test_an_open_session_does_not_help_to_guess_the_password(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    left_open = browse("office")
    typed = {"new": "another long sentence", "again": "another long sentence"}
    for _ in range(FREE_TRIES):
        assert left_open.post("/password", {"old": "a guess of mine", **typed}).status_code == 422
    waiting = left_open.post("/password", {"old": PASSWORD, **typed})
    assert (waiting.status_code, "分钟后再试" in waiting.text) == (429, True)
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=16))
    assert left_open.post("/password", {"old": PASSWORD, **typed}).status_code == 302


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", True), ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("192.0.2.1", "192.0.2.2", False), ("::ffff:192.0.2.1", "192.0.2.1", True), ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)  # fmt: skip
def test_a_line_with_many_addresses_counts_as_one_sender(app: Flask, one: str, other: str, same: bool) -> None:
    """Whoever has an IPv6 line has 2^64 addresses: limits per address would limit nothing."""
    found = []
    for address in (one, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
            found.append(hash_sender_network())
    assert (found[0] == found[1]) is same


def test_a_fresh_store_has_no_account(store: Store) -> None:
    with store.read() as tx:
        assert tx.people.everybody() == []


def test_given_the_right_password_when_signing_in_then_the_wanted_page_opens(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    visitor = browse()
    assert visitor.get("/cases").headers["Location"] == "/sign-in?next=%2Fcases"
    answer = sign_in(visitor, next="/cases")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/cases")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert visitor.get("/cases").status_code == 200


def test_signing_in_from_the_pages_of_a_city_looks_from_the_seat_there(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    seat = bench.office.seats[0]
    with bench.desk.store.write() as tx:
        hold_seat(tx, bench.people["office"], seat.body_id, "elsewhere", seat.role, bench.clock.now())
    page = browse().get(f"/portal/{seat.jurisdiction}").text
    assert f"/sign-in?next=%2Fportal%2F{seat.jurisdiction}" in page
    for place in ("elsewhere", seat.jurisdiction):
        visitor = browse()
        assert sign_in(visitor, next=f"/notices/1?city={place}").status_code == 302
        shown = re.findall(
            r"name=\"seat\" value=\"(\S+?)\"(?:(?!</form>).)*disabled", visitor.get("/seats").text, re.DOTALL
        )
        assert [one.partition("/")[0] for one in shown] == [place]


def test_hashing_takes_bounded_memory_and_tells_right_from_wrong() -> None:
    with hashed_as_ever():
        stored = hash_password(PASSWORD)
        assert "m=19456,t=2,p=1" in stored
        assert password_matches(stored, PASSWORD)
        assert not password_matches(stored, "wrong")
    assert not password_matches(None, "\0")
    assert not password_matches("nonsense", PASSWORD)
