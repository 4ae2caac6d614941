"""Three administrators: what one of them alone, and two colluding, can do to people's rights."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from service.casework.access.actor import (
    ADMINISTRATOR,
    AUDIT_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR,
    SYSTEM,
    SYSTEM_ADMINISTRATOR,
    Actor,
    acting,
)
from service.casework.desk.desk import Desk
from service.casework.health.dengbao import view_dengbao
from service.casework.people.accounts.accounts import (
    NewAccount,
    add_account,
    give_seat,
    reset_password,
    set_active,
    take_seat,
)
from service.casework.people.accounts.office_links import end_office, offer_offices, part_offices, view_office_link
from service.casework.people.accounts.profile import change_profile
from service.casework.people.factors.sessions import find_session
from service.casework.people.rights.decide_rights import confirm_rights, refuse_rights
from service.casework.people.rights.rights import build_password_origin
from service.casework.people.rights.seats import BUILT_IN_ROLES, NewSeat
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.queries.own_place.inbox import list_messages
from service.casework.queries.people.rights_requests import list_rights_requests
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed, NotFound
from service.store.models import OfficeLinkRow
from tests.support.browsers import PASSWORD, Browser, settings_for_tests
from tests.support.desks import Bench
from tests.support.officers import officer

OFFICERS = (SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR)


def office_of(word: str) -> str:
    return next(office for office in OFFICERS if office.startswith(word))


@dataclass
class Three:
    bench: Bench
    system: Actor
    security: Actor
    audit: Actor

    def now(self, actor: Actor) -> Actor:
        """The same person with what they hold now."""
        assert actor.person_id is not None
        with self.bench.desk.store.read() as tx:
            return acting(tx, actor.person_id, self.bench.clock.now())

    def seat(self, role: str = "office") -> NewSeat:
        return NewSeat("testville", role, self.bench.office.seats[0].body_id)

    def roles(self, person: str) -> set[str]:
        with self.bench.desk.store.read() as tx:
            return {m.role for m in tx.memberships.list_valid(self.bench.people[person], self.bench.clock.now())}

    def booked(self) -> list[tuple[str, str, str]]:
        with self.bench.desk.store.read() as tx:
            return [
                (row.actor, row.about, row.outcome)
                for row in tx.acts.select(after=0, limit=100)
                if row.chain == "account"
            ]


@pytest.fixture
def three(bench: Bench) -> Three:
    return Three(
        bench,
        officer(bench, SYSTEM_ADMINISTRATOR),
        officer(bench, SECURITY_ADMINISTRATOR),
        officer(bench, AUDIT_ADMINISTRATOR),
    )


def test_a_role_takes_two_of_them_and_both_stand_in_the_book(three: Three) -> None:
    desk, stranger = three.bench.desk, three.bench.people["stranger"]
    for asks, confirms, role in ((three.system, three.security, "office"), (three.security, three.system, "designer")):
        number = give_seat(desk, asks, stranger, three.seat(role))
        assert number is not None
        assert role not in three.roles("stranger")
        with pytest.raises(Conflict, match="已经提出"):
            give_seat(desk, asks, stranger, three.seat(role))
        confirm_rights(desk, confirms, number)
        assert role in three.roles("stranger")
        assert "批准，即时生效" in list_messages(desk, asks)[0][0].text
        with pytest.raises(Conflict, match="已经办理"):
            confirm_rights(desk, confirms, number)
    assert three.booked()[:3] == [
        ("system_administrator", "提请授予角色：stranger（测试市质量奖办公室，办公室）", "done"),
        ("security_administrator", "批准授予角色：stranger（测试市质量奖办公室，办公室）", "done"),
        ("security_administrator", "提请授予角色：stranger（测试市质量奖办公室，流程设计人员）", "done"),
    ]


def test_the_second_reads_why_it_is_asked(three: Three, app: Flask) -> None:
    desk, stranger, why = three.bench.desk, three.bench.people["stranger"], "接替调离的周正"
    browser = Browser(app, three.bench, "system_administrator")
    page = browser.get(f"/people/{stranger}").text
    assert 'name="why" required' in page
    seat = three.seat()
    choice = f"{seat.jurisdiction}/{seat.role}/{seat.body_id}"
    assert browser.post(f"/people/{stranger}/seats", {"seat": choice, "why": why}).status_code == 302
    (line,) = list_rights_requests(desk, three.security).lines
    assert line.reason == why
    message, second = list_messages(desk, three.security)[0][0], Browser(app, three.bench, "security_administrator")
    assert f"理由：{why}。" in message.text
    assert 'href="/people/requests"' in second.get("/people").text
    assert (message.fresh, message.text.splitlines()[-1]) == (True, "/people/requests")
    assert why in second.get("/people/requests").text
    assert not list_messages(desk, three.security)[0][0].fresh, "read where it is decided"
    with pytest.raises(Invalid, match="500"):
        give_seat(desk, three.system, stranger, three.seat("designer"), "长" * 501)
    mine = browser.get(f"/people/{three.security.person_id}").text
    assert ("不由其他管理员更改" in mine, 'name="seen_email"' in mine) == (True, False)


def test_nobody_confirms_their_own_or_for_their_own_office_or_about_themselves(three: Three) -> None:
    desk, people = three.bench.desk, three.bench.people
    other = officer(three.bench, SYSTEM_ADMINISTRATOR, name="system2")
    asked = give_seat(desk, three.system, people["stranger"], three.seat())
    about = give_seat(desk, three.system, people[SECURITY_ADMINISTRATOR], three.seat("designer"))
    assert asked is not None
    assert about is not None
    for who, number, sentence in (
        (three.system, asked, "另一名管理员"), (other, asked, "由安全管理员批准"), (three.audit, asked, "系统管理员"),
        (three.security, about, "另一名管理员"), (three.bench.office, asked, "系统管理员"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed, match=sentence):
            confirm_rights(desk, who, number)
    with pytest.raises(NotAllowed, match="不能变更自己的角色"):
        give_seat(desk, three.system, people[SYSTEM_ADMINISTRATOR], three.seat())
    assert three.roles("stranger") == {"applicant"}
    assert (
        "system_administrator",
        "批准授予角色：stranger（测试市质量奖办公室，办公室）",
        "not_allowed",
    ) in three.booked()


def test_it_is_refused_with_a_reason_withdrawn_or_lapses_after_seven_days(three: Three) -> None:
    desk, stranger = three.bench.desk, three.bench.people["stranger"]
    refused, withdrawn, lapsed = (
        give_seat(desk, three.system, stranger, three.seat(r)) for r in ("office", "designer", SECURITY_ADMINISTRATOR)
    )
    assert refused is not None
    assert withdrawn is not None
    assert lapsed is not None
    with pytest.raises(Invalid, match="写明理由"):
        refuse_rights(desk, three.security, refused, " ")
    refuse_rights(desk, three.security, refused, "此人不在编")
    refuse_rights(desk, three.system, withdrawn, "填错了")
    (answer,) = list_messages(desk, three.system)[0]
    assert "授予角色：stranger，stranger）security_administrator没有批准。理由：此人不在编" in answer.text
    three.bench.clock.move_to(three.bench.clock.now() + timedelta(days=7))
    with pytest.raises(Conflict, match="已满 7 天"):
        confirm_rights(desk, three.security, lapsed)
    states = [line.state for line in list_rights_requests(desk, three.security).lines]
    assert states == ["lapsed", "withdrawn", "refused"]
    assert three.roles("stranger") == {"applicant"}
    assert give_seat(desk, three.system, stranger, three.seat(SECURITY_ADMINISTRATOR)) is not None


@pytest.mark.parametrize("office", ["system", "security", "audit"])
def test_one_administrator_alone_gets_nobody_a_right_a_password_or_an_office(three: Three, office: str) -> None:
    """Escalation: each way by which one of the three might become another, or a member."""
    desk, people, one = three.bench.desk, three.bench.people, getattr(three, office)
    account = NewAccount("puppet", "假名", PASSWORD)
    attempts: list[Callable[[], object]] = [
        lambda: add_account(desk, one, account, three.seat()),
        lambda: add_account(desk, one, account, three.seat(SECURITY_ADMINISTRATOR)),
        lambda: add_account(desk, one, account, three.seat(ADMINISTRATOR)),
        lambda: give_seat(desk, one, people["stranger"], three.seat()),
        lambda: give_seat(desk, one, people["stranger"], three.seat(AUDIT_ADMINISTRATOR)),
        lambda: give_seat(desk, one, people[office_of(office)], three.seat(SYSTEM_ADMINISTRATOR)),
        *(lambda login=login: reset_password(desk, one, people[login], PASSWORD) for login in people),
        *(
            lambda login=login: change_profile(desk, one, people[login], "名", "me@example.cn", "")
            for login in OFFICERS
            if login != office_of(office)
        ),
        *(lambda login=login: set_active(desk, one, people[login], False) for login in OFFICERS),
        *(lambda number=number: confirm_rights(desk, one, number) for number in range(1, 20)),
    ]
    done = 0
    for attempt in attempts:
        try:
            attempt()
        except LaurelError:
            continue
        done += 1
    assert done == {"system": 9, "security": 8, "audit": 0}[office], "asked for, and an account without a role opened"
    assert three.roles("stranger") == {"applicant"}
    with desk.store.read() as tx:
        puppet = tx.people.by_login("puppet")
        assert puppet is None or not tx.memberships.list_valid(puppet.id, three.bench.clock.now())
        for login in OFFICERS:
            officer = tx.people.get(people[login])
            assert (officer.active, officer.email) == (True, f"{login}@example.cn")
            assert three.roles(login) == {login}
    for login in ("office", SECURITY_ADMINISTRATOR):
        with pytest.raises(WrongPassword):
            sign_in(desk, login, PASSWORD, 1)


def test_accounts_tied_by_given_passwords_are_no_two_administrators(three: Three) -> None:
    """In either direction, by the same giver, or through an account in between; not once a second person has looked."""
    desk, people = three.bench.desk, three.bench.people
    asks, decides, between = people[SYSTEM_ADMINISTRATOR], people[SECURITY_ADMINISTRATOR], people["second"]
    number = give_seat(desk, three.system, people["stranger"], three.seat())
    assert number is not None
    for given in (
        {asks: decides},
        {decides: asks},
        {asks: between, decides: between},
        {asks: between, between: decides},
    ):
        with desk.store.write() as tx:
            for person in (asks, decides, between):
                tx.people.change(person, **build_password_origin(given.get(person), three.bench.clock.now()))
        with pytest.raises(NotAllowed, match="一方的密码曾由另一方设定"):
            confirm_rights(desk, three.security, number)
    with desk.store.write() as tx:
        tx.people.change(between, password_given_by=None)  # a new link, got on the machine
    confirm_rights(desk, three.security, number)


def test_two_colluding_change_a_password_but_not_unseen_and_never_the_audit(three: Three) -> None:
    desk, people = three.bench.desk, three.bench.people
    number = reset_password(desk, three.system, people["office"], PASSWORD)
    assert number is not None
    with pytest.raises(WrongPassword):
        sign_in(desk, "office", PASSWORD, 1)
    confirm_rights(desk, three.security, number)
    session = find_session(desk, sign_in(desk, "office", PASSWORD, 1))
    assert session is not None
    assert session.one_time, "it opens nothing but its change"
    assert "重设了您的密码" in list_messages(desk, three.bench.office)[0][0].text
    with desk.store.read() as tx:
        assert tx.rights.get(number).secret is None
        person = tx.people.get(people["office"])
    assert person.password_given_by == three.system.person_id
    for act in (
        lambda who: reset_password(desk, who, people[AUDIT_ADMINISTRATOR], PASSWORD),
        lambda who: set_active(desk, who, people[AUDIT_ADMINISTRATOR], False),
        lambda who: give_seat(desk, who, people["stranger"], three.seat(AUDIT_ADMINISTRATOR)),
        lambda who: give_seat(desk, who, people[AUDIT_ADMINISTRATOR], three.seat(SYSTEM_ADMINISTRATOR)),
        lambda who: give_seat(desk, who, people[AUDIT_ADMINISTRATOR], three.seat()),
    ):
        for who in (three.system, three.security):
            with pytest.raises(NotAllowed, match=r"审计管理员|一人只能担任"):
                act(who)
    assert {who for who, about, _ in three.booked() if "重设密码：office" in about} == {
        "system_administrator", "security_administrator",
    }  # fmt: skip


def test_the_page_of_an_audit_administrator_offers_no_change(three: Three, app: Flask) -> None:
    system, people = Browser(app, three.bench, SYSTEM_ADMINISTRATOR), three.bench.people
    for login, offered in ((AUDIT_ADMINISTRATOR, False), ("office", True)):
        page = system.get(f"/people/{people[login]}").text
        for form in ("seats", "profile", "password", "active"):
            assert (f'action="/people/{people[login]}/{form}"' in page) is offered, form
        assert ("只能在服务器上用 laurel administrator 变更" in page) is not offered


def test_a_role_is_taken_and_an_account_opened_again_by_two_an_ordinary_one_closed_by_one(three: Three) -> None:
    desk, people = three.bench.desk, three.bench.people
    with desk.store.read() as tx:
        (held,) = tx.memberships.list_valid(people["second"], three.bench.clock.now())
    taken = take_seat(desk, three.security, people["second"], held.id)
    assert taken is not None
    assert three.roles("second") == {"office"}
    confirm_rights(desk, three.system, taken)
    assert three.roles("second") == set()
    assert set_active(desk, three.security, people["office"], False) is None
    opened = set_active(desk, three.system, people["office"], True)
    assert opened is not None
    with desk.store.read() as tx:
        assert not tx.people.get(people["office"]).active
    confirm_rights(desk, three.security, opened)
    with desk.store.read() as tx:
        assert tx.people.get(people["office"]).active


def test_administrators_of_another_city_see_and_decide_nothing_here(three: Three) -> None:
    desk = three.bench.desk
    number = give_seat(desk, three.system, three.bench.people["stranger"], three.seat())
    assert number is not None
    far = officer(three.bench, SECURITY_ADMINISTRATOR, "elsewhere", "far")
    assert list_rights_requests(desk, far).lines == ()
    with pytest.raises(NotAllowed, match="本辖区"):
        confirm_rights(desk, far, number)
    with pytest.raises(NotAllowed, match="本辖区"):
        give_seat(desk, far, three.bench.people["stranger"], three.seat())


def test_what_was_asked_by_somebody_who_left_is_not_confirmed(three: Three) -> None:
    desk = three.bench.desk
    number = give_seat(desk, three.system, three.bench.people["stranger"], three.seat())
    assert number is not None
    with desk.store.write() as tx:
        (held,) = tx.memberships.list_valid(three.bench.people[SYSTEM_ADMINISTRATOR], three.bench.clock.now())
        tx.memberships.change(held.id, until=three.bench.clock.now())
    with pytest.raises(Conflict, match="已不担任管理员"):
        confirm_rights(desk, three.security, number)


def follow(visitor: Browser, link: str) -> TestResponse:
    """As without script: the page asks for the link, which is pasted whole; what stands behind its # is never asked for."""
    page = link.partition("#")[0].removeprefix("https://award.example")
    assert "data-secret-link" in visitor.get(page).text
    return visitor.post(f"{page}/open", {"code": f" {link} "}, page="/portal")


def offices_now(desk: Desk) -> str:
    return next(one.now.zh for one in view_dengbao(desk, SYSTEM, settings_for_tests()) if one.name == "offices")


def test_each_opens_their_own_account_by_a_link_that_serves_once(bench: Bench, app: Flask) -> None:
    """An upgraded installation: its administrator becomes the system's, and the machine prints links for the others."""
    desk, visitor = bench.desk, Browser(app, bench)
    assert offices_now(desk) == "有管理员一人兼任三员"
    assert part_offices(desk, SYSTEM) == ["admin"]
    found = {office.role: office for office in offer_offices(desk, SYSTEM, "https://award.example")}
    assert found[SYSTEM_ADMINISTRATOR].holders == ("admin",)
    assert found[SYSTEM_ADMINISTRATOR].link == ""
    assert offices_now(desk) == "无人担任安全管理员、审计管理员"
    old = found[AUDIT_ADMINISTRATOR].link
    looked = {office.role: office for office in offer_offices(desk, SYSTEM, "")}
    assert looked[AUDIT_ADMINISTRATOR].link == ""
    assert looked[AUDIT_ADMINISTRATOR].open_until is not None
    assert follow(visitor, old).status_code == 200, "a look voids no link that was handed out"
    wanted = (SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR)
    found = {office.role: office for office in offer_offices(desk, SYSTEM, "", wanted)}
    assert follow(visitor, old).status_code == 404, "a later link voids the one before"
    for role in (SECURITY_ADMINISTRATOR, AUDIT_ADMINISTRATOR):
        link = found[role].link
        code = link.partition("#")[2]
        typed = {"code": code, "name": "王", "login": f"w.{role}", "new": PASSWORD, "again": PASSWORD}
        page = follow(visitor, link)
        assert BUILT_IN_ROLES[role].zh in page.text
        differing = visitor.post("/administrator-account", {**typed, "again": "…"}, page="/portal")
        assert (differing.status_code, "不一致" in differing.text) == (422, True)
        assert "请登录" in visitor.post("/administrator-account", typed).text
        assert visitor.post("/administrator-account", {**typed, "login": "again"}).status_code == 404
        session = find_session(desk, sign_in(desk, f"w.{role}", PASSWORD, 1))
        assert session is not None
        assert [(seat.role, seat.jurisdiction) for seat in session.actor.seats] == [(role, "*")]
    assert offices_now(desk) == "由三人分别担任"
    assert end_office(desk, SYSTEM, f"w.{AUDIT_ADMINISTRATOR}") == 1
    with pytest.raises(NotAllowed):
        offer_offices(desk, session.actor, "")


def test_who_only_writes_the_database_makes_no_link(bench: Bench) -> None:
    code, now = "invented by whoever holds the tables", bench.clock.now()
    for words in (code, f"laurel administrator's account {code}", f"administrator's account: {code}"):
        token = hashlib.sha256(words.encode()).hexdigest()
        row = OfficeLinkRow(role=AUDIT_ADMINISTRATOR, token=token, made_at=now, until=now + timedelta(days=1))
        with bench.desk.store.write() as tx:
            tx.office_links.offer(row)
        with pytest.raises(NotFound):
            view_office_link(bench.desk, Actor(None, "somebody"), code)


def test_a_link_is_over_after_seven_days(bench: Bench, app: Flask) -> None:
    link = offer_offices(bench.desk, SYSTEM, "")[0].link
    bench.clock.move_to(bench.clock.now() + timedelta(days=7))
    assert follow(Browser(app, bench), link).status_code == 404


@pytest.mark.parametrize("office", OFFICERS)
def test_people_stand_at_one_place_of_the_menu_of_each_and_the_header_says_where(
    three: Three, browse: Callable[[str], Browser], office: str
) -> None:
    page = browse(office).get("/permissions").text
    places = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)', page.partition('class="places"')[2].partition("</nav>")[0])
    assert places.count(("/people", "人员与权限")) == (office != AUDIT_ADMINISTRATOR)
    assert "人员" not in [label for _, label in places]
    assert "所有地方" in page.partition('class="eyes"')[2].partition("</span>")[0]
