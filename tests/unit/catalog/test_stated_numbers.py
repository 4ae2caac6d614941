"""Numbers of a place begun from blank: each cites the clause that says it, with the bound that its words draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.catalog import Basis, Parameter, Unit, load_catalog
from service.catalog.law.law import Clause
from service.catalog.new_city.blank import blank_city
from service.catalog.new_city.outline import CityOutline, OutlinedTier
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
