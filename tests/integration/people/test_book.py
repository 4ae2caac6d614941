"""The book of acts: who did what, from where; nothing of it can be changed unseen, and no act goes without its entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from service.casework.access.actor import AUDIT_ADMINISTRATOR
from service.casework.access.book.acting import acting_by, describe_current_act, from_where
from service.casework.access.secrets import IDENTITY
from service.casework.people.accounts.accounts import (
    NewAccount,
    add_account,
    change_password,
    reset_password,
    set_active,
)
from service.casework.people.accounts.profile import change_profile
from service.casework.people.rights.seats import NewSeat
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.queries.proof.book import BookQuery, read_book
from service.casework.queries.proof.case_acts import find_cases, read_case_acts
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.cli.audit import audit
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.store.models import ActRow, UploadRow
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench
from tests.support.log import broken_in

LAW = "processes/testville/law.yaml"
GOOD = "四时之景不同而乐亦无穷也"


def entries(bench: Bench, kind: str = "") -> list[ActRow]:
    """Return the entries of a kind, oldest first, as the table has them; without one all but those of digests alone."""
    with bench.desk.store.read() as tx:
        return [
            row
            for row in tx.acts.select(after=0, limit=1_000)
            if row.chain == kind or (not kind and row.chain != "record")
        ]


def opened(bench: Bench, login: str = "zhao.min") -> int:
    office = bench.office.seats[0]
    seat = NewSeat(office.jurisdiction, office.role, office.body_id)
    return add_account(bench.desk, bench.admin, NewAccount(login, "赵敏", GOOD), seat)


class Here:
    """The tools of a command over the desk of a test."""

    def __init__(self, bench: Bench) -> None:
        self.desk = lambda: bench.desk


def test_what_is_done_with_accounts_is_entered_with_it(bench: Bench) -> None:
    with from_where("10.1.2.3"):
        person = opened(bench)
        reset_password(bench.desk, bench.admin, person, GOOD + "！")
        set_active(bench.desk, bench.admin, person, False)
    told = [(row.about, row.origin, row.outcome) for row in entries(bench, "account")]
    assert told == [
        ("开设账号：赵敏（zhao.min）", "10.1.2.3", "done"),
        ("重设密码：赵敏", "10.1.2.3", "done"),
        ("停用账号：赵敏", "10.1.2.3", "done"),
    ]
    assert GOOD not in str(entries(bench)), "no password is kept"


def test_what_failed_leaves_no_entry_and_what_was_refused_does(bench: Bench) -> None:
    with pytest.raises(Invalid):
        add_account(bench.desk, bench.admin, NewAccount("x", "赵敏", GOOD), NewSeat("testville", "office", 1))
    assert entries(bench) == []
    with pytest.raises(NotAllowed):
        reset_password(bench.desk, bench.office, 1, GOOD)
    (refused,) = entries(bench)
    assert (refused.outcome, refused.person_id) == ("not_allowed", bench.office.person_id)
    assert refused.data == {"use_case": "reset_password", "asked": {"person_id": 1}}


def test_signing_in_and_its_failure_are_entered_but_never_what_was_typed(bench: Bench) -> None:
    opened(bench)
    sign_in(bench.desk, "zhao.min", GOOD, 8)
    for login in ("zhao.min", "我的密码打错了地方"):
        with pytest.raises(WrongPassword):
            sign_in(bench.desk, login, "wrong password", 8)
    told = [(row.about, row.outcome) for row in entries(bench, "session")]
    assert told == [
        ("登录：zhao.min", "done"),
        ("登录名：zhao.min", "wrong_password"),
        ("没有这个登录名", "wrong_password"),
    ]


CHANGES = {
    "words": "update act set about = '别的' where seq = 2 and chain = 'account'",
    "who": "update act set actor = '别人' where seq = 2 and chain = 'account'",
    "where from": "update act set origin = '1.1.1.1' where seq = 2 and chain = 'account'",
    "taken out": "delete from act where seq = 2 and chain = 'account'",
    "end cut off": "delete from act where seq = 3 and chain = 'account'",
    "moved to another chain": "update act set chain = 'setting' where seq = 3 and chain = 'account'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_whoever_changes_the_table_is_found_out(bench: Bench, change: str) -> None:
    for login in ("zhao.min", "qian.wen", "sun.li"):
        opened(bench, login)
    assert broken_in(bench.desk) == []
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.text(CHANGES[change]))
    found = broken_in(bench.desk)
    assert any(name.startswith("book account: ") for name in found), found


def test_an_administrator_of_one_city_reads_that_city_alone(bench: Bench) -> None:
    opened(bench)
    page = read_book(bench.desk, bench.admin, BookQuery(text="赵敏"))
    assert [entry.row.about for entry in page.lines] == ["开设账号：赵敏（zhao.min）"]
    here = replace(bench.admin, seats=(replace(bench.admin.seats[0], jurisdiction="testville"),))
    assert len(read_book(bench.desk, here, BookQuery(text="赵敏")).lines) == 1
    elsewhere = replace(bench.admin, seats=(replace(bench.admin.seats[0], jurisdiction="elsewhere"),))
    assert read_book(bench.desk, elsewhere, BookQuery(text="赵敏")).lines == ()
    assert [row.action for row in entries(bench, "reading")] == ["book.read"] * 3, "reading it is entered"


def test_what_the_program_entered_by_itself_is_shown_where_it_is_asked_for(
    bench: Bench, browse: Callable[[str | None], Browser]
) -> None:
    with from_where("10.1.2.3"):
        bench.submitted()
    (own, *_) = [line for line in read_book(bench.desk, bench.admin, BookQuery()).lines if line.row.chain == "record"]
    cell = f"<td>{own.row.actor}</td><td>{own.action.zh}</td>"
    assert {
        path: cell in browse("admin").get(path).text for path in ("/book", "/book?program=1", "/book?kind=record")
    } == {
        "/book": False,
        "/book?program=1": True,
        "/book?kind=record": True,
    }
    handed_out = browse("admin").get("/book?kind=record&format=csv").text
    assert (own.row.actor in handed_out, own.action.zh in handed_out) == (True, True)
    assert [row.action for row in entries(bench, "export")] == ["book.export"], "that it was taken out is entered"
    assert browse("office").get("/book?format=xlsx").status_code == 403


def test_refusals_of_every_kind_are_found_together_and_reading_does_not_bury_them(
    bench: Bench, browse: Callable[[str | None], Browser]
) -> None:
    opened(bench)
    office, admin = browse("office"), browse("admin")
    assert (office.get("/book").status_code, office.get("/monitor/health").status_code) == (403, 403)
    for _ in range(2):
        admin.get("/book")
    reads = BookQuery(own_reading=False)
    everything = [line.row for line in read_book(bench.desk, bench.admin, BookQuery()).lines]
    own = [row for row in everything if (row.action, row.person_id) == ("book.read", bench.admin.person_id)]
    assert own
    left = [line.row.id for line in read_book(bench.desk, bench.admin, reads).lines]
    assert set(left).isdisjoint(row.id for row in own)
    assert any(row.action == "book.read" and row.outcome != "done" for row in everything if row.id in left)
    refused = [line.row for line in read_book(bench.desk, bench.admin, BookQuery(outcome="refused")).lines]
    assert {row.chain for row in refused} == {"reading", "refusal"}, "each refusal stands in the chain of its act"
    done = [line.row.outcome for line in read_book(bench.desk, bench.admin, BookQuery(outcome="done")).lines]
    assert set(done) == {"done"}
    page = admin.get("/book?outcome=refused&since=2026-01-01").text
    assert ("所列范围：被拒绝；" in page, "自己查阅本日志的记录" in page) == (True, True)
    assert ("开设账号：赵敏" in admin.get("/book").text, "开设账号：赵敏" in page) == (True, False)
    listed = admin.get("/book?outcome=refused&format=csv").text
    assert ("被拒绝" in listed, "开设账号：赵敏" in listed) == (True, False)


def test_who_is_turned_away_at_the_door_is_entered(bench: Bench, browse: Callable[[str | None], Browser]) -> None:
    assert browse("office").get("/book").status_code == 403
    (refused,) = entries(bench)
    assert (refused.action, refused.outcome, refused.person_id) == ("book.read", "not_allowed", bench.office.person_id)
    assert browse(None).get("/book").status_code in {302, 303, 401}
    assert len(entries(bench)) == 1, "visitors are not entered"


def test_what_changed_of_a_person_is_entered_masked_and_under_that_place(bench: Bench) -> None:
    person = bench.office.person_id or 0
    change_profile(bench.desk, bench.admin, person, "周正", "zhou@example.org", "13912345678")
    (row,) = entries(bench)
    assert row.jurisdiction == bench.office.seats[0].jurisdiction
    assert row.data["after"]["name"] == "周正"
    assert set(row.data["after"]) == {"name", "email", "telephone"}
    assert "13912345678" not in str(row.data)
    assert "zhou@example.org" not in str(row.data)
    (line,) = (line for line in read_book(bench.desk, bench.admin, BookQuery()).lines if line.row.id == row.id)
    assert [change[0].zh for change in line.changes] == ["姓名", "邮箱", "电话"]
    assert line.changes[0][2].zh == "周正"
    assert "139" in line.changes[2][2].zh
    assert "13912345678" not in line.changes[2][2].zh


def test_a_wrong_present_password_is_entered_as_refused(bench: Bench) -> None:
    with pytest.raises(WrongPassword):
        change_password(bench.desk, bench.office, "错的密码甲乙丙丁", GOOD, "")
    assert [(row.action, row.outcome) for row in entries(bench)] == [("password.change", WrongPassword.code)]


def test_a_command_hands_it_on_line_by_line(bench: Bench) -> None:
    opened(bench)
    with pytest.raises(NotAllowed):
        reset_password(bench.desk, replace(bench.office, name='李"]\n四'), 1, GOOD)
    run, tools = CliRunner(), Here(bench)
    handed = run.invoke(audit, ["export"], obj=tools)
    assert "一人兼任" in handed.stderr, "beside the lines, which a collector reads"
    digests, first, second = handed.stdout.splitlines()
    assert "records.keep" in digests
    assert first.startswith("<109>1 2026-03-02T01:00:00.000+00:00 - laurel - people.manage [act@32473 chain=")
    assert second.startswith("<108>1 ")
    assert 'actor="李\\"\\] 四"' in second
    assert len(run.invoke(audit, ["export", "--form", "json", "--after", "2"], obj=tools).stdout.splitlines()) == 1


def test_who_did_what_on_a_case_is_read_without_what_was_written(
    bench: Bench, browse: Callable[[str | None], Browser]
) -> None:
    case = bench.decided(contact="欧阳春")
    with bench.desk.store.read() as tx:
        title = tx.cases.get(case).title
    admin = browse("admin")
    assert f'href="/book/cases/{case}"' in admin.get("/book/cases", query_string={"q": title}).text
    page = admin.get(f"/book/cases/{case}").text
    assert all(word in page for word in (title, "发起“", "办理", bench.applicant.name, bench.office.name))
    assert "欧阳春" not in page
    assert "没有人导出、查看或者被拒绝过" in page
    assert any(row.about == f"办件操作记录：{title}" for row in entries(bench, "reading")), (
        "that it was read is entered"
    )
    auditor = replace(bench.admin, seats=(replace(bench.admin.seats[0], role=AUDIT_ADMINISTRATOR),))
    assert read_case_acts(bench.desk, auditor, case).acts
    elsewhere = replace(auditor, seats=(replace(auditor.seats[0], jurisdiction="elsewhere"),))
    with pytest.raises(NotFound):
        read_case_acts(bench.desk, elsewhere, case)
    assert find_cases(bench.desk, elsewhere, title) == []
    assert browse("office").get(f"/book/cases/{case}").status_code == 403


def test_what_was_looked_at_and_refused_of_a_case_stands_beside_what_was_done(
    bench: Bench, browse: Callable[[str | None], Browser]
) -> None:
    case, other = bench.submitted(), bench.submitted()
    with bench.desk.store.write() as tx:
        row = UploadRow(
            id="a" * 36, case_id=case, field="file", name="营业执照.pdf", kind="application/pdf", size=1, sha256="0" * 64,
            at=bench.clock.now(),
        )  # fmt: skip
        tx.uploads.insert(row)
        tx.uploads.insert(replace(row, id="b" * 36, name="实名异议人.pdf", secret=IDENTITY))
    for ident in ("a", "b"):
        with acting_by("upload.read", bench.office) as act, bench.desk.store.write():
            assert act is not None
            describe_current_act(
                "某公司：查看附件", place=bench.office.seats[0].jurisdiction, after={"file": ident * 36, "case": case}
            )
    assert browse("office").get(f"/cases/{case}/interventions?kind=suspend").status_code == 403
    admin = browse("admin")
    page = admin.get(f"/book/cases/{case}").text
    assert "某公司：查看附件“营业执照.pdf”" in page
    assert "实名异议人" not in page, "a name of a file that reveals an objector is not told"
    assert f"/cases/{case}/interventions" in page
    assert "没有人导出" in admin.get(f"/book/cases/{other}").text
    table = admin.get(f"/book?case={case}&outcome=refused&format=csv")
    assert f"/cases/{case}/interventions" in table.text
    assert "查看附件" not in table.text
    assert "%E8%A2%AB%E6%8B%92%E7%BB%9D" in table.headers["Content-Disposition"], "named by what it is narrowed to"


def test_what_nobody_finds_in_the_book_leads_on(browse: Callable[[str | None], Browser]) -> None:
    assert "/book/cases?q=" in browse("admin").get("/book", query_string={"q": "没有这样的词"}).text


def test_a_refusal_says_what_was_tried_and_why_and_leads_to_the_case(
    bench: Bench, browse: Callable[[str | None], Browser]
) -> None:
    case = bench.submitted()
    with bench.desk.store.read() as tx:
        title = tx.cases.get(case).title
    assert browse("office").get(f"/cases/{case}/interventions?kind=suspend").status_code == 403
    page = browse("admin").get("/book?outcome=refused").text
    assert f'<a href="/book/cases/{case}">办件 {title}</a>' in page
    assert f"/cases/{case}/interventions" in page
    assert "拒绝原因：由系统管理员办理" in page


def test_what_is_done_with_drafts_is_found_under_who_did_it(bench: Bench) -> None:
    draft = open_draft(bench.desk, bench.admin, PACKAGE, "下一届")
    opened_file = open_file(bench.desk, bench.admin, draft, LAW)
    changed = opened_file.content.replace(b"law: ", "law: 新".encode(), 1)
    save_file(bench.desk, bench.admin, draft, LAW, changed, opened_file.hash)
    told = [(row.action, row.about.partition("：")[2], row.person_id) for row in entries(bench, "procedure")][-2:]
    assert told[0] == ("draft.edit", "新开草稿“下一届”", bench.admin.person_id)
    assert told[1] == ("draft.edit", "修改草稿“下一届”：law.yaml", bench.admin.person_id)
