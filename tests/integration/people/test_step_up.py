"""What asks for a fresh sign-in: who sits before a browser left open gives no rights, votes and publishes nothing."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from service.casework.access.guards import GUARDS
from service.casework.access.sign_in_proof import HANDED_OUT, OwnSignInNeeded, set_reading
from service.casework.desk.premises import Premises, SignInRules
from service.casework.people.factors.codes import code_at, step_of
from service.casework.people.factors.passwords import password_matches
from service.casework.people.factors.sessions import device_cookie, open_session
from service.casework.people.means.passkeys import begin_passkey, confirm_passkey
from service.casework.people.means.second_factor import begin_second_factor, confirm_second_factor
from service.casework.queries.own_place.inbox import list_messages
from tests.integration.people.test_outside_identity import Setup, there
from tests.integration.people.test_passkeys import ADDRESS, SITE, Ring, options_in, ring
from tests.integration.people.test_second_factor import typed
from tests.support.authenticator import Authenticator
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench

__all__ = ["ring", "there"]
NEW = "一句新的好记的话 2026"
FRESH = timedelta(minutes=15)
ASKED = "再次确认本人"


@pytest.fixture
def strict(bench: Bench) -> Bench:
    """Votes, rights and publications ask for a sign-in of the last quarter of an hour, as in production."""
    bench.desk = replace(bench.desk, premises=Premises(sign_in=SignInRules(proof=FRESH)))
    give_password(bench, "admin")
    return bench


@pytest.fixture
def admin(strict: Bench) -> Browser:
    """An administrator who signed in sixteen minutes ago."""
    browser = Browser(make_app(strict), strict, "admin")
    later(strict, minutes=16)
    return browser


def later(bench: Bench, **time: int) -> None:
    bench.clock.move_to(bench.clock.now() + timedelta(**time))


def page_of(bench: Bench) -> str:
    return f"/people/{bench.people['office']}/password"


def has_new(bench: Bench) -> bool:
    with bench.desk.store.read() as tx:
        return password_matches(tx.people.get(bench.people["office"]).password, NEW)


def carried(page: str) -> dict[str, str]:
    """The fields of the form that asks, the mark left out."""
    last = page.rpartition("<form")[2]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', last)
    return {unescape(name): unescape(value) for name, value in found if name != "csrf_token"}


def test_an_old_sign_in_is_asked_and_the_form_goes_on_with_the_password(strict: Bench, admin: Browser) -> None:
    asked = admin.post(page_of(strict), {"password": NEW})
    assert (asked.status_code, ASKED in asked.text) == (403, True)
    assert asked.headers["Cache-Control"] == "no-store"
    assert not has_new(strict)
    form = carried(asked.text)
    assert form == {"password": NEW}
    wrong = admin.post(page_of(strict), {**form, "laurel_proof": "a guess of mine"})
    assert (wrong.status_code, "现密码不正确" in wrong.text, carried(wrong.text)) == (403, True, form)
    assert not has_new(strict)
    assert admin.post(page_of(strict), {**form, "laurel_proof": PASSWORD}).status_code == 302
    assert has_new(strict)
    assert admin.post(f"/people/{strict.people['office']}/active", {"active": "no"}).status_code == 302, "fresh now"
    later(strict, minutes=16)
    assert ASKED in admin.post(f"/people/{strict.people['office']}/active", {"active": "yes"}).text


def test_where_one_is_reached_changes_by_a_fresh_proof_and_the_old_address_is_told(
    strict: Bench, admin: Browser
) -> None:
    with strict.desk.store.write() as tx:
        tx.people.change(strict.people["admin"], email="old@example.cn")
    form = {"email": "thief@example.org", "telephone": "13800000000"}
    asked = admin.post("/account", form)
    assert (asked.status_code, ASKED in asked.text, carried(asked.text)) == (403, True, form)
    with strict.desk.store.read() as tx:
        assert tx.people.get(strict.people["admin"]).email == "old@example.cn"
    assert admin.post("/account", {**form, "laurel_proof": PASSWORD}).status_code == 302
    with strict.desk.store.read() as tx:
        assert tx.people.get(strict.people["admin"]).email == "thief@example.org"
        before = tx.mail.find(effect_key=f"address:{strict.people['admin']}:before:{strict.clock.now().isoformat()}")
    assert before is not None
    assert before.address == "old@example.cn"


def test_guesses_are_slowed_down_and_stand_in_the_book(strict: Bench, admin: Browser) -> None:
    for _ in range(5):
        admin.post(page_of(strict), {"password": NEW, "laurel_proof": "a guess of mine"})
    waiting = admin.post(page_of(strict), {"password": NEW, "laurel_proof": PASSWORD})
    assert (waiting.status_code, "分钟后再试" in waiting.text, has_new(strict)) == (429, True, False)
    with strict.desk.store.read() as tx:
        refused = [
            one
            for one in tx.acts.select(after=0, limit=100)
            if (one.action, one.outcome) == ("session.prove", "wrong_password")
        ]
    assert len(refused) == 5


def test_a_passkey_proves_it_too_and_its_answer_goes_with_the_form(strict: Bench) -> None:
    app, key = make_app(strict, LAUREL_PUBLIC_URL=ADDRESS), Authenticator(ADDRESS)
    admin, me = Browser(app, strict, "admin"), replace(strict.admin, person_id=strict.people["admin"])
    confirm_passkey(
        strict.desk, me, SITE, "电脑", key.make(begin_passkey(strict.desk, me, SITE, PASSWORD, "电脑", "")), admin.token
    )
    later(strict, minutes=16)
    asked = admin.post(page_of(strict), {"password": NEW}).text
    assert 'data-answer="laurel_proof_by_key"' in asked
    form = {"password": NEW, "laurel_proof_by_key": Authenticator(ADDRESS).sign(options_in(asked))}
    assert "通行密钥没有通过验证" in admin.post(page_of(strict), form).text
    form["laurel_proof_by_key"] = answer = key.sign(options_in(asked))
    assert admin.post(page_of(strict), form).status_code == 302
    assert has_new(strict)
    later(strict, minutes=16)
    assert "通行密钥没有通过验证" in admin.post(page_of(strict), {"password": NEW, "laurel_proof_by_key": answer}).text


def test_their_pages_are_read_without_it_and_by_a_session_of_a_provider(strict: Bench, admin: Browser) -> None:
    office = Browser(make_app(strict), strict, "office")
    later(strict, minutes=16)
    assert office.get("/registrations").status_code == 200
    by_provider = replace(strict.office, by_provider=True)
    with pytest.raises(OwnSignInNeeded):
        GUARDS["registration.decide"].demand(by_provider)
    set_reading(True)
    try:
        GUARDS["registration.decide"].demand(by_provider)
        with pytest.raises(OwnSignInNeeded):
            GUARDS["ballot.close"].demand(by_provider)
    finally:
        set_reading(False)


def test_lists_of_people_are_handed_out_after_a_fresh_proof_and_their_pages_are_read_without(
    strict: Bench, admin: Browser
) -> None:
    page = {"Referer": "http://localhost/people?q=a"}
    assert admin.get("/people").status_code == 200
    asked = admin.get("/people?format=xlsx", headers=page)
    assert (asked.status_code, ASKED in asked.text, "附件须重新选择" in asked.text) == (403, True, False)
    form = carried(asked.text)
    assert form == {"next": "/people?q=a"}
    told = admin.get("/api/v1/lists/people", headers={"Accept": "application/json"})
    assert (told.status_code, told.json["code"]) == (403, "step_up_needed")
    with strict.desk.store.read() as tx:
        assert {row.outcome for row in tx.acts.select(after=0, limit=100) if row.action == "people.export"} == {
            "step_up_needed"
        }
    back = admin.post("/account/proof", {**form, "laurel_proof": PASSWORD})
    assert (back.status_code, back.headers["Location"]) == (302, "/people?q=a")
    assert admin.get("/people?format=xlsx", headers=page).status_code == 200


def test_every_list_with_people_in_it_asks_for_one(strict: Bench, admin: Browser) -> None:
    guards = {
        rule.rule: guard.action
        for rule in admin.app.url_map.iter_rules()
        for view in [admin.app.view_functions[rule.endpoint]]
        for guard in [
            view.guard if rule.rule.endswith((".xlsx", "form>")) else getattr(view, "file_guards", {}).get("xlsx")
        ]
        if guard is not None
    }
    assert {rule for rule, action in guards.items() if action not in HANDED_OUT} == {
        "/tasks",
        "/tasks/done",
        "/tasks/asked",
        "/cases",
        "/log",
        "/register",
        "/register/import",
        "/lists/<kind>",
        "/law/<jurisdiction>",
        "/monitor/report",
    }


def test_who_has_a_second_factor_proves_it_by_that(strict: Bench, admin: Browser) -> None:
    me = replace(strict.admin, person_id=strict.people["admin"])
    secret = typed(begin_second_factor(strict.desk, me, PASSWORD).written)
    confirm_second_factor(strict.desk, me, code_at(secret, step_of(strict.clock.now())), admin.token)
    later(strict, minutes=16)
    form = {"password": NEW, "laurel_proof": PASSWORD}
    assert "验证码不正确" in admin.post(page_of(strict), form).text
    form["laurel_proof"] = code_at(secret, step_of(strict.clock.now()))
    assert admin.post(page_of(strict), form).status_code == 302


# A sign-in from a place that is new to its owner is told to them; strangers hold up nobody's link to a new password.

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36 Edg/126"


TOLD = "在新的地方登录"


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
    assert "Your account" not in text
    with bench.desk.store.write() as tx:
        tx.people.change(bench.people["office"], language="en")
    later(bench, minutes=1)
    signed_in(browser_at(bench, "203.0.113.9"))
    (english,) = (
        one for one in list_messages(bench.desk, bench.office)[0] if one.subject == "A sign-in from a new place"
    )
    assert not re.search("[\u4e00-\u9fff]", english.text)


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


def test_taking_a_passkey_away_asks_the_second_factor_for_a_fresh_proof(ring: Ring) -> None:
    bench = ring.bench
    bench.desk = replace(bench.desk, premises=Premises(sign_in=SignInRules(proof=timedelta(minutes=15))))
    browser = Browser(make_app(bench), bench, "office")
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=16))
    with bench.desk.store.read() as tx:
        (row,) = tx.passkeys.select(person_id=bench.people["office"])
    asked = browser.post(f"/account/passkeys/{row.id}/remove", {"password": PASSWORD})
    assert (asked.status_code, ASKED in asked.text) == (403, True)
    given = {"password": PASSWORD, "laurel_proof": PASSWORD}
    assert browser.post(f"/account/passkeys/{row.id}/remove", given).status_code == 403, (
        "the password is no second factor"
    )


def test_a_passkey_and_the_single_sign_on_tell_it_too(ring: Ring) -> None:
    bench, home = ring.bench, ""
    ring.sign_in()
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    ring.sign_in(device=device_cookie(bench.desk, bench.people["office"], home))
    assert told(bench) == []
    ring.sign_in(device="")
    assert len(told(bench)) == 1


def test_a_program_is_told_by_a_code_and_proves_by_a_call(strict: Bench) -> None:
    client, token = make_app(strict).test_client(), open_session(strict.desk, strict.people["admin"], 12)
    headers = {"Authorization": f"Bearer {token}"}
    later(strict, minutes=16)
    close, asked = f"/api/v1/people/{strict.people['office']}/active", {"active": False}
    refused = client.put(close, json=asked, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_needed")
    prove = "/api/v1/session/proof"
    assert client.post(prove, json={"code": "123456"}, headers=headers).status_code == 422
    assert client.post(prove, json={"password": "a guess"}, headers=headers).get_json()["code"] == "wrong_password"
    assert client.post(prove, json={"password": PASSWORD}, headers=headers).status_code == 204
    assert client.put(close, json=asked, headers=headers).get_json() == {"request": None}
