"""Numbers of a place begun from blank: each cites the clause that says it, with the bound that its words draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.catalog import Basis, Parameter, Unit, load_catalog
from service.catalog.clause_kinds.phase_days import PhaseDays
from service.catalog.law.law import Clause
from service.catalog.new_city.blank import blank_city
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.site import Recommender
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameters import DatedValue
from service.catalog.settings.settings import why_unlawful
from service.catalog.source.format_yaml import load_yaml
from service.catalog.source.freeze import freeze
from service.domain.errors import Invalid
from service.domain.text import Text

TEXTS = (
    "质量奖每届不超过5个，提名奖不超过10个。",
    "申报组织应当符合下列条件：成立满三年。",
    "办公室自收到之日起10个工作日内决定是否受理。",
    "评审委员会投票表决。",
    "拟奖名单公示5个工作日。",
    "评审组由不少于5名评审专家组成。",
    "自收到异议之日起15个工作日内答复。",
)
OUTLINE = CityOutline(
    "lanshan", "兰山县", "", "cn", "兰山县质量奖", "兰山县质量奖管理办法", date(2026, 1, 1), "县市场监管局", "评审委员会",
    (OutlinedTier("tier_1", "质量奖", 5), OutlinedTier("tier_2", "提名奖", 10)),
    tuple(Clause(f"LN-{n}", f"第{n}条", "other", text, None, None) for n, text in enumerate(TEXTS, 1)),
    {"conditions": ("LN-2",), "acceptance": ("LN-3",), "vote": ("LN-4",), "notice": ("LN-4", "LN-5"), "scoring": ("LN-6",),
     "objection": ("LN-7",)},
    steps=(CityStep.SCORING, CityStep.OBJECTION), objection_days=15, reviewers=5,
)  # fmt: skip


def entries(outline: CityOutline) -> Any:
    path = "processes/lanshan/quality_award/parameters.yaml"
    return load_yaml(blank_city(outline)[path].decode())["parameters"]


def test_each_number_cites_the_clause_that_says_it_with_its_bound() -> None:
    found = entries(OUTLINE)
    told = {
        name: (list(row["clauses"]), row.get("minimum"), row.get("maximum"))
        for name, row in found.items()
        if row["source"] == "stated"
    }
    assert told == {
        "min_operating_years": (["LN-2"], 3, None),
        "acceptance_working_days": (["LN-3"], None, 10),
        "award_places": (["LN-1"], None, None),
        "winners_notice_working_days": (["LN-5"], 5, None),
        "reviewers": (["LN-6"], 5, None),
        "objection_reply_working_days": (["LN-7"], None, 15),
        "objection_reply_from": (["LN-7"], None, None),
    }
    elsewhere = entries(replace(OUTLINE, cited={**OUTLINE.cited, "acceptance": ("LN-4",)}))
    assert "maximum" not in elsewhere["acceptance_working_days"], (
        "a clause that the step does not cite is no bound of it"
    )


@pytest.mark.parametrize(
    ("number", "value", "told"),
    [
        ("acceptance_days", 20, "第3条写的是“10个工作日”"),
        ("founded_years", 1, "第2条写的是“三年”"),
        ("reviewers", 3, "第6条写的是“5名”"),
        ("objection_days", 60, "第7条写的是“15个工作日”"),
    ],
)
def test_a_number_beyond_the_words_is_refused_with_the_article(number: str, value: int, told: str) -> None:
    with pytest.raises(Invalid, match=told):
        blank_city(replace(OUTLINE, **{number: value}))


def test_more_places_than_the_clause_gives_a_tier_are_refused() -> None:
    package = load_catalog(Path(__file__).parents[2] / "data" / "miniature").package("lakeside/star_award")
    tier = package.award.tiers[0]
    clause = Clause("LS-99", "第九十九条", "quota", f"{tier.name}每届不超过3个。", None, None)
    law = replace(package.law, clauses={**package.law.clauses, "LS-99": clause})
    package = replace(package, parts=replace(package.parts, law=law))
    dated = (DatedValue(date(2026, 1, 1), freeze([{"tier": tier.id, "places": 3}])),)
    places = Parameter("award_places", Text("名额", "Places"), Unit.TABLE, Basis.STATED, ("LS-99",), dated)
    refusal = why_unlawful(package, places, [{"tier": tier.id, "places": 9}])
    assert refusal is not None
    assert "第九十九条写明不超过3个" in refusal.zh
    assert why_unlawful(package, places, [{"tier": tier.id, "places": 2}]) is None


def test_each_phase_of_an_objection_has_the_limit_of_its_own_sentence() -> None:
    texts = (
        *TEXTS[:6],
        "收到异议后2个工作日内决定是否受理；受理后10个工作日内核查。对异议自受理之日起15个工作日内书面答复。",
    )
    clauses = tuple(Clause(f"LN-{n}", f"第{n}条", "other", text, None, None) for n, text in enumerate(texts, 1))
    outline = replace(OUTLINE, clauses=clauses, objection_days=6, objection_phases={"reply": PhaseDays(15)})
    found = entries(outline)
    told = {
        phase: (row["value"], row["source"], row.get("maximum"))
        for phase in ("acceptance", "investigation", "finding", "reply")
        for row in [found[f"objection_{phase}_working_days"]]
    }
    assert told == {
        "acceptance": (2, "stated", 2),
        "investigation": (10, "stated", 10),
        "finding": (6, "default", None),
        "reply": (15, "stated", 15),
    }
    with pytest.raises(Invalid, match="10个工作日"):
        blank_city(replace(outline, objection_phases={"investigation": PhaseDays(11)}))


def test_of_whom_votes_are_a_share_and_whether_they_are_secret_is_the_laws_word_or_the_places() -> None:
    texts = (*TEXTS[:3], "评审委员会以无记名投票方式表决，过半数的当选。", *TEXTS[4:])
    clauses = tuple(Clause(f"LN-{n}", f"第{n}条", "other", text, None, None) for n, text in enumerate(texts, 1))
    rules = {"base": "members_on_roll", "secret": "true"}
    found = entries(replace(OUTLINE, clauses=clauses, vote_rules=rules))
    assert (found["vote_threshold_base"]["value"], found["vote_threshold_base"]["source"]) == (
        "members_on_roll",
        "default",
    )
    assert (found["secret_ballot"]["value"], found["secret_ballot"]["source"]) == (True, "stated")
    assert "secret_ballot" not in entries(OUTLINE), "nobody was asked"


def test_a_number_that_no_cited_clause_has_is_the_places_own() -> None:
    """“投票表决” gives no days to vote: what somebody entered is no word of the regulation."""
    found = entries(OUTLINE)
    assert (found["ballot_working_days"]["source"], list(found["ballot_working_days"]["clauses"])) == ("default", [])
    fourth = Clause("LN-4", "第4条", "other", "评审委员会在5个工作日内投票表决。", None, None)
    said = replace(OUTLINE, clauses=(*OUTLINE.clauses[:3], fourth, *OUTLINE.clauses[4:]))
    assert entries(said)["ballot_working_days"]["source"] == "stated"


def test_the_places_of_those_who_recommend_are_stated_where_a_clause_gives_them() -> None:
    clause = Clause("LN-8", "第8条", "other", "由县区质监部门审核推荐，每个县区推荐不超过3个。", None, None)
    outline = replace(
        OUTLINE, clauses=(*OUTLINE.clauses, clause), cited={**OUTLINE.cited, "recommendation": ("LN-8",)},
        steps=(CityStep.RECOMMENDATION,), recommenders=(Recommender("r1", "甲局", 3), Recommender("r2", "乙局", 3)),
    )  # fmt: skip
    row = entries(outline)["recommendation_places"]
    assert (row["source"], list(row["clauses"])) == ("stated", ["LN-8"])
    fewer = replace(outline, recommenders=(Recommender("r1", "甲局", 3), Recommender("r2", "乙局", 2)))
    assert entries(fewer)["recommendation_places"]["source"] == "default"


def test_days_of_all_of_an_objection_are_read_as_they_stand_and_kept_by_their_own_parameter() -> None:
    """“15日内完成调查核实”, “自收到异议之日起30日内办结”: no working days are made of them."""
    text = "自收到异议之日起5个工作日内决定是否受理；决定受理的，应当在15日内完成调查核实。自收到异议之日起30日内办结。"
    clauses = (*OUTLINE.clauses[:6], Clause("LN-7", "第七条", "objection", text, None, None))
    outline = replace(OUTLINE, clauses=clauses, objection_phases={"reply": PhaseDays(30, Unit.CALENDAR_DAYS)})
    outline = replace(outline, objection_days=5, unsaid=frozenset({"objection_days"}))
    found = {name: row for name, row in entries(outline).items() if name.startswith("objection_")}
    days = {name: (row["source"], row.get("maximum"), row["value"]) for name, row in found.items() if "_days" in name}
    assert days == {
        "objection_acceptance_working_days": ("stated", 5, 5),
        "objection_completion_working_days": ("default", None, 5),
        "objection_forward_working_days": ("default", None, None),
        "objection_investigation_calendar_days": ("stated", 15, 15),
        "objection_finding_calendar_days": ("default", None, 30),
        "objection_reply_calendar_days": ("stated", 30, 30),
    }
    counted = {name: row["value"] for name, row in found.items() if name.endswith("_from")}
    assert counted == {
        "objection_investigation_from": "step",
        "objection_finding_from": "receipt",
        "objection_reply_from": "receipt",
    }
    with pytest.raises(Invalid, match="第七条写的是“30日”，这里不能填30个工作日：请改成30日"):
        blank_city(replace(outline, objection_phases={"reply": PhaseDays(30)}))
