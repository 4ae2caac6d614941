"""Accounts and what people hold, through the administrators' page."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.access.actor import Actor, Seat
from service.casework.access.sign_in_proof import GivenPasswordOver
from service.casework.people.accounts.accounts import (
    NewAccount,
    add_account,
    add_applicant,
    change_password,
    give_seat,
    reset_password,
    set_active,
    take_seat,
)
from service.casework.people.accounts.profile import change_actor_profile
from service.casework.people.rights.seats import NewSeat
from service.casework.people.signing_in.sign_in import sign_in
from service.casework.queries.own_place.inbox import list_messages
from service.casework.queries.people.people import view_people
from service.domain.errors import NotAllowed
from service.store.models import PersonRow
from tests.support.browsers import PASSWORD, Browse
from tests.support.desks import Bench
from tests.support.records import hold_seat

pytestmark = pytest.mark.both_databases

NEW = {"login": "zhao.min", "name": "赵敏", "password": PASSWORD, "email": "zhao@example.cn"}


def office_seat(bench: Bench) -> str:
    return f"testville/office/{bench.office.seats[0].body_id}"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"login": "赵"}, 'id="login-error">登录名须为'), ({"name": " "}, 'id="name-error">请填写姓名'),
        ({"password": "short"}, 'id="password-error">密码须为'), ({"email": "x"}, 'id="email-error">“x”不是邮箱地址'),
        ({"password": "zzzzzzzzzzzz"}, 'id="password-error">密码过于简单'), ({"login": "office"}, "已被使用"),
        ({"seat": ""}, 'id="new-seat-error">请选择角色和单位'),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_explained_and_the_rest_stays_typed(
    bench: Bench, browse: Browse, changed: dict[str, str], sentence: str
) -> None:
    answer = browse("admin").post("/people", {**NEW, "seat": office_seat(bench), **changed})
    assert answer.status_code in (409, 422)
    assert sentence in answer.text
    assert answer.text.count(sentence.rpartition(">")[2]) == 1, "at its field alone"
    assert {**NEW, **changed}["email"] in answer.text
    assert PASSWORD not in answer.text


def test_all_that_cannot_be_used_is_told_at_once(bench: Bench, browse: Browse) -> None:
    wrong = {"login": "office", "password": "short", "email": "x", "telephone": "y"}
    answer = browse("admin").post("/people", {**NEW, "seat": office_seat(bench), **wrong})
    for sentence in (
        'id="login-error">登录名“office”已被使用', 'id="password-error">密码须为', 'id="email-error">“x”不是邮箱地址',
        'id="telephone-error">“y”不是电话号码',
    ):  # fmt: skip
        assert sentence in answer.text, sentence


def test_roles_come_and_go_at_once(bench: Bench, browse: Browse) -> None:
    admin, stranger = browse("admin"), browse("stranger")
    person = bench.people["stranger"]
    assert stranger.get("/monitor").status_code == 403
    assert admin.post(f"/people/{person}/seats", {"seat": office_seat(bench)}).status_code == 302
    assert stranger.get("/monitor").status_code == 200
    assert "切换身份" in stranger.get("/tasks").text
    with bench.desk.store.read() as tx:
        held = next(m for m in tx.memberships.list_valid(person, bench.clock.now()) if m.role == "office")
    assert admin.post(f"/people/{person}/seats/{held.id}/end").status_code == 302
    assert stranger.get("/monitor").status_code == 403
    assert admin.post(f"/people/{person}/seats/{held.id}/end").status_code == 409


def test_an_organisation_is_registered_by_its_credit_code(bench: Bench, browse: Browse) -> None:
    admin = browse("admin")
    wrong = admin.post("/people/organisations", {"organisation": "丙公司", "code": "123"})
    assert (wrong.status_code, "18 位" in wrong.text, "丙公司" in wrong.text) == (422, True, True)
    person = admin.post("/people/organisations", {"organisation": "丙公司", "code": "11010519491231002x"})
    assert (person.status_code, "公民身份号码" in person.text) == (422, True)
    good = {"organisation": "丙公司", "code": "91650100ma7800099a"}
    assert admin.post("/people/organisations", good).status_code == 302
    assert "丙公司" in admin.get("/people/new").text
    assert admin.post("/people/organisations", good).status_code == 409


def test_an_administrator_of_one_city_manages_nobody_elsewhere(bench: Bench) -> None:
    seat = bench.office.seats[0]
    local = Actor(99, "外地管理员", (Seat("elsewhere", "administrator", seat.body_id, "office", "办公室", "office"),))
    with pytest.raises(NotAllowed, match="本辖区"):
        give_seat(bench.desk, local, bench.people["stranger"], NewSeat("testville", "office", seat.body_id))
    with pytest.raises(NotAllowed):
        add_account(
            bench.desk, local, NewAccount("x.y.z", "某", PASSWORD), NewSeat("testville", "office", seat.body_id)
        )
    with pytest.raises(NotAllowed):
        set_active(bench.desk, local, bench.people["office"], False)
    with pytest.raises(NotAllowed):
        reset_password(bench.desk, local, bench.people["admin"], PASSWORD)


def test_nobody_closes_their_own_account(bench: Bench, browse: Browse) -> None:
    answer = browse("admin").post(f"/people/{bench.people['admin']}/active", {"active": "no"})
    assert (answer.status_code, "不能停用自己的账号" in answer.text) == (422, True)


def test_the_seat_one_looks_from_is_chosen_and_stays(bench: Bench, browse: Browse) -> None:
    admin = browse("admin")
    person = bench.people["stranger"]
    admin.post(f"/people/{person}/seats", {"seat": office_seat(bench)})
    stranger = browse("stranger")
    assert "乙公司" in stranger.get("/seats").text
    assert stranger.post("/seats", {"seat": office_seat(bench)}).status_code == 302
    assert "测试市质量奖办公室" in stranger.get("/tasks").text.split("</header>")[0]


def city_administrator(bench: Bench) -> Actor:
    seat = bench.office.seats[0]
    account = NewAccount("city.admin", "市管理员", PASSWORD)
    ident = add_account(bench.desk, bench.admin, account, NewSeat("testville", "administrator", seat.body_id))
    bench.people["city.admin"] = ident
    with bench.desk.store.write() as tx:  # who changed the first password
        tx.people.change(ident, password_owned_at=bench.clock.now())
    held = Seat("testville", "administrator", seat.body_id, seat.body_key, seat.body_name, seat.body_kind)
    return Actor(ident, "市管理员", (held,))


def test_nobody_changes_their_own_roles_or_resets_their_own_password(bench: Bench) -> None:
    """One's own password is changed by who knows the present one."""
    seat = NewSeat("testville", "office", bench.office.seats[0].body_id)
    for administrator in (bench.admin, city_administrator(bench)):
        assert administrator.person_id is not None
        with pytest.raises(NotAllowed, match="自己的角色"):
            give_seat(bench.desk, administrator, administrator.person_id, seat)
        with bench.desk.store.read() as tx:
            (held, *_) = tx.memberships.list_valid(administrator.person_id, bench.clock.now())
        with pytest.raises(NotAllowed, match="自己的角色"):
            take_seat(bench.desk, administrator, administrator.person_id, held.id)
        with pytest.raises(NotAllowed):
            reset_password(bench.desk, administrator, administrator.person_id, PASSWORD)


def test_a_given_password_that_nobody_used_is_over_after_seven_days(bench: Bench) -> None:
    reset_password(bench.desk, bench.admin, bench.people["office"], PASSWORD)
    bench.clock.move_to(bench.clock.now() + timedelta(days=7))
    token = sign_in(bench.desk, "office", PASSWORD, 12)
    bench.clock.move_to(bench.clock.now() + timedelta(seconds=1))
    with pytest.raises(GivenPasswordOver, match="7 天内有效"):
        sign_in(bench.desk, "office", PASSWORD, 12)
    with bench.desk.store.read() as tx:
        assert [row.outcome for row in tx.acts.select(after=0, limit=100) if row.chain == "session"] == [
            "done",
            "given_password_over",
        ]
    change_password(bench.desk, bench.office, PASSWORD, f"{PASSWORD}-own", token)
    bench.clock.move_to(bench.clock.now() + timedelta(days=8))
    assert sign_in(bench.desk, "office", f"{PASSWORD}-own", 12), "one's own does not end"


def test_an_organisation_with_a_case_elsewhere_is_beyond_a_citys_administrator(bench: Bench) -> None:
    """Whoever acts for an applicant acts for it in every city."""
    local = city_administrator(bench)
    foreign = Actor(local.person_id, "外地管理员", (replace(local.seats[0], jurisdiction="elsewhere"),))
    bench.started()
    organisation = NewSeat("*", "applicant", bench.applicant.seats[0].body_id)
    with pytest.raises(NotAllowed):
        give_seat(bench.desk, foreign, bench.people["stranger"], organisation)
    with pytest.raises(NotAllowed):
        reset_password(bench.desk, foreign, bench.people["applicant"], PASSWORD)
    give_seat(bench.desk, local, bench.people["second"], organisation)


def test_what_somebody_held_elsewhere_keeps_the_account_out_of_reach(bench: Bench) -> None:
    """Letters and places on rolls stay with the account: whoever resets its password reads and votes."""
    local = city_administrator(bench)
    foreign = Actor(local.person_id, "外地管理员", (replace(local.seats[0], jurisdiction="elsewhere"),))
    person, now = bench.people["office"], bench.clock.now()
    with bench.desk.store.write() as tx:
        for held in tx.memberships.list_valid(person, now):
            tx.memberships.change(held.id, until=now)
    for _ in range(2):
        with pytest.raises(NotAllowed):
            reset_password(bench.desk, foreign, person, PASSWORD)
        with pytest.raises(NotAllowed):
            set_active(bench.desk, foreign, person, False)
        reset_password(bench.desk, bench.admin, person, PASSWORD)
        with bench.desk.store.write() as tx:  # and a role in the other city opens nothing
            hold_seat(tx, person, local.seats[0].body_id, "elsewhere", "office", now)


def test_people_of_another_city_are_neither_listed_nor_given_roles(bench: Bench) -> None:
    """A role given by number would show name and address of anybody, and take the account out of its own city's hands."""
    local = city_administrator(bench)
    seat = replace(local.seats[0], jurisdiction="elsewhere")
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        person = tx.people.insert(
            PersonRow(login="far.away", name="外地人", language="zh", active=True, created_at=now)
        )
        hold_seat(tx, person, seat.body_id, "elsewhere", "office", now)
        nobody = tx.people.insert(PersonRow(login="no.role", name="某", language="zh", active=True, created_at=now))
    role = NewSeat("testville", "office", seat.body_id)
    with pytest.raises(NotAllowed, match="全局管理员"):
        reset_password(bench.desk, local, nobody, PASSWORD)
    with pytest.raises(NotAllowed, match="全局管理员"):
        give_seat(bench.desk, local, person, role)
    assert "far.away" not in {p.login for p in view_people(bench.desk, local).page.lines}
    reset_password(bench.desk, Actor(local.person_id, "外地管理员", (seat,)), person, PASSWORD)
    give_seat(bench.desk, bench.admin, person, role)  # who serves two cities is let in by whoever administers both
    assert "far.away" in {p.login for p in view_people(bench.desk, local).page.lines}


def test_an_applicant_without_a_case_is_looked_after_where_it_was_registered(bench: Bench) -> None:
    """Whoever could take it over would sign in as an applicant of another city."""
    local = city_administrator(bench)
    foreign = Actor(local.person_id, "外地管理员", (replace(local.seats[0], jurisdiction="elsewhere"),))
    unknown = NewSeat("*", "applicant", bench.applicant.seats[0].body_id)  # nobody knows where it was registered
    for who in (local, foreign):
        with pytest.raises(NotAllowed):
            reset_password(bench.desk, who, bench.people["applicant"], PASSWORD)
        with pytest.raises(NotAllowed, match="不是由本辖区登记"):
            add_account(bench.desk, who, NewAccount("taken.over", "某", PASSWORD), unknown)
    body = add_applicant(bench.desk, local, "丁公司", "91650100MA7800010B")
    own = NewSeat("*", "applicant", body)
    with pytest.raises(NotAllowed):
        add_account(bench.desk, foreign, NewAccount("taken.over", "某", PASSWORD), own)
    person = add_account(bench.desk, local, NewAccount("own.one", "某", PASSWORD), own)
    with pytest.raises(NotAllowed):
        reset_password(bench.desk, foreign, person, PASSWORD)
    reset_password(bench.desk, local, person, PASSWORD)


def test_of_a_new_address_the_one_before_is_told(bench: Bench) -> None:
    change_actor_profile(bench.desk, bench.office, "erste@example.cn", "")
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    change_actor_profile(bench.desk, bench.office, "zweite@example.cn", "0991-1234567")
    change_actor_profile(bench.desk, bench.office, "zweite@example.cn", "")
    with bench.desk.store.read() as tx:
        inbox = tx.mail.select("-id", limit=50, person_id=bench.people["office"])
        key = f"address:{bench.people['office']}:before:{bench.clock.now().isoformat()}"
        before = tx.mail.find(effect_key=key)
    assert before is not None
    assert (before.address, before.text) == ("erste@example.cn", inbox[0].text)
    assert ["更改了邮箱“z***@example.cn”" in row.text for row in inbox] == [True, False]


def test_a_person_is_told_that_somebody_else_set_their_password(bench: Bench) -> None:
    reset_password(bench.desk, bench.admin, bench.people["office"], PASSWORD)
    (message,), _ = list_messages(bench.desk, bench.office)
    assert message.subject.startswith("您的密码已由他人重设")
    assert bench.admin.name in message.text
    with bench.desk.store.read() as tx:
        assert tx.mail.unread(bench.people["admin"]) == 0


@pytest.mark.parametrize("seat", ["*/administrator/{office}", "*/office/{office}", "*/administrator/{organisation}",
                                  "testville/administrator/{organisation}", "testville/applicant/{organisation}",
                                  "*/office/{organisation}", "elsewhere/office/{office}", "testville/emperor/{office}"])  # fmt: skip
@pytest.mark.parametrize("who", ["admin", "city.admin"])
def test_what_is_not_offered_is_not_accepted(bench: Bench, browse: Browse, seat: str, who: str) -> None:
    city_administrator(bench)
    admin = browse(who)
    value = seat.format(office=bench.office.seats[0].body_id, organisation=bench.applicant.seats[0].body_id)
    assert f'value="{value}"' not in admin.get("/people/new").text
    person = bench.people["stranger"]
    assert admin.post(f"/people/{person}/seats", {"seat": value}).status_code in (403, 422)
    assert admin.post("/people", {**NEW, "seat": value}).status_code in (403, 422)
    with bench.desk.store.read() as tx:
        assert tx.people.by_login(NEW["login"]) is None
        assert {m.role for m in tx.memberships.list_valid(person, bench.clock.now())} == {"applicant"}


def test_an_account_is_opened_and_can_be_used_at_once(bench: Bench, browse: Browse) -> None:
    admin = browse("admin")
    assert admin.post("/people", {**NEW, "seat": office_seat(bench)}).status_code == 302
    assert "赵敏" in admin.get("/people").text
    assert sign_in(bench.desk, "zhao.min", PASSWORD, 12)


def test_a_citys_administrator_sees_the_people_of_that_city_only(bench: Bench) -> None:
    local = city_administrator(bench)
    bench.started()
    foreign = Actor(local.person_id, "外地管理员", (replace(local.seats[0], jurisdiction="elsewhere"),))
    assert {"office", "applicant", "city.admin"} <= {p.login for p in view_people(bench.desk, local).page.lines}
    assert not {"office", "applicant", "city.admin", "admin"} & {
        p.login for p in view_people(bench.desk, foreign).page.lines
    }
