"""What asks for a fresh sign-in: who sits before a browser left open gives no rights, votes and publishes nothing."""

import io
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask

from service.casework.access.actions import Who
from service.casework.access.guards import GUARDS
from service.casework.access.own_sign_in import OwnSignInNeeded, demand_own_sign_in
from service.casework.access.recent_proof import HANDED_OUT, PROVED_FIRST, READ_OTHERWISE, set_reading
from service.casework.desk.premises import Premises
from service.casework.desk.sign_in_rules import SignInRules
from service.casework.people.factors.one_time_codes import code_at, step_of
from service.casework.people.factors.passwords import password_matches
from service.casework.people.factors.sessions import open_session
from service.casework.people.means.passkeys import begin_passkey, confirm_passkey
from service.casework.people.means.second_factor import begin_second_factor, confirm_second_factor
from service.jobs.sign_in_rules import sign_in_rules_of
from tests.integration.interventions.test_interventions import reviewed
from tests.integration.people.test_passkeys import ADDRESS, SITE, options_in
from tests.integration.people.test_second_factor import typed
from tests.support.authenticator import Authenticator
from tests.support.browsers import PASSWORD, Browser, give_password, make_app, settings_for_tests
from tests.support.desks import Bench

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
        return password_matches(tx.people.person(bench.people["office"]).password, NEW)


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


def test_reading_and_other_work_go_on(strict: Bench, admin: Browser) -> None:
    assert admin.get("/people").status_code == 200
    assert admin.post("/seats", {"seat": "nobody's"}).status_code == 422
    with strict.desk.store.read() as tx:
        acts = {(one.action, one.outcome) for one in tx.acts.after(0, 100)}
    assert ("session.prove", "refused") not in acts


def test_where_one_is_reached_changes_by_a_fresh_proof_and_the_old_address_is_told(
    strict: Bench, admin: Browser
) -> None:
    with strict.desk.store.write() as tx:
        tx.people.update_person(strict.people["admin"], email="old@example.cn")
    form = {"email": "thief@example.org", "telephone": "13800000000"}
    asked = admin.post("/account", form)
    assert (asked.status_code, ASKED in asked.text, carried(asked.text)) == (403, True, form)
    token = open_session(strict.desk, strict.people["admin"], 12)
    later(strict, minutes=16)
    headers = {"Authorization": f"Bearer {token}"}
    refused = make_app(strict).test_client().put("/api/v1/profile", json=form, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_needed")
    with strict.desk.store.read() as tx:
        assert tx.people.person(strict.people["admin"]).email == "old@example.cn"
    assert admin.post("/account", {**form, "laurel_proof": PASSWORD}).status_code == 302
    with strict.desk.store.read() as tx:
        assert tx.people.person(strict.people["admin"]).email == "thief@example.org"
        before = tx.mail.by_key(f"address:{strict.people['admin']}:before:{strict.clock.now().isoformat()}")
    assert before is not None
    assert before.address == "old@example.cn"


def test_a_session_of_a_provider_changes_where_one_is_reached(strict: Bench) -> None:
    outside = replace(strict.office, by_provider=True)
    GUARDS["profile.change"].demand(outside)
    with pytest.raises(OwnSignInNeeded):
        demand_own_sign_in("ballot.cast", outside)


def test_guesses_are_slowed_down_and_stand_in_the_book(strict: Bench, admin: Browser) -> None:
    for _ in range(5):
        admin.post(page_of(strict), {"password": NEW, "laurel_proof": "a guess of mine"})
    waiting = admin.post(page_of(strict), {"password": NEW, "laurel_proof": PASSWORD})
    assert (waiting.status_code, "分钟后再试" in waiting.text, has_new(strict)) == (429, True, False)
    with strict.desk.store.read() as tx:
        refused = [
            one for one in tx.acts.after(0, 100) if (one.action, one.outcome) == ("session.prove", "wrong_password")
        ]
    assert len(refused) == 5


def test_who_has_a_second_factor_proves_it_by_that(strict: Bench, admin: Browser) -> None:
    me = replace(strict.admin, person_id=strict.people["admin"])
    secret = typed(begin_second_factor(strict.desk, me, PASSWORD).written)
    confirm_second_factor(strict.desk, me, code_at(secret, step_of(strict.clock.now())), admin.token)
    later(strict, minutes=16)
    form = {"password": NEW, "laurel_proof": PASSWORD}
    assert "验证码不正确" in admin.post(page_of(strict), form).text
    form["laurel_proof"] = code_at(secret, step_of(strict.clock.now()))
    assert admin.post(page_of(strict), form).status_code == 302


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


def test_a_program_is_told_by_a_code_and_proves_by_a_call(strict: Bench) -> None:
    client, token = make_app(strict).test_client(), open_session(strict.desk, strict.people["admin"], 12)
    headers = {"Authorization": f"Bearer {token}"}
    later(strict, minutes=16)
    give = f"/api/v1/people/{strict.people['office']}/password"
    refused = client.put(give, json={"password": NEW}, headers=headers)
    assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_needed")
    prove = "/api/v1/session/proof"
    assert client.post(prove, json={"code": "123456"}, headers=headers).status_code == 422
    assert client.post(prove, json={"password": "a guess"}, headers=headers).get_json()["code"] == "wrong_password"
    assert client.post(prove, json={"password": PASSWORD}, headers=headers).status_code == 204
    assert client.put(give, json={"password": NEW}, headers=headers).get_json() == {"request": None}
    assert has_new(strict)


def test_with_files_the_proof_comes_first_and_one_goes_back(strict: Bench, admin: Browser) -> None:
    sent = {"login": "zhao.min", "list": (io.BytesIO(b"a"), "x.csv")}
    asked = admin.post("/people", sent, headers={"Referer": "http://localhost/people/new"})
    form = carried(asked.text)
    assert "附件须重新选择" in asked.text
    assert form["next"] == "/people/new"
    assert admin.post("/account/proof", form).status_code == 200
    assert admin.post("/account/proof", {**form, "laurel_proof": "a guess"}).status_code == 422
    gone_on = admin.post("/account/proof", {**form, "laurel_proof": PASSWORD})
    assert (gone_on.status_code, gone_on.headers["Location"]) == (302, "/people/new")
    assert admin.post(page_of(strict), {"password": NEW}).status_code == 302


def test_who_came_from_elsewhere_signs_in_again(strict: Bench, admin: Browser) -> None:
    with strict.desk.store.write() as tx:
        tx.people.update_person(strict.people["admin"], password=None)
    asked = admin.post(page_of(strict), {"password": NEW})
    assert "请退出后重新登录" in asked.text
    assert admin.post(page_of(strict), {"password": NEW, "laurel_proof": ""}).status_code == 403
    assert not has_new(strict)


def test_it_is_on_in_production_and_off_where_everybody_plays_everybody() -> None:
    assert sign_in_rules_of(settings_for_tests()).proof == FRESH
    assert sign_in_rules_of(settings_for_tests(LAUREL_STEP_UP_MINUTES="0")).proof is None
    assert sign_in_rules_of(settings_for_tests(LAUREL_DEMO="1")).proof is None
    assert {
        "rights.change",
        "rights.decide",
        "deputy.appoint",
        "ballot.cast",
        "ballot.close",
        "draft.publish",
        "epoch.release",
    } <= PROVED_FIRST


def sent_to(app: Flask) -> list[tuple[str, str]]:
    """Every page that something is sent to under an action of `READ_OTHERWISE`, with the login of who may."""
    filled = {"<int:": "1", "<name:": "testville", "<": "x"}
    found = []
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", None)
        if guard is None or guard.action not in READ_OTHERWISE or "POST" not in (rule.methods or ()):
            continue
        if not rule.rule.startswith("/api/"):
            path = re.sub(
                r"<[^>]*>", lambda part: next(v for k, v in filled.items() if part[0].startswith(k)), rule.rule
            )
            found.append((path, "admin" if Who.ADMINISTRATOR in guard.who or Who.SECURITY in guard.who else "office"))
    return found


def test_what_is_published_decided_or_erased_asks_for_it_and_keeps_what_was_typed(strict: Bench) -> None:
    app = make_app(strict)
    browsers = {login: Browser(app, strict, login) for login in ("admin", "office")}
    give_password(strict, "office")
    later(strict, minutes=16)
    places = sent_to(app)
    assert len(places) >= 12
    for path, login in places:
        asked = browsers[login].post(path, {"reason": "两行\n理由", "case": "7"})
        assert (path, asked.status_code, ASKED in asked.text) == (path, 403, True)
        assert carried(asked.text) == {"reason": "两行\n理由", "case": "7"}


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


def test_a_repair_asks_for_it_and_goes_on_with_what_was_typed(strict: Bench, admin: Browser) -> None:
    case = reviewed(strict)
    here, form = f"/cases/{case}/interventions/terminate", {"basis": "《办法》第九条", "reason": "重复立案"}
    assert admin.get(here).status_code == 200
    later(strict, minutes=16)
    asked = admin.post(here, form)
    assert (asked.status_code, carried(asked.text)) == (403, form)
    tried = admin.post(here, {**form, "laurel_proof": PASSWORD})
    assert tried.status_code == 200
    assert 'name="tried"' in tried.text


def test_lists_of_people_are_handed_out_after_a_fresh_proof_and_their_pages_are_read_without(
    strict: Bench, admin: Browser
) -> None:
    page = {"Referer": "http://localhost/people?q=a"}
    assert admin.get("/people").status_code == 200
    asked = admin.get("/people.xlsx", headers=page)
    assert (asked.status_code, ASKED in asked.text, "附件须重新选择" in asked.text) == (403, True, False)
    form = carried(asked.text)
    assert form == {"next": "/people?q=a"}
    told = admin.get("/api/v1/lists/people", headers={"Accept": "application/json"})
    assert (told.status_code, told.json["code"]) == (403, "step_up_needed")
    with strict.desk.store.read() as tx:
        assert {row.outcome for row in tx.acts.after(0, 100) if row.action == "people.export"} == {"step_up_needed"}
    back = admin.post("/account/proof", {**form, "laurel_proof": PASSWORD})
    assert (back.status_code, back.headers["Location"]) == (302, "/people?q=a")
    assert admin.get("/people.xlsx", headers=page).status_code == 200


def test_every_list_with_people_in_it_asks_for_one(strict: Bench, admin: Browser) -> None:
    guards = {
        rule.rule: admin.app.view_functions[rule.endpoint].guard.action
        for rule in admin.app.url_map.iter_rules()
        if rule.rule.endswith(".xlsx") and "template" not in rule.rule
    }
    assert {rule for rule, action in guards.items() if action not in HANDED_OUT} == {
        "/tasks.xlsx",
        "/tasks/done.xlsx",
        "/tasks/copies.xlsx",
        "/cases.xlsx",
        "/register/<jurisdiction>/<award>.xlsx",
        "/register/import/<jurisdiction>/<award>.xlsx",
    }
