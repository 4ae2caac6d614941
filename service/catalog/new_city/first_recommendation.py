"""A first level of recommendation that is added to a place later: who recommends, in the form of applications and in seasons."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.new_city.recommendation_pieces import ROLE, recommender_field
from service.catalog.new_city.rows import flow_row
from service.catalog.new_city.site import Recommender
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.json import as_json_file
from service.domain.errors import Invalid
from service.domain.text import Text

RECOMMENDATION_QUESTIONS = (
    ClauseQuestion(
        "authorities",
        Text("由哪些单位推荐（几个的用顿号隔开）", "Which authorities recommend (several parted by 、)"),
        AnswerKind.WORDS,
        hint=Text(
            "例如“东县市场监管局、西县市场监管局”；有几个的，申报表中会加一栏，由申报组织选自己的推荐单位",
            "Where there are several, the application asks which one; each is added as a body of the place",
        ),
    ),
    ClauseQuestion(
        "places",
        Text("每个单位最多推荐几个", "How many each may recommend at most"),
        AnswerKind.NUMBER,
        hint=Text("条文没有规定的空着：不限", "Empty where the text says nothing: no limit"),
    ),
)
"""What the assistant of a first level asks."""
_PARTED = re.compile("[、，,；;\n]+")
_MOST = 60


def recommenders_answered(answers: Mapping[str, Any]) -> tuple[Recommender, ...]:
    """Return the authorities that were answered, each with its places; raises Invalid for none, too many or one twice."""
    names = [name.strip() for name in _PARTED.split(str(answers.get("authorities") or "")) if name.strip()]
    if not 0 < len(names) <= _MOST or len(set(names)) < len(names):
        raise Invalid(
            Text(
                f"请写明推荐单位，1至{_MOST}个，用顿号隔开，不要重复。",
                f"Name the authorities that recommend, 1 to {_MOST}, parted by 、, each once.",
            )
        )
    return tuple(Recommender(f"recommender_{n}", name, answers.get("places")) for n, name in enumerate(names, 1))


def opinion_form(clause: str) -> bytes:
    """Return the form in which an authority recommends or refuses, made of the pattern that all places share."""
    return as_json_file({"from_pattern": "start_recommend", "form": clause})


def with_recommender(form: bytes, recommenders: Sequence[Recommender]) -> bytes:
    """Return the form of an application (JSON) that asks who recommends, where there are several."""
    field, said = recommender_field(recommenders), json.loads(form)
    if field is None or any(one.get("key") == field["key"] for one in said["components"]):
        return form
    said["components"].insert(0, field)
    return as_json_file(said)


def with_recommended(text: str, recommenders: Sequence[Recommender]) -> str:
    """Return a scenario in which every applicant is recommended, by one authority after another."""
    document = load_yaml(text)
    steps = document.get("steps") if isinstance(document, dict) else None
    if not isinstance(steps, list):
        return text
    made: list[Any] = []
    for step in steps:
        made.append(step)
        if not isinstance(step, dict) or step.get("start") != "application" or "refused" in step:
            continue
        unit = recommenders[(len(made) - 1) % len(recommenders)]
        if len(recommenders) > 1:
            step["with"]["recommender"] = unit.id
        said = {"decision": "recommend", "opinion": "经审核，材料属实。"}
        row = {"as": f"{ROLE}@{unit.id}", "case": step["name"], "complete": "recommend", "with": flow_row(said)}
        made.append(flow_row(row))
    steps[:] = made
    return dump_yaml(document)
