"""What a second level of recommendation brings: the authority above judges what those below it recommended (县→州)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.new_city.rows import flow_list, flow_row
from service.catalog.new_city.site import NewParameter, Site, StepPieces, as_said
from service.catalog.new_city.steps import CityStep
from service.catalog.source.format_yaml import dump_yaml, load_yaml

FURTHER_DAYS = "further_recommendation_working_days"
FURTHER_PLACES = "further_recommendation_places"
_ROLE, _TASK = "further_recommender", "recommend_further"


def further_pieces(site: Site) -> StepPieces:
    """Return what the second level brings: its authority as a body, its time and places, the letter of a refusal."""
    places = site.answers.get("places")
    asked = {
        FURTHER_PLACES: NewParameter(
            places,
            "上一级推荐名额",
            "Places of the second level",
            "count",
            as_said(site.answers, "places"),
            answered=True,
        )
    }
    return StepPieces(
        application_facts={"recommended_further": "boolean"},
        parameters={
            FURTHER_DAYS: NewParameter(
                site.recommend_days, "上一级审核推荐期限", "Time of the second level", "working_days"
            ),
            **(asked if places is not None else {}),
        },
        roles={_ROLE: {"name": "上一级推荐单位", "name_en": "Recommending unit of the second level"}},
        bodies=(
            {
                "id": _ROLE,
                "name": str(site.answers.get("authority")),
                "kind": "department",
                "roles": [_ROLE],
                "area": "全域",
            },
        ),
        documents={"not_recommended_further": _letter(site.clauses(CityStep.FURTHER_RECOMMENDATION))},
    )


def with_further(text: str) -> str:
    """Return a scenario in which everybody whom the first level recommends is recommended by the second; as it is where all are."""
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    if not isinstance(steps, list):
        return text
    judged = {step.get("case") for step in steps if isinstance(step, dict) and step.get("complete") == _TASK}
    made: list[Any] = []
    for step in steps:
        made.append(step)
        if _recommended(step) and step.get("case") not in judged:
            said = {"decision": "recommend", "opinion": "经复核，同意推荐。"}
            row = {"as": _ROLE, "case": step["case"], "complete": _TASK, "with": flow_row(said)}
            made.append(flow_row(row))
    if len(made) == len(steps):
        return text
    steps[:] = made
    return dump_yaml(document)


def _recommended(step: Any) -> bool:
    if not isinstance(step, dict) or step.get("complete") != "recommend" or "refused" in step:
        return False
    said = step.get("with")
    return isinstance(said, Mapping) and said.get("decision") == "recommend"


def _letter(cited: list[str]) -> dict[str, Any]:
    return {
        "id": "not_recommended_further",
        "title": "不予推荐告知书",
        "number": "复荐〔{year}〕{sequence}号",
        "addressee": "{subject.name}：",
        "paragraphs": ["你单位的申报经上一级推荐单位审核不予推荐，理由如下：", "{recommend.opinion}", "本次申报结束。"],
        "signature": '{bodies[key = "further_recommender"][1].name}',
        **({"clauses": flow_list(cited)} if cited else {}),
    }
