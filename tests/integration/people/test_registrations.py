"""Organisations register by themselves: verified, refused with a reason, and nothing told to a stranger."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.access.actor import SECURITY_ADMINISTRATOR, SYSTEM, Actor, Seat
from service.casework.due.run_item import run_item
from service.casework.people.signing_in.sign_in import sign_in
from service.casework.public.lodge import PUBLIC_ACTOR
from service.casework.public.registrations import (
    Registration,
    accept_registration,
    list_registrations,
    refuse_registration,
    register_organisation,
    set_first_password,
)
from service.casework.public.throttle import TooOften
from service.casework.retention.due import change_rules
from service.domain.calendar import local_date
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.jobs import Sweeper
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench
from tests.support.smtp import MailServer, with_mail

SITE = "https://laurel.example.cn"
TELEPHONE = "0991-1234567"


def asked(bench: Bench, **changed: object) -> Registration:
    office = bench.office.seats[0].body_id
    given = Registration(
        "testville", office, "新来的公司", code(), "周平", "0991-1234567", "zhou@example.cn", acknowledged=True
    )
    return replace(given, **changed)


def code(start: str = "91650100MA7790000") -> str:
    """A credit code whose last sign fits."""
    from stdnum.cn import uscc

    return start + uscc.calc_check_digit(start)


def lodge(bench: Bench, origin: str = "o", **changed: object) -> None:
    register_organisation(bench.desk, PUBLIC_ACTOR, asked(bench, **changed), origin)


def row_of(page: str, kind: str) -> list[str]:
    found = re.search(rf"<tr><td>{kind}</td>(.*?)</tr>", page)
    assert found
    return re.findall(r"<td[^>]*>([^<]+)</td>", found[1])


def waiting(bench: Bench) -> list[int]:
    return [line.row.id for line in list_registrations(bench.desk, bench.office).lines]


def mails(bench: Bench, number: int) -> str:
    with bench.desk.store.read() as tx:
        row = tx.mail.find(effect_key=f"registration:{number}:result")
    return "" if row is None else f"{row.address}\n{row.text}"


def test_a_verified_organisation_gets_an_account_by_a_link_that_opens_once(bench: Bench) -> None:
    lodge(bench)
    (number,) = waiting(bench)
    with bench.desk.store.read() as tx:
        assert any(
            "新来的公司" in row.subject for row in tx.mail.select("-id", limit=50, person_id=bench.people["office"])
        )
    done = accept_registration(bench.desk, bench.office, number, SITE)
    assert done.login == code().lower()
    assert "zhou@example.cn" in mails(bench, number)
    link = re.search(rf"{SITE}/register-organisation/password#(\S+)", mails(bench, number))
    assert link is not None
    with pytest.raises(Invalid):
        set_first_password(bench.desk, PUBLIC_ACTOR, link[1], TELEPHONE, "short", "o")
    assert (
        set_first_password(bench.desk, PUBLIC_ACTOR, link[1], TELEPHONE, "雪山脚下的果园真的很好看", "o").login
        == done.login
    )
    assert sign_in(bench.desk, done.login, "雪山脚下的果园真的很好看", 1)
    for _ in range(2):
        with pytest.raises(NotFound):
            set_first_password(bench.desk, PUBLIC_ACTOR, link[1], TELEPHONE, "另一个很长很长的密码", "o")
    with pytest.raises(Conflict):
        accept_registration(bench.desk, bench.office, number, SITE)
    assert waiting(bench) == []


def test_who_reads_the_mail_alone_sets_no_password(bench: Bench) -> None:
    lodge(bench)
    (number,) = waiting(bench)
    done = accept_registration(bench.desk, bench.office, number, SITE)
    mail = mails(bench, number)
    assert TELEPHONE not in mail
    found = re.search(rf"{SITE}/register-organisation/password#(\S+)", mail)
    assert found is not None
    for other in ("", "1", "13800000000", TELEPHONE[:-1], TELEPHONE + "1"):
        with pytest.raises(Invalid, match="联系电话与注册时填写的不一致"):
            set_first_password(bench.desk, PUBLIC_ACTOR, found[1], other, "雪山脚下的果园真的很好看", "o")
    with pytest.raises(TooOften):
        set_first_password(bench.desk, PUBLIC_ACTOR, found[1], "13800000001", "雪山脚下的果园真的很好看", "elsewhere")
    spelt = f"+86 {TELEPHONE[:3]} {TELEPHONE[3:]}"
    assert (
        set_first_password(bench.desk, PUBLIC_ACTOR, found[1], spelt, "雪山脚下的果园真的很好看", "o").login
        == done.login
    )


def test_only_who_is_asked_and_the_office_verify(bench: Bench) -> None:
    lodge(bench)
    (number,) = waiting(bench)
    assert list_registrations(bench.desk, bench.applicant).lines == ()
    for actor in (bench.applicant, bench.admin):
        with pytest.raises(NotAllowed):
            accept_registration(bench.desk, actor, number, SITE)


def test_what_cannot_be_is_refused_and_a_network_is_throttled(bench: Bench) -> None:
    for change in (
        {"code": "91650100MA77000001"[:-1] + "Z"},
        {"name": " "},
        {"email": ""},
        {"telephone": ""},
        {"body_id": 999},
    ):
        with pytest.raises(Invalid):
            lodge(bench, **change)
    lodge(bench)
    lodge(bench, email="ZHOU@example.cn")
    assert len(waiting(bench)) == 1, "the same twice is kept once"
    for n in range(7):
        lodge(bench, email=f"z{n}@example.cn")
    with pytest.raises(TooOften):
        lodge(bench, email="one-more@example.cn")
    lodge(bench, origin="another", email="other@example.cn")


def test_a_stranger_learns_nothing_of_accounts(bench: Bench) -> None:
    with bench.desk.store.write() as tx:
        tx.bodies.upsert("*", code(), kind="organisation", name="老公司", registered_in="testville")
    app = make_app(bench)
    visitor = Browser(app, bench)
    typed = {"name": "某公司", "contact": "周平", "telephone": "0991-1234567", "body": bench.office.seats[0].body_id}
    unread = visitor.post("/register-organisation/testville", {**typed, "code": code(), "email": "a@example.cn"})
    assert (unread.status_code, "个人信息说明”，同意后" in unread.text) == (422, True)
    typed["acknowledged"] = "yes"
    pages = [
        visitor.post("/register-organisation/testville", {**typed, "code": each, "email": "a@example.cn"})
        for each in (code(), code("91650100MA7790001"), code())
    ]
    assert {page.status_code for page in pages} == {200}
    assert len({re.sub(r"\s+|nonce\S+|content=\S+|value=\S+", "", page.text) for page in pages}) == 1
    wrong = visitor.post("/register-organisation/testville", {**typed, "code": "1", "email": "a@example.cn"})
    assert wrong.status_code == 422
    assert "某公司" in wrong.text
    office = Browser(app, bench, "office")
    page = office.get("/registrations").text
    assert "该代码已登记为“老公司”" in page
    assert code() in page
    assert "0991-1234567" in page
    number = waiting(bench)[0]
    assert office.post(f"/registrations/{number}/refuse", {"reason": ""}).status_code == 422
    assert office.post(f"/registrations/{number}/accept").status_code == 302
    assert office.post(f"/registrations/{number}/accept").status_code == 409
    assert visitor.get("/register-organisation/password?code=x").status_code == 200, (
        "asks for the link, whatever it says"
    )
    assert visitor.post("/register-organisation/password/open", {"code": "x"}).status_code == 404


def test_an_organisation_of_other_places_is_left_to_a_global_administrator(bench: Bench) -> None:
    with bench.desk.store.write() as tx:
        tx.bodies.upsert("*", code(), kind="organisation", name="外地公司", registered_in="elsewhere")
    lodge(bench)
    (number,) = waiting(bench)
    with pytest.raises(NotAllowed, match="其他辖区"):
        accept_registration(bench.desk, bench.office, number, SITE)


def test_whom_to_reach_is_erased_in_time(bench: Bench) -> None:
    lodge(bench)
    lodge(bench, email="second@example.cn", code=code("91650100MA7790003"))
    first, second = waiting(bench)
    refuse_registration(bench.desk, bench.office, first, "联系人张三不在贵单位")
    bench.advance(bench.clock.now() + timedelta(days=181))
    with bench.desk.store.read() as tx:
        rows = [tx.registrations.get(one) for one in (first, second)]
    assert [row.state for row in rows] == ["refused", "lapsed"]
    assert {(row.contact, row.telephone, row.email, row.reason) for row in rows} == {("", "", "", "")}
    assert mails(bench, first) == ""


def test_what_is_collected_why_and_how_long_is_said_before_with_the_times_of_the_place(bench: Bench) -> None:
    visitor, today = Browser(make_app(bench), bench), local_date(bench.clock.now())
    secures = Actor(None, "安全", (Seat("testville", SECURITY_ADMINISTRATOR, 1, "office", "办公室", "office"),))
    change_rules(bench.desk, secures, "testville", {"objection.personal": 7, "other.secret": None}, today, "本地规定")
    usual, here = (visitor.get(f"/personal-information{place}").text for place in ("", "/testville"))
    assert [row_of(page, "异议、举报") for page in (usual, here)] == [["5 年", "2 年"], ["7 年", "2 年"]]
    assert row_of(here, "届次和其他办件") == ["10 年", "长期"]
    assert "180 天后删除" in usual
    asked = re.findall(r'<td data-label="(?:表单|内容|用途或者依据)">([^<]*)</td>', here)
    assert asked == ["申报书", "联系人", "办理期间联系申报者"]
    assert "用途或者依据" not in usual
    assert "/personal-information/testville" in visitor.get("/register-organisation/testville").text
    assert visitor.get("/personal-information/nowhere").status_code == 404


@pytest.mark.both_databases
def test_who_opened_an_account_learns_that_its_link_was_refused_and_sends_it_to_a_corrected_address(
    bench: Bench, mail_server: MailServer
) -> None:
    bench = with_mail(bench, mail_server)
    sweep = Sweeper(bench.desk.store, lambda item: run_item(bench.desk, SYSTEM, item), bench.clock.now, "test")
    lodge(bench)
    (number,) = waiting(bench)
    office = Browser(make_app(bench), bench, "office")
    assert office.post(f"/registrations/{number}/accept").status_code == 302
    mail_server.unknown = {"zhou@example.cn"}
    sweep.drain(bench.clock.now())
    with bench.desk.store.read() as tx:
        told = tx.mail.select("-id", limit=1, person_id=bench.people["office"])[0]
        incidents = tx.incidents.list_open(["testville"]) + tx.incidents.list_open(["*"])
    assert told.subject == "设置密码的邮件没有送达：新来的公司"
    [remedy] = [i.remedy["zh"] for i in incidents if i.what["zh"].startswith("发给周平")]
    assert "此人还没有设置密码" in remedy
    assert "已经能看到" not in remedy
    page = office.get("/registrations").text
    assert "设置密码的邮件没有送达" in page
    wrong = office.post(f"/registrations/{number}/resend", {"email": "zhou at example"})
    assert wrong.status_code == 422
    assert 'value="zhou at example"' in wrong.text
    mail_server.unknown = set()
    bench.advance(bench.clock.now() + timedelta(days=8))
    office = Browser(office.app, bench, "office")
    assert office.post(f"/registrations/{number}/resend", {"email": "zhou@fruit.cn"}).status_code == 302
    assert office.post(f"/registrations/{number}/resend", {"email": "zhou@fruit.cn"}).status_code == 409
    sweep.drain(bench.clock.now())
    [letter] = mail_server.to("zhou@fruit.cn")
    link = re.search(r"/register-organisation/password#(\S+)", letter.get_content())
    assert link is not None
    assert set_first_password(bench.desk, PUBLIC_ACTOR, link[1], TELEPHONE, "雪山脚下的果园真的很好看", "o")
    assert "没有送达" not in office.get("/registrations").text
    with bench.desk.store.read() as tx:
        assert all(not i.what["zh"].startswith("发给周平") for i in tx.incidents.list_open(["testville"]))
