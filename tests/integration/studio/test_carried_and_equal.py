"""The assistants of places carried over, equal points and suspensions: shown first, checked, each season needs what they draw."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.steps import CityStep
from service.domain.errors import Invalid
from tests.integration.studio.test_appeals_and_ties import needed, real_city
from tests.integration.studio.test_categories_of_a_place import errors
from tests.integration.studio.test_drawn_clauses import AUTHORITY, KEY, OUTLINE, SEASON, tree
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import Lakeside

KEPT = ("parameters.yaml", "/scenarios/")
OF_UNITS = TypedAssistance(
    AssistKind.CARRIED,
    "LN-2",
    "most_carried_places",
    "",
    "count",
    "2",
    "maximum",
    scenario=SEASON,
    answers={"of": "recommendation"},
)
OF_AWARD = replace(OF_UNITS, answers={"of": "award"})
EQUAL = TypedAssistance(AssistKind.POINTS_TIE, "LN-2", "", scenario=SEASON, answers={"first": "older"})
HALTED = TypedAssistance(AssistKind.SUSPENSION, "LN-2", "", scenario=SEASON, answers={"voted": "left_out"})


def asked(town: Lakeside, draft: int, text: str) -> str:
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    return Browser(make_app(town), town, "designer").get(f"/studio/drafts/{draft}/clauses/LN-2/assist").text


def test_recommendations_that_were_not_used_are_carried_to_the_next_round(town: Lakeside) -> None:
    unit = replace(AUTHORITY.recommenders[0], places=1)
    draft = start_city(town.desk, town.designer, replace(AUTHORITY, recommenders=(unit,)))
    page = asked(town, draft, "某县未用完的推荐名额，可以结转到下一届，但结转数不得超过两个。")
    assert '<option value="recommendation" selected>' in page
    assert 'value="2"' in page
    assert "data-by-hand" not in page
    needed(town, draft, town.designer, KEY, OF_UNITS, KEPT)
    assert errors(town, draft) == []


def test_places_that_stayed_vacant_are_carried_to_the_next_round(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    page = asked(town, draft, "奖项空缺的名额可以结转至下一届，结转不超过2个。")
    assert '<option value="award" selected>' in page
    needed(town, draft, town.designer, KEY, OF_AWARD, KEPT)
    assert errors(town, draft) == []


def test_a_real_city_counts_what_the_last_round_left(town: Lakeside) -> None:
    draft, designer, key, clause = real_city(town, "kizilsu")
    season = f"processes/{key}/scenarios/clean.yaml"
    before = check_draft(town.desk, designer, draft).problems
    typed = replace(OF_AWARD, clause=clause, bound="", scenario=season)
    needed(town, draft, designer, key, typed, KEPT)
    assert [p.message.zh for p in check_draft(town.desk, designer, draft).problems if p not in before] == []


def test_of_two_with_as_many_points_the_older_comes_first(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.SCORING, CityStep.RANKING)))
    page = asked(town, draft, "得分相同的，成立时间较早的优先。")
    assert '<option value="older" selected>' in page
    after, _, _ = needed(town, draft, town.designer, KEY, EQUAL, KEPT)
    assert errors(town, draft) == []
    assert after.package.award.parameters["points_tie"].source.value == "stated"


def test_where_nothing_is_ranked_no_equals_are_parted(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    with pytest.raises(Invalid, match="还没有按得分排名"):
        propose_assistance(town.desk, town.designer, draft, EQUAL)


def test_a_real_city_ranks_the_older_of_equals_first(town: Lakeside) -> None:
    draft, designer, key, clause = real_city(town, "yining")
    season = f"processes/{key}/scenarios/chair_decides.yaml"
    before = check_draft(town.desk, designer, draft).problems
    needed(town, draft, designer, key, replace(EQUAL, clause=clause, scenario=season), KEPT)
    assert [p.message.zh for p in check_draft(town.desk, designer, draft).problems if p not in before] == []


def test_applications_that_are_over_cannot_be_suspended(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    with pytest.raises(Invalid, match="先用助手“异议期限”画上异议"):
        propose_assistance(town.desk, town.designer, draft, HALTED)


def test_who_is_suspended_is_not_put_to_the_vote(town: Lakeside) -> None:
    """An authority that may recommend one alone may recommend another in the season."""
    unit, steps = replace(AUTHORITY.recommenders[0], places=1), (CityStep.RECOMMENDATION, CityStep.OBJECTION)
    draft = start_city(town.desk, town.designer, replace(AUTHORITY, recommenders=(unit,), steps=steps))
    page = asked(town, draft, "与获奖资格有关的诉讼正在进行的，有关组织的评选程序中止；中止事由消除后，评选程序恢复。")
    assert '<option value="left_out" selected>' in page
    assert "data-by-hand" not in page
    needed(town, draft, town.designer, KEY, HALTED, KEPT)
    assert errors(town, draft) == []


def test_equal_votes_and_a_suspension_stand_in_one_formula(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.OBJECTION,)))
    tied = TypedAssistance(AssistKind.TIE, "LN-2", "", answers={"order": "older"})
    for typed in (tied, replace(HALTED, scenario=""), replace(tied, answers={"order": "chair"})):
        write_assistance(town.desk, town.designer, draft, typed)
    agenda = tree(town, draft).package.element("lanshan_round", "set_agenda").operation
    assert agenda is not None
    assert "suspended_at_vote" in agenda.parameters["values"]
    assert "founded_on" not in agenda.parameters["values"]
    assert errors(town, draft) == []


def test_a_real_city_leaves_out_who_is_suspended(town: Lakeside) -> None:
    draft, designer, key, clause = real_city(town, "yining")
    season = f"processes/{key}/scenarios/chair_decides.yaml"
    before = check_draft(town.desk, designer, draft).problems
    needed(town, draft, designer, key, replace(HALTED, clause=clause, scenario=season), KEPT)
    assert [p.message.zh for p in check_draft(town.desk, designer, draft).problems if p not in before] == []
