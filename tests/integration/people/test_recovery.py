"""A forgotten password: a link by mail and a code of one's own set it anew; nobody else learns or does anything."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.access.actor import Actor
from service.casework.desk.channels import WITHIN
from service.casework.people.factors.sessions import find_session, open_session
from service.casework.people.means.second_factor import begin_second_factor, confirm_second_factor
from service.casework.people.signing_in.sign_in import SecondFactorNeeded, sign_in
from service.casework.public.recover_password import ask_recovery, view_recovery
from service.casework.queries.own_place.inbox import list_messages
from service.jobs.channels import SmtpMail
from service.settings import Smtp
from tests.integration.people.test_second_factor import Phone, booked, typed
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench

VISITOR = Actor(None, "访客")
PAGE, NEW = "/forgotten-password", "新的密码是湖水与椅子之一"
POST = SmtpMail(Smtp("mail.example.cn", 25, "laurel@example.cn", "", "", False))


@pytest.fixture
def phone(bench: Bench) -> Phone:
    """The office with an address and one-time codes, in an installation whose mail leaves."""
    bench = replace(bench, desk=replace(bench.desk, channels=(*WITHIN[:1], POST)))
    give_password(bench, "office")
    with bench.desk.store.write() as tx:
        tx.people.change(bench.people["office"], email="office@example.cn")
    phone = Phone(bench, typed(begin_second_factor(bench.desk, bench.office, PASSWORD).written))
    phone.recovery = confirm_second_factor(bench.desk, bench.office, phone.code(), "")
    return phone


def mailed(bench: Bench) -> str:
    """Return the link that was mailed just now, "" for none."""
    with bench.desk.store.read() as tx:
        row = tx.mail.find(effect_key=f"recover:{bench.people['office']}:{bench.clock.now().isoformat()}")
    found = re.search(r"/forgotten-password/new#(\S+)", row.text) if row else None
    assert row is None or row.address == "office@example.cn"
    return found[1] if found else ""


def test_the_link_and_a_code_set_it_once_and_everything_is_booked_and_told(phone: Phone) -> None:
    bench = phone.bench
    visitor, open_before = Browser(make_app(bench), bench), open_session(bench.desk, bench.people["office"], 12)
    assert "忘记密码</a>" in visitor.get("/sign-in").text
    assert "链接已发到" in visitor.post(PAGE, {"login": "office"}).text
    link = mailed(bench)
    shown = visitor.post(f"{PAGE}/open", {"code": link})
    assert ("office" in shown.text, shown.headers.getlist("Referrer-Policy")) == (True, ["no-referrer"])
    sent = {"link": link, "code": phone.recovery[0], "new": NEW, "again": NEW}
    assert visitor.post(f"{PAGE}/new", {**sent, "code": "000000"}).status_code == 422
    assert visitor.post(f"{PAGE}/new", {**sent, "again": "别的"}).status_code == 422
    assert visitor.post(f"{PAGE}/new", {**sent, "new": "短", "again": "短"}).status_code == 422
    done = visitor.post(f"{PAGE}/new", sent).text
    assert "密码已设置" in done
    assert "忘记密码</a>" in done, "it is the page of signing in, with every way"
    with pytest.raises(SecondFactorNeeded):
        sign_in(bench.desk, "office", NEW, 12)
    assert find_session(bench.desk, open_before) is None
    again = visitor.post(f"{PAGE}/new", {**sent, "code": phone.recovery[1]})
    assert again.status_code == 404, "a link ends with the password"
    assert "修改了密码" in str(list_messages(bench.desk, bench.office))
    assert booked(bench, "account")[-3:] == [
        ("申请找回密码：office", "done"),
        ("登录名：office", "wrong_code"),
        ("凭第二验证方式找回密码：office", "done"),
    ]


def test_who_cannot_recover_reads_the_same_and_gets_nothing(phone: Phone) -> None:
    bench = phone.bench
    with bench.desk.store.write() as tx:
        tx.people.change(bench.people["stranger"], email="stranger@example.cn")
    visitor = Browser(make_app(bench), bench)
    pages = [visitor.post(PAGE, {"login": login}) for login in ("office", "stranger", "second", "nobody")]
    assert len({re.sub(r"content=\S+|value=\S+", "", page.text) for page in pages}) == 1
    assert mailed(bench)
    told = [about for about, _ in booked(bench, "account")]
    assert told.count("申请找回密码：office") == 1
    assert not any("stranger" in about or "second" in about for about in told)
    assert visitor.post(PAGE, {"login": "nobody"}).status_code == 200
    assert visitor.post(PAGE, {"login": "nobody"}).status_code == 429


def test_who_asks_again_and_again_from_everywhere_keeps_no_owner_out(phone: Phone) -> None:
    bench, desk, good = phone.bench, phone.bench.desk, list[str]()
    for minute in range(60):
        for one in range(3):
            ask_recovery(desk, VISITOR, "office", f"stranger {minute} {one}", "http://localhost")
        good += [link] if (link := mailed(bench)) else []
        assert view_recovery(desk, VISITOR, good[-1], f"owner {minute // 20}") == "office", "that of the newest mail"
        bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    assert len(good) == 6, "one in ten minutes fills no box"


def test_a_link_is_over_after_half_an_hour_and_cannot_be_made(phone: Phone) -> None:
    bench = phone.bench
    visitor = Browser(make_app(bench), bench)
    visitor.post(PAGE, {"login": "office"})
    link = mailed(bench)
    person, until, seal = link.split(".")
    for made in (
        f"{int(person) + 1}.{until}.{seal}",
        f"{person}.{int(until) + 9}.{seal}",
        f"{person}.{until}.",
        "",
        "²",
    ):
        assert visitor.post(f"{PAGE}/open", {"code": made}).status_code == 404
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=30, seconds=1))
    assert visitor.post(f"{PAGE}/open", {"code": link}).status_code == 404
