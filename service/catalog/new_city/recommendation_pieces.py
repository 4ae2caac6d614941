"""What a recommendation (推荐) brings to a place: who recommends, how many, within which time, and the letter of a refusal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from service.catalog.new_city.application_slots import CHOSEN_BY_APPLICANT
from service.catalog.new_city.rows import flow_list
from service.catalog.new_city.site import NewParameter, Recommender, Site, StepPieces, as_said
from service.catalog.new_city.steps import CityStep
from service.catalog.package import Package

ROLE = "recommending_unit"
DAYS = "recommendation_working_days"
PLACES_STATED = "recommendation_places"
"""What the clauses say of how many each may recommend, among what they state."""
_SET = re.compile(r'recommender: "((?:[^"\\]|\\.)*)"')


def recommendation_pieces(site: Site) -> StepPieces:
    """Return what a recommendation brings, each authority as a body of its own."""
    cited = site.clauses(CityStep.RECOMMENDATION)
    limited = [{"unit": one.id, "places": one.places} for one in site.recommenders if one.places is not None]
    return StepPieces(
        application_facts={"recommender": "string", "recommended": "boolean"},
        parameters={
            DAYS: NewParameter(
                site.recommend_days,
                "审核推荐期限",
                "Time to recommend",
                "working_days",
                stated=site.stated.get("recommend_days"),
            ),
            "recommendation_places": NewParameter(
                limited,
                "各推荐单位推荐名额",
                "Places of each recommending unit",
                "table",
                said=bool(limited) and "places" in site.answers and as_said(site.answers, "places"),
                stated=site.stated.get(PLACES_STATED),
            ),
        },
        roles={ROLE: {"name": "推荐单位", "name_en": "Recommending unit"}},
        bodies=tuple(
            {"id": one.id, "name": one.name, "kind": "department", "roles": [ROLE], "area": one.whose or "全域"}
            for one in site.recommenders
        ),
        documents={"not_recommended": _letter(cited)},
    )


def recommender_from(recommenders: Sequence[Recommender]) -> str:
    """Return what gives the body that recommends: the only one there is, else the one that the applicant chose."""
    return rf"\"{recommenders[0].id}\"" if len(recommenders) == 1 else CHOSEN_BY_APPLICANT


def recommender_as_drawn(package: Package) -> str:
    """Return what gives the body that recommends in a place as it is drawn now."""
    diagram = package.diagrams.get(f"processes/{package.key}/application.bpmn")
    element = diagram.elements.get("set_recommender") if diagram else None
    said = element.operation.parameters.get("from_records", "") if element and element.operation else ""
    found = _SET.search(said)
    return found[1] if found else CHOSEN_BY_APPLICANT


def recommender_field(recommenders: Sequence[Recommender]) -> dict[str, Any] | None:
    """Return the field in which an applicant says who recommends it, none where there is one authority alone."""
    if len(recommenders) < 2:
        return None
    return {
        "type": "radio",
        "id": "field_recommender",
        "key": "recommender",
        "label": "推荐单位",
        "values": [
            {"label": f"{one.name}（{one.whose}）" if one.whose else one.name, "value": one.id} for one in recommenders
        ],
        "validate": {"required": True},
        "properties": {"label_en": "Recommending unit"},
    }


def _letter(cited: list[str]) -> dict[str, Any]:
    return {
        "id": "not_recommended",
        "title": "不予推荐告知书",
        "number": "荐〔{year}〕{sequence}号",
        "addressee": "{subject.name}：",
        "paragraphs": ["你单位的申报经审核不予推荐，理由如下：", "{recommend.opinion}", "本次申报结束。"],
        "signature": "{bodies[key = case.recommender][1].name}",
        **({"clauses": flow_list(cited)} if cited else {}),
    }
