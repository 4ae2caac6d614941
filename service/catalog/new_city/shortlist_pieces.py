"""What decides who comes to the second stage of review: a score or a rank of the first, with the letter to whoever does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.new_city.rows import flow_list
from service.catalog.new_city.site import Site, StepPieces
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameters import Unit
from service.domain.errors import Invalid
from service.domain.text import Text

EQUALS = {"all": "all_pass", "none": "none_pass"}
"""What becomes of equal scores at the last place, by the answer of the assistant."""


def cut_first_by(unit: Unit, parameter: str, tier: str, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return the slots of a cut-off before the second stage of review: points, a share of the full marks, or places.

    Raises Invalid for one of a single tier: the first stage is ranked for all together.
    """
    if tier:
        raise Invalid(
            Text(
                "第二个评审阶段以前的入围按所有申报一起排名：请把“哪个奖项”选为所有奖项一起。",
                "Who comes to the second stage of review is ranked among all applications: choose all tiers together.",
            )
        )
    limit = f"param.{parameter}"
    if unit is Unit.COUNT:
        tie = EQUALS.get(str(answers.get("tie", "")), EQUALS["all"])
        return {"first_places": limit, "first_tie": f'"{tie}"'}
    return {"first_cut_off": f"{{share: {limit}}}" if unit is Unit.FRACTION else limit}


def shortlist_pieces(site: Site) -> StepPieces:
    """Return what a shortlist brings: the list on record with the reason for each, and the letter to who is not on it."""
    return StepPieces(
        application_facts={"stage": "string"},
        round_facts={"shortlist": "list"},
        documents={"not_shortlisted": _letter(site)},
    )


def _letter(site: Site) -> dict[str, Any]:
    cited = site.clauses(CityStep.SHORTLIST)
    return {
        "id": "not_shortlisted",
        "title": "未进入下一评审阶段告知书",
        "number": "评〔{year}〕{sequence}号",
        "addressee": "{subject.name}：",
        "paragraphs": ["你单位的申报没有进入下一评审阶段：{shortlist.reason}"],
        "signature": '{bodies[key = "office"][1].name}',
        **({"clauses": flow_list(cited)} if cited else {}),
    }
