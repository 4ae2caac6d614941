"""The plan of a round: opened on its latest day a season ends in time, one working day later it does not; nothing but days is assumed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from types import SimpleNamespace

import pytest
from docx import Document

from service.casework.definitions.settings import change_setting
from service.casework.simulate import read_scenario
from service.casework.simulate.planning.plan_lines import PlanBasis, PlanLine
from service.casework.simulate.planning.plan_round import plan_file, plan_round
from service.casework.simulate.stage.stage import PlayState
from service.catalog import Package
from service.domain.calendar import CHINA, add_working_days
from service.domain.errors import Invalid, NotAllowed
from service.store import Store
from service.web import create_app
from tests.integration.web.test_why_it_ended import page
from tests.scenarios.playing import only_played
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season
from tests.support.passing import CALENDARS

WANTED = date(2026, 12, 18)


def stage_of(city: str, store: Store, scenario: str = "clean") -> PlayState:
    return season(f"{city}/quality_award", scenario, store, 1)


def last_day_from(package: Package, opens: date) -> str:
    """The day of the last event of the round in a season opened on ``opens``, played without the plan."""
    plan = read_scenario(package.files[package.plan_file], package.plan_file)
    played = only_played(package, replace(plan, start=datetime.combine(opens, time(9), CHINA)))
    assert played.passed, played.unmet
    return max(line.at for line in played.timeline if line.case == "届")[:10]


@pytest.mark.parametrize(
    ("city", "scenario", "opens", "called", "law"),
    [
        # October 2026: 1 to 7 off, 10 worked; the periods that the text states, with their last days
        ("kizilsu", "clean", "2026-06-03", "2026-06-03", ["2026-06-10", "2026-07-22", "2026-08-17", "2026-11-25"]),
        ("urumqi", "clean", "2026-06-24", "2026-06-24", ["2026-07-01", "2026-08-04", "2026-09-04", "2026-11-25"]),
        ("ganzhou", "clean", "2026-08-24", "2026-08-31", ["2026-11-25"]),
        ("yining", "whole_way", "2026-07-30", "2026-08-10", []),
        ("yining", "clean", "2026-07-31", "2026-08-11", []),  # experts are drawn: nobody takes a day to choose them
        ("qingyuan", "clean", "2026-07-28", "2026-08-04", ["2026-11-23"]),
    ],
)
def test_the_latest_day(
    city: str,
    scenario: str,
    opens: str,
    called: str,
    law: list[str],
    sqlite_url: str,
    open_store: Callable[[str], Store],
) -> None:
    stage = stage_of(city, open_store(sqlite_url), scenario)
    plan = plan_round(stage.desk, stage.cast.actor("office"), stage.package.key, "round", WANTED, {})
    assert (str(plan.season.opens), str(plan.season.called), plan.unpublished) == (opens, called, ())
    assert [str(line.last) for line in plan.season.lines if line.basis is PlanBasis.LAW] == law
    assert last_day_from(stage.package, plan.season.opens) <= str(WANTED)
    calendar = CALENDARS[stage.package.jurisdiction.calendar]
    assert last_day_from(stage.package, add_working_days(calendar, plan.season.opens, 1)) > str(WANTED)


def test_what_is_assumed_may_be_changed_and_what_a_limit_says_may_not(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = stage_of("ganzhou", open_store(sqlite_url))
    office, key = stage.cast.actor("office"), stage.package.key
    lines = plan_round(stage.desk, office, key, "round", WANTED, {}).season.lines
    decision, limited = line_of(lines, "审定名单"), line_of(lines, "报送申报材料")
    assert (decision.basis, decision.days, limited.basis) == (PlanBasis.ASSUMED, 10, PlanBasis.SETTING)
    longer = plan_round(stage.desk, office, key, "round", WANTED, {decision.step: 15, limited.step: 1})
    assert longer.season.opens == date(2026, 8, 17)  # five working days before 24 August
    late = plan_round(stage.desk, office, key, "round", date(2026, 4, 30), {})
    assert (late.is_late, late.season.opens) == (True, date(2026, 3, 2))
    with pytest.raises(Invalid, match="0至120"):
        plan_round(stage.desk, office, key, "round", WANTED, {decision.step: 121})
    with pytest.raises(Invalid, match="三年以内"):
        plan_round(stage.desk, office, key, "round", date(2030, 1, 1), {})
    with pytest.raises(NotAllowed):
        plan_round(stage.desk, stage.cast.actor("committee"), key, "round", WANTED, {})


def line_of(lines: tuple[PlanLine, ...], name: str) -> PlanLine:
    return next(line for line in lines if line.name.zh == name)


def test_its_page(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    stage = stage_of("ganzhou", open_store(sqlite_url))
    address = f"/start/{stage.package.key}/round"
    assert "倒排工期" in page(stage, "office", address)
    shown = page(stage, "office", f"{address}/plan?day=2027-09-30&d28=12")
    assert "2027年的放假安排还没有公布" in shown
    assert "2027年9月30日（周四） 颁发证书奖牌" in shown
    assert "法定 拟获奖名单公示期7日" in shown
    assert "施行日期还没有设定，暂按2026年1月1日推算。" in shown
    assert "请写成 2026-06-05 的样子" in page(stage, "office", f"{address}/plan?day=soon")
    people = SimpleNamespace(desk=stage.desk, people={"office": stage.cast.actor("office").person_id})
    office = Browser(create_app(stage.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]
    text = office.get(f"{address}/plan?day=2027-09-30").text
    (step, name), (other, _) = re.findall(r'name="(d\d+)" value="\d+"[^>]*aria-label="([^"]+)：', text)[:2]
    wrong = office.get(f"{address}/plan?day=2027-09-30&{step}=2.5&{other}=１２").text
    assert f"“{name}”的天数没有采用，请填0至120的整数" in wrong
    assert f'name="{step}" value="2.5"' in wrong
    assert f'name="{other}" value="12"' in wrong
    refused = office.get(f"{address}/plan?day=soon&d28=12").text
    assert '<input type="hidden" name="d28" value="12">' in refused
    paper = plan_file(stage.desk, stage.cast.actor("office"), stage.package.key, "round", WANTED, {}, "docx")
    rows = [[cell.text for cell in row.cells] for row in Document(paper.content).tables[0].rows]
    assert rows[0] == ["序号", "日期", "事项", "办理单位", "时间依据", "条款"]
    assert rows[-1][1:5] == ["2026年12月18日（周五）", "颁发证书奖牌", "评审委员会秘书处", "预计：5个工作日"]


def test_what_a_plan_cannot_follow_is_left_out_and_told(sqlite_url: str, open_store: Callable[[str], Store]) -> None:
    stage = stage_of("kizilsu", open_store(sqlite_url))
    admin, key = stage.cast.actor("administrator"), stage.package.key
    media = ["州日报", "州政府网站"]
    change_setting(stage.desk, admin, key, "winners_notice_media", media, date(2026, 3, 2), "会议决定")
    plan = plan_round(stage.desk, stage.cast.actor("office"), key, "round", WANTED, {})
    assert plan.season.opens == date(2026, 6, 3)
    assert "须另附公示凭证的媒体" in plan.reservations[-1].zh
