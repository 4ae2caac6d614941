"""Individuals in lists: registered by their identity number, never by a name alone, shown masked."""

from __future__ import annotations

from functools import cache

import pytest
from flask import Flask

from service.casework.access.actor import SYSTEM_ADMINISTRATOR, Actor, Seat
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.register.confirm_same import list_doubts
from service.casework.register.import_awards import import_awards
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.spreadsheets.applicants import columns_of, export_applicants, import_applicants
from service.casework.spreadsheets.awards import export_awards
from service.casework.spreadsheets.people import COLUMNS, export_people, import_people
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.closure import collect_award_files
from service.domain.errors import Invalid, NotAllowed
from service.domain.spreadsheets.import_report import ImportReport, LineOutcome
from service.sdk import operations
from service.store import Store
from tests.support.browsers import PASSWORD, Browser, give_password
from tests.support.desks import Bench
from tests.support.officers import officer
from tests.support.review import ROOT
from tests.support.tree import project_tree

from .conftest import keep_receipt

KEY = "yining/quality_award"
HERS, HIS, FIRM = "65410119850607123X", "654101198506071248", "91350100M000100Y43"
ALSO_CODE = "362322198709086409"
"""An identity number that has the check sign of a credit code, as one in 31 has."""
PAST = ["组织名称", "统一社会信用代码", "主体类型", "奖项类别", "届次", "授奖日期"]
SEASON = ROOT / "processes" / KEY / "scenarios" / "barred.yaml"
"""Begins with a call; only that far is played here."""


@cache
def city() -> Package:
    return Package.from_files(collect_award_files(project_tree(), "yining", "quality_award"), operations())


@pytest.fixture
def town(sqlite_store: Store) -> PlayState:
    """A round of the city that awards individuals too."""
    calendars = load_calendars(bundled_calendars())
    scenario = read_scenario(SEASON.read_bytes(), SEASON.name)
    stage = open_stage(sqlite_store, city(), scenario, calendars, operations())
    for move in scenario.moves:
        assert play_move(stage, move) == []
        if move.value == "publish_call":
            return stage
    raise AssertionError("the season has no call")


def won(name: str, code: str, kind: str = "个人", number: str = "第零届") -> list[str]:
    return [name, code, kind, "政府质量提名奖", number, "2022-12-30"]


def test_a_past_winner_is_registered_by_identity_number_which_nobody_reads(town: PlayState) -> None:
    office = town.cast.actor("office")
    report = import_awards(town.desk, office, KEY, [PAST, won("努尔江", HERS)], commit=True)
    (line,) = report.lines
    assert (line.outcome, line.reason.zh) == (LineOutcome.TAKEN, "新登记的个人（身份号码654****123X）")
    with town.desk.store.read() as tx:
        body = tx.bodies.find(jurisdiction="*", key=HERS)
    assert body is not None
    assert (body.kind, body.name) == ("individual", "努尔江")
    _, _, (row,) = export_awards(town.desk, Actor(None, ""), KEY)
    assert row[:3] == ["努尔江", "654****123X", "个人"]
    _, _, (kept,) = export_awards(town.desk, office, KEY)
    assert kept[1] == HERS, "the office that keeps the list reads it whole"


def test_a_name_alone_registers_nobody_and_the_same_name_asks(town: PlayState) -> None:
    office = town.cast.actor("office")
    rows = [
        PAST,
        won("努尔江", HERS),
        won("努尔江", HIS, number="第二届"),
        won("阿依古丽", ""),
        won("努尔江", "", number="第三届"),
    ]
    report = import_awards(town.desk, office, KEY, rows, commit=True)
    assert [line.outcome for line in report.lines] == [
        LineOutcome.TAKEN,
        LineOutcome.DOUBTFUL,
        LineOutcome.REFUSED,
        LineOutcome.DOUBTFUL,
    ]
    assert "是否同一人" in report.lines[1].reason.zh
    assert HERS not in str(report.lines), "nor does the report tell the number"
    again = import_awards(town.desk, office, KEY, rows, {3: "new"}, commit=True)
    assert [line.outcome for line in again.lines][:2] == [LineOutcome.KNOWN, LineOutcome.TAKEN]
    (doubt,) = list_doubts(town.desk, office).doubts
    assert {doubt.one[2], doubt.other[2]} == {"654****123X", "654****1248"}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (won("努尔江", HERS[:-1] + "1"), "校验位"),
        (won("努尔江", HERS, ""), "这是公民身份号码"),
        (won("努尔江", ALSO_CODE, ""), "这是公民身份号码"),
        (won("甲厂", FIRM), "公民身份号码"),
        (won("努尔江", HERS, "单位"), "主体类型"),
    ],
)
def test_a_wrong_number_is_refused_and_not_repeated(town: PlayState, line: list[str], why: str) -> None:
    (said,) = import_awards(town.desk, town.cast.actor("office"), KEY, [PAST, line], commit=True).lines
    assert said.outcome is LineOutcome.REFUSED
    assert why in said.reason.zh
    assert line[1] not in said.reason.zh


def test_an_individual_applies_by_list_and_is_masked_but_for_the_office(town: PlayState) -> None:
    office, here = town.cast.actor("office"), town.case("届")
    heads = [c.title.zh for c in columns_of(town.desk, office, here)]
    assert heads[:3] == ["申报组织", "统一社会信用代码", "主体类型"]
    kept = keep_receipt(town, here, "candidacy")
    who = ["政府质量提名奖（组织或者个人）", "纸质材料（办公室补录）", "2026-03-02", "是"]
    rows = [heads, ["努尔江", HERS, "个人", *who], ["阿依古丽", HIS, "", *who], ["甲厂", FIRM, "组织", *who]]
    rows.append(["乙厂", ALSO_CODE, "组织", *who])
    report = import_applicants(town.desk, office, here, rows, kept, commit=True)
    assert [line.outcome for line in report.lines] == [LineOutcome.TAKEN, LineOutcome.REFUSED] * 2, report.lines
    assert "登记个人（身份号码654****123X）" in report.lines[0].reason.zh
    assert all("主体类型请填“个人”" in report.lines[place].reason.zh for place in (1, 3))
    assert import_applicants(town.desk, office, here, rows, kept, commit=True).lines[0].outcome is LineOutcome.KNOWN
    watching = Actor(None, "督", (Seat("yining", "supervisor", 0, "", "", "supervisor"),))
    assert {row[1] for row in export_applicants(town.desk, watching, here).rows} == {"654****123X", FIRM}
    assert {(row[1], row[2]) for row in export_applicants(town.desk, office, here).rows} == {
        (HERS, "个人"),
        (FIRM, "组织"),
    }


# People by spreadsheet: accounts without passwords, roles added, nothing taken that an administrator may not do.

HEAD = [c.title.zh for c in COLUMNS]


def brought(bench: Bench, *lines: list[str], commit: bool = True) -> ImportReport:
    return import_people(bench.desk, bench.admin, [HEAD, *lines], commit=commit)


def said(report: ImportReport) -> list[tuple[str, str]]:
    return [(line.outcome.value.zh, line.reason.zh) for line in report.lines]


def office_of(bench: Bench) -> list[str]:
    """Return jurisdiction, role and body as the export names them."""
    _, _, lines = export_people(bench.desk, bench.admin, "office")
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


def test_a_table_with_passwords_is_refused_as_a_whole(bench: Bench) -> None:
    with pytest.raises(Invalid, match="密码不写入表格"):
        import_people(bench.desk, bench.admin, [[*HEAD, "初始密码"], ["a.b.c", "甲"]], commit=True)


def test_only_administrators_bring_people_in_and_out(bench: Bench, app: Flask) -> None:
    with pytest.raises(NotAllowed):
        import_people(bench.desk, bench.office, [HEAD])
    office, admin = Browser(app, bench, "office"), Browser(app, bench, "admin")
    assert office.get("/people?format=xlsx").status_code == office.get("/lists/people").status_code == 403
    assert admin.get("/people?q=office&format=xlsx").status_code == 200
    assert "表格不得有密码" in admin.get("/lists/people").text


def test_of_two_administrators_the_report_says_what_waits_for_the_other(bench: Bench) -> None:
    system = officer(bench, SYSTEM_ADMINISTRATOR)
    held = office_of(bench)
    lines = [["zhao.min", "赵敏", *held, "", ""], ["stranger", "stranger", *held, "", ""]]
    report = import_people(bench.desk, system, [HEAD, *lines], commit=True)
    assert [one[1] for one in said(report)] == ["开通账号，角色已提请，待批", "更新：添加角色（已提请，待批）"]


def test_bad_address_and_two_names_of_one_login_are_refused(bench: Bench) -> None:
    office = office_of(bench)
    found = said(brought(bench, ["a.b.c", "甲", *office, "a@", ""], ["d.e.f", "丁", *office, "", ""],
                         ["d.e.f", "戊", *office, "", ""]))  # fmt: skip
    assert [outcome for outcome, _ in found] == ["不导入", "导入", "不导入"]
    assert "不是邮箱地址" in found[0][1]
    assert "与第3行相同，姓名不同" in found[2][1]


def test_what_of_a_person_is_changed_and_not_read_is_named(bench: Bench) -> None:
    _, columns, rows = export_people(bench.desk, bench.admin, "office")
    table = [[c.title.zh for c in columns], [str(cell) for cell in rows[0]]]
    assert said(import_people(bench.desk, bench.admin, table)) == [("已有记录", "与现有记录相同。")]
    changed = [table[0], [*table[1][:-1], "停用"]]
    [(outcome, reason)] = said(import_people(bench.desk, bench.admin, changed))
    assert (outcome, reason.endswith("没有改：账号状态。")) == ("改动不读取", True), reason
    alone = [table[0], [*table[1][:2], "别处", "", "", *table[1][5:]]]
    [(outcome, reason)] = said(import_people(bench.desk, bench.admin, alone))
    assert (outcome, reason.endswith("没有改：辖区。")) == ("改动不读取", True), reason


def test_a_login_in_capitals_is_the_same_person(bench: Bench) -> None:
    office = office_of(bench)
    found = said(brought(bench, ["Office", "office", *office, "", ""], ["New.A", "甲", *office, "", ""],
                         ["new.a", "甲", *office, "", ""], ["NEW.A", "乙", *office, "", ""]))  # fmt: skip
    assert [outcome for outcome, _ in found] == ["已有记录", "导入", "已有记录", "不导入"]
    give_password(bench, "office")
    assert sign_in(bench.desk, "OFFICE", PASSWORD, 12)
    with bench.desk.store.read() as tx:
        assert tx.people.by_logins(["NEW.a"])["NEW.a"] == tx.people.by_login("new.A")
