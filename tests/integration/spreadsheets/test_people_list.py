"""People by spreadsheet: accounts without passwords, roles added, nothing taken that an administrator may not do."""

import base64

import pytest
from flask import Flask

from service.casework.access.actor import SYSTEM_ADMINISTRATOR
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.spreadsheets.people import COLUMNS, export_people, import_people
from service.domain.errors import Invalid, NotAllowed
from service.domain.spreadsheets.import_report import ImportReport, LineOutcome
from service.office.workbooks import write_xlsx
from tests.support.browsers import PASSWORD, Browser
from tests.support.desks import Bench
from tests.support.officers import officer

HEAD = [c.title.zh for c in COLUMNS]


def brought(bench: Bench, *lines: list[str], commit: bool = True) -> ImportReport:
    return import_people(bench.desk, bench.admin, [HEAD, *lines], commit=commit)


def said(report: ImportReport) -> list[tuple[str, str]]:
    return [(line.outcome.value.zh, line.reason.zh) for line in report.lines]


def office_of(bench: Bench) -> list[str]:
    """Return jurisdiction, role and body as the export names them."""
    _, lines = export_people(bench.desk, bench.admin, "office")
    return [str(cell) for cell in lines[0][2:5]]


def test_a_new_person_gets_an_account_that_waits_for_a_password(bench: Bench, app: Flask) -> None:
    line = ["zhao.min", "赵敏", *office_of(bench), "zhao@example.cn", "0991-1234567"]
    looked = brought(bench, line, commit=False)
    assert (looked.taken, looked.done) == (1, False)
    with bench.desk.store.read() as tx:
        assert tx.people.by_login("zhao.min") is None
    assert said(brought(bench, line)) == [("导入", "开通账号，待设一次性密码")]
    with pytest.raises(WrongPassword):
        sign_in(bench.desk, "zhao.min", "", 12)
    admin = Browser(app, bench, "admin")
    with bench.desk.store.read() as tx:
        person = tx.people.by_login("zhao.min")
    assert person is not None
    assert "待设密码" in admin.get("/people").text
    assert admin.post(f"/people/{person.id}/password", {"password": PASSWORD}).status_code == 302
    assert sign_in(bench.desk, "zhao.min", PASSWORD, 12)
    assert said(brought(bench, line)) == [("已有记录", "与现有记录相同。")]


def test_the_preview_says_what_further_lines_change_in_an_account_that_the_list_opens(bench: Bench) -> None:
    first = ["zhao.min", "赵敏", *office_of(bench), "zhao@example.cn", "0991-1234567"]
    contact, same = ["zhao.min", "赵敏", "", "", "", "", "0991-7654321"], ["zhao.min", "赵敏", "", "", "", "", ""]
    looked = brought(bench, first, contact, same, contact, first[:6], commit=False)
    assert [line.outcome for line in looked.lines] == [
        LineOutcome.TAKEN, LineOutcome.TAKEN, LineOutcome.KNOWN, LineOutcome.KNOWN, LineOutcome.KNOWN,
    ]  # fmt: skip
    assert looked.lines[1].reason.zh == "第2行的账号，电话"
    done = brought(bench, first, contact, same, contact, first[:6])
    changed = [line.outcome in (LineOutcome.TAKEN, LineOutcome.CHANGED) for line in done.lines]
    assert changed == [True, True, False, False, False]


def test_what_is_handed_out_is_taken_again_without_a_change(bench: Bench) -> None:
    _, lines = export_people(bench.desk, bench.admin)
    again = brought(bench, *([str(cell) for cell in line] for line in lines))
    assert {line.outcome.value.zh for line in again.lines} == {"已有记录"}, said(again)


def test_contact_and_role_are_added_and_an_empty_cell_changes_nothing(bench: Bench) -> None:
    office = office_of(bench)
    with bench.desk.store.read() as tx:
        stranger = tx.people.person(bench.people["stranger"])
    assert said(brought(bench, [stranger.login, stranger.name, *office, "yi@example.cn", ""])) == [
        ("更新", "更新：邮箱、添加角色")
    ]
    assert said(brought(bench, [stranger.login, stranger.name, "", "", "", "", ""])) == [
        ("已有记录", "与现有记录相同。")
    ]
    with bench.desk.store.read() as tx:
        assert tx.people.person(stranger.id).email == "yi@example.cn"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["赵", "赵敏", "", "办公室", "没有的单位", "", ""], "请核对辖区、角色和单位"),
        (["zhao.min", "赵敏", "", "", "", "", ""], "新账号须填写角色和单位"),
        (["office", "另一人", "", "", "", "", ""], "另一姓名的人使用"),
        (["zhao.min", "", "", "", "", "", ""], "没有填写"),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_reason(bench: Bench, line: list[str], sentence: str) -> None:
    [(outcome, reason)] = said(brought(bench, line))
    assert outcome == "不导入"
    assert sentence in reason


def test_bad_address_and_two_names_of_one_login_are_refused(bench: Bench) -> None:
    office = office_of(bench)
    found = said(brought(bench, ["a.b.c", "甲", *office, "a@", ""], ["d.e.f", "丁", *office, "", ""],
                         ["d.e.f", "戊", *office, "", ""]))  # fmt: skip
    assert [outcome for outcome, _ in found] == ["不导入", "导入", "不导入"]
    assert "不是邮箱地址" in found[0][1]
    assert "与第3行相同，姓名不同" in found[2][1]


def test_a_table_with_passwords_is_refused_as_a_whole(bench: Bench) -> None:
    with pytest.raises(Invalid, match="密码不写入表格"):
        import_people(bench.desk, bench.admin, [[*HEAD, "初始密码"], ["a.b.c", "甲"]], commit=True)


def test_only_administrators_bring_people_in_and_out(bench: Bench, app: Flask) -> None:
    with pytest.raises(NotAllowed):
        import_people(bench.desk, bench.office, [HEAD])
    office, admin = Browser(app, bench, "office"), Browser(app, bench, "admin")
    assert office.get("/people.xlsx").status_code == office.get("/lists/people").status_code == 403
    assert admin.get("/people.xlsx?q=office").status_code == 200
    assert "表格不得有密码" in admin.get("/lists/people").text


def test_of_two_administrators_the_report_says_what_waits_for_the_other(bench: Bench) -> None:
    system = officer(bench, SYSTEM_ADMINISTRATOR)
    held = office_of(bench)
    lines = [["zhao.min", "赵敏", *held, "", ""], ["stranger", "stranger", *held, "", ""]]
    report = import_people(bench.desk, system, [HEAD, *lines], commit=True)
    assert [one[1] for one in said(report)] == ["开通账号，角色已提请，待批", "更新：添加角色（已提请，待批）"]


def test_a_program_brings_people_in_after_it_looked(bench: Bench, app: Flask) -> None:
    line = ["zhao.min", "赵敏", *office_of(bench), "zhao@example.cn", ""]
    content = base64.b64encode(write_xlsx("人员", COLUMNS, [line])).decode()
    admin, sent = Browser(app, bench, "admin"), {"name": "人员.xlsx", "content": content}
    looked = admin.send("POST", "/api/v1/lists/people", sent)
    assert (looked.status_code, looked.json["done"]) == (200, False), looked.text[:300]
    brought_in = admin.send("POST", "/api/v1/lists/people", {**sent, "commit": True})
    assert (brought_in.json["taken"], brought_in.json["done"]) == (1, True), brought_in.text[:300]
    with bench.desk.store.read() as tx:
        found = tx.people.by_login("zhao.min")
    assert (found.name, found.email) == ("赵敏", "zhao@example.cn")


def test_a_role_without_its_body_is_told_by_the_column_that_is_blank(bench: Bench) -> None:
    place, role, body = office_of(bench)
    for given, blank in (((role, ""), "单位"), (("", body), "角色")):
        report = brought(bench, ["zhao.min", "赵敏", place, *given, "", ""], commit=False)
        assert said(report)[0][0] == "不导入"
        assert f"这一行没有填写{blank}" in said(report)[0][1]
