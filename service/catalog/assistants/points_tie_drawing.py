"""Draw who goes first of those with as many points: by their age, which each application records, wherever scores rank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.assistants.condition_rows import own_elements
from service.catalog.assistants.founding_noted import founding_noted
from service.catalog.assistants.vote_agendas import FOUNDED
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.context_entries import escaped, unescaped
from service.catalog.package import Package
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

POINTS_TIE = "points_tie"
"""The parameter that says who goes first of those with as many points."""
OLDER, ALIKE = "older", "alike"
POINTS_TIE_QUESTIONS = (
    ClauseQuestion(
        "first",
        Text("得分相同的", "Equal points"),
        AnswerKind.CHOICE,
        options=(
            (OLDER, Text("成立时间早的排在前面", "the older organisation ranks first")),
            (ALIKE, Text("不分先后，同一名次", "share the place")),
        ),
        hint=Text(
            "助手让每个申报记下成立日期；按得分排名的各环节，得分相同的成立早的在前",
            "Each application records the day of founding; wherever points rank, the older of equals comes first",
        ),
    ),
)
"""What the assistant of equal points asks."""
_AGE = (
    f'if param.{POINTS_TIE} = "{OLDER}" and child.{FOUNDED} != null then (today() - date(child.{FOUNDED})).days else 0'
)
"""What parts equal points: for how many days there has been the organisation."""


def points_tie_drawn(filled: Files, package: Package, clause: str) -> dict[str, bytes]:
    """Return the files in which equal points are parted by age; raises Invalid where no scores rank or no age is known."""
    ranked = [(path, element) for path, element in own_elements(package) if ranks(element)]
    if not ranked:
        raise Invalid(
            Text(
                "流程中还没有按得分排名的环节。请先用助手“入围的分数线或者名次”或者“各评审阶段的比重”画上，再回来。",
                "No points rank anything here yet: draw a cut-off or the weights of the stages first, by their assistants.",
            )
        )
    made = founding_noted(filled, package, clause)
    for path, element in ranked:
        said = element.operation.parameters.get("tie_by", "") if element.operation else ""
        cited = " ".join(dict.fromkeys([*element.clauses, clause]))
        made[path] = change_element(
            made.get(path, filled[path]),
            path,
            element.id,
            {"clauses": cited},
            {"tie_by": _with_age(said)},
            {"tie_by": "string"},
        )
    return made


def points_tie_as_drawn(package: Package) -> Mapping[str, str]:
    """Return what was answered in a place where equal points are parted; empty where they are not."""
    known: Any = package.award.parameters.get(POINTS_TIE)
    return {"first": str(known.values[-1].value)} if known is not None and known.values else {}


def ranks(element: Element) -> bool:
    """Tell whether an element ranks by scores."""
    return element.operation is not None and element.operation.operation == "scores.rank"


def ranking_facts(package: Package) -> tuple[str, ...]:
    """Return the facts in which rankings of the place are recorded."""
    named = (
        element.operation.parameters.get("name", "").strip('"')
        for _, element in own_elements(package)
        if element.operation is not None and ranks(element)
    )
    return tuple(dict.fromkeys(name for name in named if name))


def _with_age(said: str) -> str:
    """Return what parts equals, with their age behind what there is."""
    held = unescaped(said.strip()[1:-1]).strip() if said.strip().startswith('"') else ""
    if FOUNDED in held:
        return said
    inner = held[1:-1].strip() if held.startswith("[") else held
    return f'"{escaped("[" + ", ".join(one for one in (inner, _AGE) if one) + "]")}"'
