"""Numbers of a place begun from blank: each cites the clause that says it, with the bound that its words draw."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from service.catalog.law.law import Clause
from service.catalog.new_city.blank import blank_city
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.steps import CityStep
from service.catalog.settings.periods import PhaseDays
from service.catalog.source.formatting import load_yaml

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
    {"conditions": ("LN-2",), "acceptance": ("LN-3",), "vote": ("LN-1", "LN-4"), "notice": ("LN-4", "LN-5"), "scoring": ("LN-6",),
     "objection": ("LN-7",)},
    steps=(CityStep.SCORING, CityStep.OBJECTION), objection_phases={"reply": PhaseDays(15)}, objection_from="receipt", reviewers=5,
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
