"""Individuals in lists: registered by their identity number, never by a name alone, shown masked."""

from __future__ import annotations

from functools import cache

import pytest

from service.casework.access.actor import Actor, Seat
from service.casework.register.confirm_same import list_doubts
from service.casework.register.import_awards import import_awards
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.casework.spreadsheets.awards import export_awards
from service.casework.spreadsheets.export_applicants import export_applicants
from service.casework.spreadsheets.import_applicants import columns_of, import_applicants
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.closure import closure
from service.domain.spreadsheets.import_report import LineOutcome
from service.sdk import operations
from service.store import Store
from tests.support.review import ROOT
from tests.support.tree import project_tree

KEY = "yining/quality_award"
HERS, HIS, FIRM = "65410119850607123X", "654101198506071248", "91350100M000100Y43"
PAST = ["组织名称", "统一社会信用代码", "主体类型", "奖项类别", "届次", "授奖日期"]
SEASON = ROOT / "processes" / KEY / "scenarios" / "barred.yaml"
"""Begins with a call; only that far is played here."""


@cache
def city() -> Package:
    return Package.from_files(closure(project_tree(), "yining", "quality_award"), operations())


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
        body = tx.people.body_by_key("*", HERS)
    assert body is not None
    assert (body.kind, body.name) == ("individual", "努尔江")
    _, (row,) = export_awards(town.desk, Actor(None, ""), KEY)
    assert row[:3] == ["努尔江", "654****123X", "个人"]
    _, (kept,) = export_awards(town.desk, office, KEY)
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


def test_a_look_at_the_list_tells_what_its_import_does_of_a_line_that_stands_twice(town: PlayState) -> None:
    office, rows = town.cast.actor("office"), [PAST, won("努尔江", HERS), won("努尔江", HERS)]
    look = import_awards(town.desk, office, KEY, rows)
    done = import_awards(town.desk, office, KEY, rows, commit=True)
    for report in (look, done):
        assert [line.outcome for line in report.lines] == [LineOutcome.TAKEN, LineOutcome.KNOWN]
    assert "第2行" in look.lines[1].reason.zh


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (won("努尔江", HERS[:-1] + "1"), "校验位"),
        (won("努尔江", HERS, ""), "这是公民身份号码"),
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
    who = ["政府质量提名奖（组织或者个人）", "网上申报", "", "是"]
    rows = [heads, ["努尔江", HERS, "个人", *who], ["阿依古丽", HIS, "", *who], ["甲厂", FIRM, "组织", *who]]
    report = import_applicants(town.desk, office, here, rows, commit=True)
    assert [line.outcome for line in report.lines] == [LineOutcome.TAKEN, LineOutcome.REFUSED, LineOutcome.TAKEN], (
        report.lines
    )
    assert "登记个人（身份号码654****123X）" in report.lines[0].reason.zh
    assert "请在“主体类型”列填写“个人”" in report.lines[1].reason.zh
    assert import_applicants(town.desk, office, here, rows, commit=True).lines[0].outcome is LineOutcome.KNOWN
    watching = Actor(None, "督", (Seat("yining", "supervisor", 0, "", "", "supervisor"),))
    assert {row[1] for row in export_applicants(town.desk, watching, here)[1]} == {"654****123X", FIRM}
    assert {(row[1], row[2]) for row in export_applicants(town.desk, office, here)[1]} == {
        (HERS, "个人"),
        (FIRM, "组织"),
    }
