"""What scores decide: a second stage of review, a ranking of all who were reviewed; and the announcement of the winners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from service.catalog.bpmn.model import Element
from service.catalog.new_city.site import NewParameter, Site, StepPieces
from service.catalog.new_city.steps import RANKED
from service.catalog.package import Package
from service.catalog.parameters import Unit
from service.domain.errors import Invalid
from service.domain.text import Text

FIRST, SECOND = "expert_review", "second_review"
"""The stages of review."""
SECOND_NAMES = {"site": "现场评审", "defence": "陈述答辩"}
"""What the second stage of review may be."""
_PARAMETERS = {"rank_weights": "weights", "rank_cut_off": "cut_off", "rank_places": "places", "rank_group": "group"}


def demand_before_vote(answers: Mapping[str, Any], parameter: str) -> None:
    """Raise Invalid for a cut-off before the second stage of review: what is drawn here lies before the vote, behind all stages."""
    if answers.get("before") != "second":
        return
    raise Invalid(
        Text(
            "助手画的入围线在委员会表决以前，按各阶段合计的得分；这一条在第二个评审阶段以前就要分出能不能进入，画在那里不算落实，所以没有画。"
            "请先在“参数”中新增分数线并引用这一条，再在申报流程图“专家评审”和第二个阶段之间加一个判断"
            f"（例如 case.points >= param.{parameter or 'cut_off_points'}），不达到的结束；然后回到这里，选那个判断作为落实的图元。",
            "The assistant draws a cut-off before the vote, by the points of all stages; this clause decides before the second "
            "stage of review, so nothing was drawn. Add the score to the parameters, citing this clause, put a decision between "
            f"the two stages of review in the diagram of an application (such as case.points >= param.{parameter or 'cut_off_points'}), "
            "and choose it here as the element that carries the clause out.",
        )
    )


def cut_by(package: Package, unit: Unit, parameter: str, tier: str = "") -> dict[str, str]:
    """Return the slots of a cut-off: so many points, a share of the full marks, or so many places.

    ``tier`` is the category for which alone so many places hold; nothing is drawn anew where the places of categories keep
    to the parameter already. Raises Invalid where a category has no cut-off of its own, or all together have none any more.
    """
    if tier:
        return _of_category(package, unit, parameter, tier)
    limit = f"param.{parameter}"
    if unit is not Unit.COUNT:
        return {"rank_cut_off": f"{{share: {limit}}}" if unit is Unit.FRACTION else limit}
    places = as_drawn(package)["rank_places"] or ""
    if not places.startswith("{"):
        return {"rank_places": limit}
    if re.search(rf"\b{re.escape(limit)}\b", places):
        return {}
    raise Invalid(
        Text(
            f"各奖项已经有各自的名次（{places}），不能再为所有奖项一起设：请在“哪个奖项”中选一个，或者先修改它们。",
            f"Each tier has a rank of its own already ({places}): choose one of the tiers, or change those first.",
        )
    )


def _of_category(package: Package, unit: Unit, parameter: str, tier: str) -> dict[str, str]:
    """Return the slots by which one category is cut off behind so many places; those of other categories stay."""
    apply = package.award.processes.get("application")
    if unit is not Unit.COUNT or apply is None or "category" not in apply.facts:
        raise Invalid(
            Text(
                "只有分类别申报、按名次入围的，才能为一个奖项单独设：请把“哪个奖项”选为所有奖项一起，或者按个数填写名次。",
                "Only a rank can hold for one tier, where one applies for one of the tiers: choose all together, or enter a rank.",
            )
        )
    places, own = as_drawn(package)["rank_places"] or "", f"{tier}: param.{parameter}"
    if places and not places.startswith("{"):
        raise Invalid(
            Text(
                f"已经有所有奖项一起的名次（{places}），不能再为一个奖项单独设：请先修改它。",
                f"A rank holds for all tiers together already ({places}): change that first.",
            )
        )
    kept = [one for one in places.strip("{}").split(", ") if one and not one.startswith(f"{tier}:")]
    return {"rank_places": "{" + ", ".join([*kept, own]) + "}", "rank_group": '"child.category"'}


def weighed_by(first: str, second: str) -> dict[str, str]:
    """Return the slot of the weights of the two stages, which two parameters carry."""
    return {"rank_weights": f"{{{FIRST}: param.{first}, {SECOND}: param.{second}}}"}


def as_drawn(package: Package) -> dict[str, str | None]:
    """Return how scores are ranked and who announces in a place as it is drawn now."""
    found = dict(RANKED)
    ranking = _element(package, "round", "rank_candidates")
    if ranking is not None and ranking.operation is not None:
        found |= {slot: ranking.operation.parameters.get(key) for slot, key in _PARAMETERS.items()}
    for slot, ident in (("announcer", "draft_announcement"), ("caller", "draft_call")):
        made_known = _element(package, "round", ident)
        if made_known is not None and made_known.operation is not None:
            found[slot] = made_known.operation.parameters.get("issuer", "").removeprefix("param.")
    return found


def second_review_of(package: Package, answers: Mapping[str, Any]) -> tuple[str, str]:
    """Return what the second stage of review is called as it is drawn, and as it will be."""
    there = _element(package, "application", SECOND)
    usual = there.name if there is not None else SECOND_NAMES["site"]
    return usual, usual if there is not None else SECOND_NAMES.get(str(answers.get("stage")), usual)


def second_review_pieces(_: Site) -> StepPieces:
    """Return what a second stage of review brings."""
    return StepPieces(application_facts={"second_points": "number"})


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
