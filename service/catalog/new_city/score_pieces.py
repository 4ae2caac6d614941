"""What scores decide: a second stage of review, a ranking of all who were reviewed; and the announcement of the winners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.catalog.bpmn.model import Element
from service.catalog.new_city.application_slots import STAGE_NAMES
from service.catalog.new_city.group_places import limits_as_drawn, limits_text
from service.catalog.new_city.site import NewParameter, Site, StepPieces, as_said
from service.catalog.new_city.steps import RANKED
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.domain.errors import Invalid
from service.domain.text import Text

FIRST, SECOND, THIRD = "expert_review", "second_review", "third_review"
"""The stages of review."""
STAGE_KINDS = {"site": "现场评审", "defence": "陈述答辩"}
"""What a later stage of review may be."""
THIRD_WEIGHT = "third_review_weight"
"""The parameter of the weight of the third stage."""
_PERCENT = 100
_OF_CATEGORY = re.compile(r"(\w+): (\{share: [^}]*\}|param\.\w+)")
_SEVERAL = ("rank_candidates", "rank_first", "on_shortlist", "set_selection", "keep_placed", "set_group")
_READ = {
    "rank_candidates": {
        "rank_weights": "weights",
        "rank_cut_off": "cut_off",
        "rank_places": "places",
        "rank_group": "group",
    },
    "rank_first": {"first_cut_off": "cut_off", "first_places": "places", "first_tie": "tie"},
}
"""By which parameter of which element each slot of a ranking is read again."""


def by_category(package: Package) -> bool:
    """Tell whether one applies for one of the tiers."""
    apply = package.award.processes.get("application")
    return apply is not None and "category" in apply.facts


def cut_by(package: Package, unit: Unit, parameter: str, tier: str = "") -> dict[str, str]:
    """Return the slots of a cut-off: so many points, a share of the full marks, or so many places.

    ``tier`` is the category for which alone it holds; nothing is drawn anew where the limits of categories keep to the
    parameter already. Raises Invalid where nobody applies for a category, or one limit of all is in the way of their own.
    """
    slot = "rank_places" if unit is Unit.COUNT else "rank_cut_off"
    limit = f"{{share: param.{parameter}}}" if unit is Unit.FRACTION else f"param.{parameter}"
    drawn = as_drawn(package)
    if tier:
        return _of_category(package, slot, limit, tier)
    own = _limits_of_categories(drawn[slot])
    if any(said == limit for said in own.values()):
        return {}
    if own or (slot == "rank_places" and drawn["rank_group"]):
        told = "、".join(own.values()) or drawn["rank_group"]
        raise Invalid(
            Text(
                f"已经按奖项分别排名（{told}），不能再为所有奖项一起设：请在“哪个奖项”中选一个，或者先修改它们。",
                f"The tiers are ranked apart already ({told}): choose one of the tiers, or change those first.",
            )
        )
    return {slot: limit}


def _of_category(package: Package, slot: str, limit: str, tier: str) -> dict[str, str]:
    """Return the slots by which one category is cut off in its own way; those of other categories stay."""
    if not by_category(package):
        raise Invalid(
            Text(
                "只有分类别申报的，才能为一个奖项单独设：现在各奖项的申报一起排名，请把“哪个奖项”选为所有奖项一起。",
                "A limit can hold for one tier only where one applies for one of the tiers: choose all of them together.",
            )
        )
    drawn = as_drawn(package)
    own, places = _limits_of_categories(drawn[slot]), drawn["rank_places"]
    of_all = [said for said in (drawn[slot], places) if said and not _limits_of_categories(said)]
    if of_all:
        raise Invalid(
            Text(
                f"已经有所有奖项一起的入围线（{of_all[0]}），不能再为一个奖项单独设：请先修改它。",
                f"A cut-off holds for all tiers together already ({of_all[0]}): change that first.",
            )
        )
    limits = {**own, tier: limit}
    said = ", ".join(f"{one}: {text}" for one, text in limits.items())
    return {slot: f"{{{said}}}", "rank_group": '"child.category"'}


def _limits_of_categories(said: str | None) -> dict[str, str]:
    """Return the limit of each category as a formula; none of a limit that is for all."""
    text = (said or "").strip()
    if not text.startswith("{") or text.startswith("{share:"):
        return {}
    return dict(_OF_CATEGORY.findall(text[1:-1]))


def weighed_by(first: str, second: str, *, thrice: bool) -> dict[str, str]:
    """Return the slot of the weights of two stages, which two parameters carry, or of three."""
    third = f", {THIRD}: param.{THIRD_WEIGHT}" if thrice else ""
    return {"rank_weights": f"{{{FIRST}: param.{first}, {SECOND}: param.{second}{third}}}"}


def as_drawn(package: Package) -> dict[str, str | None]:
    """Return how scores are ranked and who announces in a place as it is drawn now."""
    found = {**RANKED, "group_limits": limits_text(limits_as_drawn(package))}
    for ident, read in _READ.items():
        ranking = _element(package, "round", ident)
        if ranking is not None and ranking.operation is not None:
            found |= {slot: ranking.operation.parameters.get(key) for slot, key in read.items()}
    for slot, ident in (("announcer", "draft_announcement"), ("caller", "draft_call")):
        made_known = _element(package, "round", ident)
        if made_known is not None and made_known.operation is not None:
            found[slot] = made_known.operation.parameters.get("issuer", "").removeprefix("param.")
    text = made_known.operation.parameters.get("text", "") if made_known and made_known.operation else ""
    return found | ({"call_says": ""} if text and "param.call_content" not in text else {})


def cited_besides(slot: str, before: str | None, value: str | None) -> str | None:
    """Return what fills ``slot``; where several clauses may stand, a cut-off by score and one by rank, those of ``before`` too."""
    if slot not in _SEVERAL:
        return value
    return " ".join(dict.fromkeys([*(before or "").split(), *(value or "").split()])) or None


def stages_of_review(package: Package, answers: Mapping[str, Any]) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return what the later stages of review are called as they are drawn, and as they will be."""
    was, becomes = dict(STAGE_NAMES), dict(STAGE_NAMES)
    for stage, question in ((SECOND, "stage"), (THIRD, "third_stage")):
        there = _element(package, "application", stage)
        was[stage] = there.name if there is not None else was[stage]
        becomes[stage] = was[stage] if there is not None else STAGE_KINDS.get(str(answers.get(question)), was[stage])
    return was, becomes


def second_review_pieces(_: Site) -> StepPieces:
    """Return what a second stage of review brings."""
    return StepPieces(application_facts={"second_points": "number"})


def third_review_pieces(site: Site) -> StepPieces:
    """Return what a third stage of review brings: its weight, where it was answered."""
    percent = site.answers.get("third")
    weight = NewParameter(
        (percent or 0) / _PERCENT, "第三个评审阶段的比重", "Weight of the third stage of review", "fraction",
        as_said(site.answers, "third"), answered=True,
    )  # fmt: skip
    return StepPieces(
        application_facts={"third_points": "number"}, parameters={THIRD_WEIGHT: weight} if percent else {}
    )


def ranking_pieces(_: Site) -> StepPieces:
    """Return what a ranking by scores brings: the list on record, with the reason for each."""
    return StepPieces(round_facts={"ranking": "list"})


def announcement_pieces(site: Site) -> StepPieces:
    """Return what an announcement brings: in whose name it is made."""
    return StepPieces(
        parameters={site.announcer: NewParameter(site.government, "公告的名义", "Announced in the name of", "text")}
    )


def _element(package: Package, name: str, ident: str) -> Element | None:
    diagram = package.diagrams.get(f"processes/{package.key}/{name}.bpmn")
    return diagram.elements.get(ident) if diagram else None
