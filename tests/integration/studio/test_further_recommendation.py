"""A second level of recommendation (县→州) is drawn behind the first, with its time, its places and its letter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog.assistants.clause_reading import read_clause
from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.coverage.matrix import ClauseStatus, matrix
from service.catalog.new_city.site import Recommender
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameter_entries import set_value
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import AWARD, KEY, OUTLINE, SEASON, fails, grown, played, tree
from tests.support.lakeside import Lakeside

TEXT = "县级推荐的材料，由自治州市场监督管理局在7个工作日内复核后推荐，推荐不超过1个。"
CITY = replace(
    OUTLINE,
    clauses=(OUTLINE.clauses[0], replace(OUTLINE.clauses[1], summary=TEXT)),
    steps=(CityStep.RECOMMENDATION, CityStep.WITHDRAWAL),
    recommenders=(Recommender("recommender_1", "东县局"), Recommender("recommender_2", "西县局")),
)
FURTHER = TypedAssistance(
    AssistKind.FURTHER_RECOMMENDATION, "LN-2", "further_recommendation_working_days", "上一级审核推荐期限",
    "working_days", "7", "maximum", answers={"authority": "自治州市场监督管理局", "places": ""}, scenario=SEASON,
)  # fmt: skip


def test_the_words_of_two_levels_are_read() -> None:
    assert suggested_kind("procedure", TEXT) is AssistKind.FURTHER_RECOMMENDATION
    assert dict(read_clause(AssistKind.FURTHER_RECOMMENDATION, TEXT).fields) == {
        "value": "7",
        "unit": "working_days",
        "bound": "maximum",
        "authority": "自治州市场监督管理局",
        "places": "1",
    }


def test_what_the_first_level_recommends_the_second_judges(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, CITY)
    shown = propose_assistance(town.desk, town.designer, draft, FURTHER)
    assert shown.expectation, shown.remark
    write_assistance(town.desk, town.designer, draft, FURTHER)
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert [(p.file, p.element, p.message.zh) for p in errors] == []
    after = tree(town, draft)
    [line] = [line for line in matrix([after.package]).lines if line.clause.id == "LN-2"]
    assert line.status is ClauseStatus.CARRIED_OUT
    task = after.package.element("lanshan_application", "recommend_further")
    assert task.clauses == ("LN-2",)
    assert after.package.jurisdiction.bind("further_recommender") == "further_recommender"
    season = after.filled[SEASON].decode()
    assert "proves: [LN-2]" in season
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, SEASON).unmet] == []
    text = set_value(after.files[f"{AWARD}/parameters.yaml"].decode(), FURTHER.parameter, 1)
    other = grown(town.desk, KEY, after, {**after.files, f"{AWARD}/parameters.yaml": text.encode()})
    assert fails(town, other, SEASON), "the expectation sees the time limit"
    kept = season.partition("expect:")[0].splitlines()
    judged = next(n for n, row in enumerate(kept) if "recommend_further" in row)
    kept[judged] = kept[judged].replace("decision: recommend", "decision: refuse")
    letter = "document: not_recommended_further, contains: [经复核, 自治州市场监督管理局]"
    rows = ["expect:", "  - {case: 甲, outcome: not_recommended}", f"  - {{case: 甲, {letter}}}", ""]
    told = "\n".join([*kept[: judged + 1], *rows])
    done = played(town, after.package, {**after.filled, SEASON: told.encode()}, SEASON)
    assert [unmet.message.zh for unmet in done.unmet] == []


def test_a_first_level_is_added_later_and_the_second_behind_it(town: Lakeside) -> None:
    text = "申报材料由东县市场监管局、西县市场监管局在6个工作日内审核后推荐。"
    clauses = (CITY.clauses[0], replace(CITY.clauses[1], summary=text))
    bare = replace(CITY, steps=(CityStep.WITHDRAWAL,), recommenders=(), clauses=clauses)
    draft = start_city(town.desk, town.designer, bare)
    assert suggested_kind("procedure", text) is AssistKind.RECOMMENDATION
    read = dict(read_clause(AssistKind.RECOMMENDATION, text).fields)
    assert (read["value"], read["authorities"]) == ("6", "东县市场监管局、西县市场监管局")
    first = TypedAssistance(
        AssistKind.RECOMMENDATION, "LN-2", "", "审核推荐期限", "working_days", "6", "maximum",
        answers={"authorities": read["authorities"], "places": ""}, scenario=SEASON,
    )  # fmt: skip
    shown = propose_assistance(town.desk, town.designer, draft, first)
    assert shown.expectation, shown.remark
    assert [picture.name for picture in shown.pictures] == ["申报"]
    write_assistance(town.desk, town.designer, draft, first)
    write_assistance(town.desk, town.designer, draft, replace(FURTHER, value="6", scenario=""))
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert [(p.file, p.element, p.message.zh) for p in errors] == []
    after = tree(town, draft)
    assert after.package.element("lanshan_application", "recommend").clauses == ("LN-2",)
    assert [unmet.message.zh for unmet in played(town, after.package, after.filled, SEASON).unmet] == []


def test_its_places_are_counted_and_without_a_first_level_it_is_refused(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, CITY)
    write_assistance(town.desk, town.designer, draft, replace(FURTHER, answers={**FURTHER.answers, "places": "1"}))
    after = tree(town, draft)
    assert "推荐名额已经用完" in "".join(
        unmet.message.zh for unmet in played(town, after.package, after.filled, SEASON).unmet
    )
    bare = start_city(town.desk, town.designer, replace(CITY, id="lanling", name="兰陵县", steps=(), recommenders=()))
    with pytest.raises(Invalid, match="还没有第一级"):
        propose_assistance(town.desk, town.designer, bare, replace(FURTHER, scenario=""))
