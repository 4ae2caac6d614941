"""A place whose awards are categories: one applies for one of them and is voted on there; its notice may count all days."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.change_clause import change_clause
from service.casework.studio.law.read_clause import read_clause_text
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog import Basis, Unit
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.steps import CityStep
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import AWARD, DRAWN, OUTLINE, SEASON, played, tree
from tests.support.lakeside import Lakeside

STEPS = (CityStep.SCORING, CityStep.CATEGORIES)


def errors(town: Lakeside, draft: int) -> list[str]:
    found = check_draft(town.desk, town.designer, draft).problems
    return [p.message.zh for p in found if p.severity.name == "ERROR" and p.rule != "uncovered_clause"]


@pytest.mark.parametrize("names", [(), ("prize_of_a_tier", "correction"), ("objection", "quota", "revocation")])
def test_what_assistants_draw_keeps_to_the_categories(town: Lakeside, names: tuple[str, ...]) -> None:
    outline = replace(OUTLINE, steps=STEPS, calendar_notice=True, notice_days=7)
    draft = start_city(town.desk, town.designer, outline)
    for name in names:
        tier = "tier_2" if name == "prize_of_a_tier" else ""
        write_assistance(town.desk, town.designer, draft, replace(DRAWN[name], tier=tier, scenario=SEASON))
    assert errors(town, draft) == []
    after = tree(town, draft)
    seasons = [path for path in after.filled if path.startswith(f"{AWARD}/scenarios/")]
    assert len(seasons) == 1 + len(names)
    for path in seasons:
        assert [unmet.message.zh for unmet in played(town, after.package, after.filled, path).unmet] == [], path


def test_who_applies_for_the_second_category_wins_there_although_the_first_is_free(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=(CityStep.CATEGORIES,)))
    after = tree(town, draft)
    season = after.filled[SEASON].decode()
    assert season.count("category: tier_1") == 2
    second = season.replace("category: tier_1", "category: tier_2", 1).replace("award: tier_1", "award: tier_2")
    assert played(town, after.package, {**after.filled, SEASON: second.encode()}, SEASON).unmet == ()
    ranks = tree(town, start_city(town.desk, town.designer, replace(OUTLINE, id="ranks", name="兰陵县")))
    assert b"category" not in ranks.filled["processes/ranks/quality_award/forms/apply.json"]


def test_the_notice_counts_all_days_and_what_the_text_does_not_give_is_marked(town: Lakeside) -> None:
    said = replace(OUTLINE.clauses[0], text="拟奖名单公示7日。")
    notice_of = {"clauses": (said, *OUTLINE.clauses[1:]), "calendar_notice": True, "notice_days": 7}
    outline = replace(OUTLINE, **notice_of, unsaid=frozenset({"vote_days"}))
    package = tree(town, start_city(town.desk, town.designer, outline)).package
    notice, vote = (package.award.parameters[name] for name in ("winners_notice_calendar_days", "ballot_working_days"))
    assert (notice.unit, notice.values[-1].value, notice.source) == (Unit.CALENDAR_DAYS, 7, Basis.STATED)
    assert vote.source is Basis.DEFAULT
    draft = package.element("lanshan_round", "draft_winners").operation
    assert draft is not None
    assert "calendar_days" in draft.parameters
    assert "working_days" not in draft.parameters


def test_each_category_may_have_a_score_of_its_own(town: Lakeside) -> None:
    """“600分的列为质量奖候选，500分的列为提名奖候选”: read apart, drawn apart, each with a season that shows it."""
    draft = start_city(town.desk, town.designer, replace(OUTLINE, steps=STEPS))
    text = "综合得分达到600分的，列为质量奖候选组织；达到500分的，列为提名奖候选组织。"
    change_clause(town.desk, town.designer, draft, "LN-2", {"text": text})
    read = read_clause_text(town.desk, town.designer, draft, "LN-2", AssistKind.CUT_OFF)
    assert [(one.id, one.words) for one in read.tiers] == [("tier_1", "600分"), ("tier_2", "500分")]
    of_tier = TypedAssistance(
        AssistKind.CUT_OFF, "LN-2", "", "入围线", "points", bound="minimum", scenario=SEASON, answers={"before": "vote"}
    )
    for tier, points in (("tier_1", "600"), ("tier_2", "500")):
        typed = replace(of_tier, name=f"{tier}入围线", tier=tier, value=points)
        assert points in propose_assistance(town.desk, town.designer, draft, typed).expectation
        write_assistance(town.desk, town.designer, draft, typed)
    after = tree(town, draft)
    ranked = after.package.element("lanshan_round", "rank_candidates").operation
    assert ranked is not None
    assert ranked.parameters["cut_off"].startswith("{tier_1: param.tier_1_")
    assert ", tier_2: param.tier_2_" in ranked.parameters["cut_off"]
    assert ranked.parameters["group"] == '"child.category"'
    assert errors(town, draft) == []
    for path in [path for path in after.filled if path.startswith(f"{AWARD}/scenarios/")]:
        assert [unmet.message.zh for unmet in played(town, after.package, after.filled, path).unmet] == [], path
    with pytest.raises(Invalid, match="条文给每个奖项各写了数"):
        propose_assistance(town.desk, town.designer, draft, replace(of_tier, name="共同的", value="550"))
