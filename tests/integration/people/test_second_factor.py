"""One-time codes beside the password: setting up, signing in, recovery codes, roles that ask for them, taking away."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from flask import Flask

from service.casework.access.actor import SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from service.casework.desk.premises import Premises, SignInRules
from service.casework.people.accounts.accounts import change_password
from service.casework.people.factors.codes import (
    WrongCode,
    bind_secret,
    code_at,
    matching_step,
    require_code,
    secret_of,
    step_of,
)
from service.casework.people.factors.password_throttle import FREE_TRIES, TooManyTries
from service.casework.people.factors.sessions import BY_CODE, find_session, open_session
from service.casework.people.means.second_factor import (
    begin_second_factor,
    confirm_second_factor,
    get_second_factor,
    remove_second_factor,
)
from service.casework.people.rights.decide_rights import confirm_rights
from service.casework.people.signing_in.sign_in import SecondFactorNeeded, WrongPassword, sign_in, sign_in_with_code
from service.casework.queries.own_place.inbox import list_messages
from service.casework.queries.people.rights_requests import list_rights_requests
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.jobs.put_together import sign_in_rules_of
from tests.support.browsers import PASSWORD, Browse, Browser, give_password, make_app, settings_for_tests
from tests.support.desks import Bench
from tests.support.officers import officer

PAGE = "/account/second-factor"


@dataclass
class Phone:
    """The authenticator of the bench's office."""

    bench: Bench
    secret: bytes
    recovery: tuple[str, ...] = ()

    def code(self, later: int = 0) -> str:
        return code_at(self.secret, step_of(self.bench.clock.now()) + later)


def typed(written: str) -> bytes:
    return base64.b32decode(written.replace(" ", ""))


@pytest.fixture
def phone(bench: Bench) -> Phone:
    give_password(bench, "office")
    offered = begin_second_factor(bench.desk, bench.office, PASSWORD)
    phone = Phone(bench, typed(offered.written))
    phone.recovery = confirm_second_factor(bench.desk, bench.office, phone.code(), "")
    bench.clock.move_to(bench.clock.now() + timedelta(seconds=30))
    return phone


def ticket(bench: Bench) -> str:
    with pytest.raises(SecondFactorNeeded) as step:
        sign_in(bench.desk, "office", PASSWORD, 12)
    return step.value.ticket


def booked(bench: Bench, chain: str) -> list[tuple[str, str]]:
    with bench.desk.store.read() as tx:
        return [(row.about, row.outcome) for row in tx.acts.select(after=0, limit=100) if row.chain == chain]


@pytest.mark.parametrize(("second", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_rfc_6238(second: int, code: str) -> None:
    assert code_at(b"12345678901234567890", second // 30) == code


def test_a_code_is_taken_one_period_early_or_late_and_no_more(bench: Bench) -> None:
    now, secret = bench.clock.now(), b"12345678901234567890"
    found = [matching_step(secret, code_at(secret, step_of(now) + d), now) is not None for d in (-2, -1, 0, 1, 2)]
    assert found == [False, True, True, True, False]


def test_a_secret_moved_to_another_persons_row_is_nobodys() -> None:
    kept = bind_secret(b"s" * 20, 7)
    assert (secret_of(kept, 7), secret_of(kept, 8), secret_of(b"", 7)) == (b"s" * 20, None, None)


def test_it_is_set_up_on_the_page_and_asked_for_from_then_on(bench: Bench, browse: Browse) -> None:
    give_password(bench, "office")
    office, elsewhere = browse("office"), browse("office")
    assert office.post(PAGE, {"password": "wrong"}).status_code == 422
    shown = office.post(PAGE, {"password": PASSWORD})
    assert "<svg" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    phone = Phone(bench, typed(re.findall(r"<code>([A-Z2-7 ]+)</code>", shown.text)[0]))
    assert sign_in(bench.desk, "office", PASSWORD, 12), "nothing is asked for before it is confirmed"
    assert "验证码不正确" in office.post(f"{PAGE}/confirm", {"code": phone.code(7)}).text
    done = office.post(f"{PAGE}/confirm", {"code": phone.code()}).text
    codes = re.findall(r"<code>(\w{5}-\w{5})</code>", done)
    assert len(set(codes)) == 10
    assert codes[0] not in office.get(PAGE).text
    assert elsewhere.get(PAGE).status_code == 302, "other sessions ended"
    with bench.desk.store.read() as tx:
        kept = str(tx.second_factors.find(person_id=bench.people["office"]))
    assert base64.b32encode(phone.secret).decode() not in kept

    visitor = browse()
    step = visitor.post("/sign-in", {"login": "office", "password": PASSWORD, "next": "/cases"}, page="/sign-in")
    assert step.status_code == 200
    assert "Set-Cookie" not in step.headers or "session" not in step.headers["Set-Cookie"]
    held = re.search(r'name="ticket" value="([^"]+)"', step.text)
    assert held
    sent = {"ticket": held[1], "next": "/cases", "code": codes[0].lower()}
    assert visitor.post("/sign-in/code", {**sent, "code": "000000"}, page="/sign-in").status_code == 401
    came = visitor.post("/sign-in/code", sent, page="/sign-in")
    assert (came.status_code, came.headers["Location"]) == (302, "/cases")
    assert visitor.get("/cases").status_code == 200
    assert browse().post("/sign-in/code", sent, page="/sign-in").status_code == 401, "a recovery code serves once"


def test_a_code_is_taken_once(bench: Bench, phone: Phone) -> None:
    code = phone.code()
    session = find_session(bench.desk, sign_in_with_code(bench.desk, ticket(bench), code, 12))
    assert session is not None
    assert session.details[BY_CODE]
    for again in (code, phone.code(-1)):
        with pytest.raises(WrongCode):
            sign_in_with_code(bench.desk, ticket(bench), again, 12)
    assert str(list_messages(bench.desk, bench.office)).count("已用过的动态口令") == 1, "of a late one nobody is told"
    assert sign_in_with_code(bench.desk, ticket(bench), phone.code(1), 12)
    assert booked(bench, "session") == [
        ("登录：office（动态口令）", "done"),
        *[("登录名：office", "wrong_code")] * 2,
        ("登录：office（动态口令）", "done"),
    ]


def test_wrong_codes_are_throttled_whatever_ticket_is_shown(bench: Bench, phone: Phone) -> None:
    for _ in range(FREE_TRIES):
        with pytest.raises(WrongCode):
            sign_in_with_code(bench.desk, ticket(bench), phone.code(9), 12)
    with pytest.raises(TooManyTries, match="验证码"):
        sign_in_with_code(bench.desk, ticket(bench), phone.code(), 12)
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    assert sign_in_with_code(bench.desk, ticket(bench), phone.code(), 12)


def test_recovery_codes_are_guessed_a_few_times_an_hour_and_the_owner_gets_in_after_the_pause(phone: Phone) -> None:
    bench, tried = phone.bench, 0
    with bench.desk.store.read() as tx:
        person = tx.people.get(bench.people["office"])
    for minute in range(4 * 60):
        bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
        try:
            require_code(person, bench.desk, f"ABCDE-{minute:05}", "session.begin", bench.office)
        except WrongCode:
            tried += 1
        except TooManyTries:
            continue
    assert 4 * 4 <= tried <= 30, "of 49 bits"
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=16))
    assert require_code(person, bench.desk, phone.recovery[0], "session.begin", bench.office) is False


def test_a_ticket_ends_with_its_time_and_with_the_password_and_cannot_be_made(bench: Bench, phone: Phone) -> None:
    old = ticket(bench)
    person, until, mark = old.split(".")
    forged = [f"{int(person) + 1}.{until}.{mark}", f"{person}.{int(until) + 60}.{mark}", f"{person}.{until}.", "", "²"]
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=5, seconds=1))
    fresh = ticket(bench)
    change_password(bench.desk, bench.office, PASSWORD, "四时之景不同而乐亦无穷也", "")
    for shown in (old, fresh, *forged):
        with pytest.raises(WrongPassword):
            sign_in_with_code(bench.desk, shown, phone.code(), 12)


def test_another_telephone_takes_the_password_and_a_code_of_the_present_one(bench: Bench, phone: Phone) -> None:
    with pytest.raises(WrongCode):
        begin_second_factor(bench.desk, bench.office, PASSWORD, "")
    offered = begin_second_factor(bench.desk, bench.office, PASSWORD, phone.recovery[0])
    assert get_second_factor(bench.desk, bench.office).left == 9
    new = Phone(bench, typed(offered.written))
    confirm_second_factor(bench.desk, bench.office, new.code(), "")
    with pytest.raises(Conflict):
        confirm_second_factor(bench.desk, bench.office, new.code(), "")
    assert get_second_factor(bench.desk, bench.office).left == 10
    for gone in (phone.code(1), phone.recovery[1]):
        with pytest.raises(WrongCode):
            sign_in_with_code(bench.desk, ticket(bench), gone, 12)
    assert sign_in_with_code(bench.desk, ticket(bench), new.code(1), 12)


def test_two_administrators_take_it_away_with_a_reason_and_its_owner_is_told(bench: Bench, phone: Phone) -> None:
    system, security = officer(bench, SYSTEM_ADMINISTRATOR), officer(bench, SECURITY_ADMINISTRATOR)
    person, token = bench.people["office"], open_session(bench.desk, bench.people["office"], 12)
    with pytest.raises(Invalid, match="理由"):
        remove_second_factor(bench.desk, system, person, " ", "in_person")
    with pytest.raises(NotAllowed):
        remove_second_factor(bench.desk, bench.office, person, "自己", "in_person")
    with pytest.raises(Conflict, match="没有启用"):
        remove_second_factor(bench.desk, system, bench.people["applicant"], "手机丢失", "in_person")
    with pytest.raises(Invalid, match="怎样核实"):
        remove_second_factor(bench.desk, system, person, "手机丢失", "")
    number = remove_second_factor(bench.desk, system, person, "手机丢失", "by_body")
    assert number is not None
    assert ticket(bench), "one administrator alone takes nothing away"
    assert list_rights_requests(bench.desk, security).lines[0].reason == "手机丢失（核实本人：本单位盖章来函）"
    confirm_rights(bench.desk, security, number)
    assert find_session(bench.desk, token) is None
    assert sign_in(bench.desk, "office", PASSWORD, 12), "the password alone again"
    assert "手机丢失" in str(list_messages(bench.desk, bench.office))
    name = bench.office.name
    assert booked(bench, "account")[-2:] == [
        (f"提请移除动态口令和通行密钥：{name}", "done"),
        (f"批准移除动态口令和通行密钥：{name}", "done"),
    ]


def test_a_role_that_must_have_it_does_nothing_else_before(bench: Bench) -> None:
    give_password(bench, "office")
    app: Flask = make_app(bench, LAUREL_SECOND_FACTOR="supervisor, office")
    office, applicant = Browser(app, bench, "office"), Browser(app, bench, "applicant")
    assert applicant.get("/tasks").status_code == 200
    assert office.get("/tasks").headers["Location"] == PAGE
    refused = office.client.get("/api/v1/tasks")
    assert (refused.status_code, refused.json["code"]) == (403, "second_factor_to_set_up")
    assert "须用动态口令或者通行密钥" in office.get(PAGE).text
    offered = office.post(PAGE, {"password": PASSWORD}).text
    phone = Phone(bench, typed(re.findall(r"<code>([A-Z2-7 ]+)</code>", offered)[0]))
    assert office.post(f"{PAGE}/confirm", {"code": phone.code()}).status_code == 200
    assert office.get("/tasks").status_code == 200
    assert Browser(app, bench, "office").get("/tasks").status_code == 302, "another session shows a code itself"


NEW = "一句新的好记的话 2026"


@pytest.fixture
def strict(bench: Bench) -> Bench:
    bench.desk = replace(bench.desk, premises=Premises(sign_in=SignInRules(password=timedelta(days=90))))
    give_password(bench, "office")
    return bench


def days(bench: Bench, count: int) -> None:
    bench.clock.move_to(bench.clock.now() + timedelta(days=count, minutes=1))


def signed_in(bench: Bench, password: str = PASSWORD) -> Browser:
    browser = Browser(make_app(bench), bench)
    sent = browser.post("/sign-in", {"login": "office", "password": password}, page="/sign-in")
    assert sent.status_code == 302, sent.text
    return browser


def test_an_old_password_opens_its_change_and_nothing_else(strict: Bench) -> None:
    days(strict, 89)
    assert signed_in(strict).get("/tasks").status_code == 200
    days(strict, 1)
    browser = signed_in(strict)
    turned = browser.get("/tasks")
    assert (turned.status_code, turned.headers["Location"]) == (302, "/password?next=%2Ftasks")
    told = browser.get("/api/v1/tasks")
    assert (told.status_code, told.json["code"], "每 90 天" in told.json["detail_zh"]) == (
        403,
        "password_to_change",
        True,
    )
    page = browser.get("/password")
    assert (page.status_code, "每 90 天须更换一次" in page.text) == (200, True)
    assert browser.get("/portal").status_code == 200
    sent = browser.post("/password", {"old": PASSWORD, "new": NEW, "again": NEW}, page="/password")
    assert sent.status_code == 302, sent.text
    assert browser.get("/tasks").status_code == 200
    days(strict, 89)
    assert signed_in(strict, NEW).get("/tasks").status_code == 200
    days(strict, 1)
    assert signed_in(strict, NEW).get("/tasks").status_code == 302


def test_it_is_off_by_default_and_set_in_days() -> None:
    assert sign_in_rules_of(settings_for_tests()).password is None
    assert sign_in_rules_of(settings_for_tests(LAUREL_PASSWORD_DAYS="90")).password == timedelta(days=90)
