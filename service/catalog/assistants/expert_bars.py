"""What keeps somebody off a panel: an interest, a colleague on it, rounds in a row, too few years of practice.

Each is a rule of every stage of review, which reads it from a parameter when it is opened; who is barred is not drawn.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.catalog.assistants.condition_rows import own_elements
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

OPENED = "review.open"
"""The operation that opens a stage of review with its rules."""
USUAL_YEARS = "3"
"""How far interests are looked back where neither the text nor the place says it."""


@dataclass(frozen=True, slots=True)
class ExpertLimit:
    """One limit: what it counts, how its parameter is called, the rule of a stage that reads it, what is bound in the call."""

    unit: Unit
    ident: str
    name: Text
    rule: str
    slots: tuple[str, ...]


LIMITS: Mapping[str, ExpertLimit] = {
    "interest": ExpertLimit(
        Unit.YEARS, "interest_lookback_years", Text("利害关系回溯年限", "Look-back for interests"), "lookback_years",
        ("forming", "recusal"),
    ),
    "employer": ExpertLimit(
        Unit.COUNT, "most_of_one_employer", Text("评审组中同一单位至多几名", "Most of one employer on a panel"), "per_body",
        ("forming",),
    ),
    "rounds": ExpertLimit(
        Unit.COUNT, "rounds_before_rest", Text("连续评审几届后轮空一届", "Rounds in a row before an expert rests"),
        "rotation_rounds", ("forming",),
    ),
    "practice": ExpertLimit(
        Unit.YEARS, "least_practice_years", Text("评审专家从业至少几年", "Least years of practice of an expert"), "condition",
        ("forming",),
    ),
}  # fmt: skip
EXPERT_QUESTIONS = (
    ClauseQuestion(
        "limit",
        Text("哪一种限制", "Which limit"),
        AnswerKind.CHOICE,
        options=(
            (
                "interest",
                Text(
                    "与申报组织有利害关系的回避（取值是追溯几年；条文没有写明的空着，按3年拟定）",
                    "an interest in an applicant (the value is how many years back; empty: 3 are proposed)",
                ),
            ),
            ("employer", Text("同一单位至多几名（取值是几名）", "so many of one employer at most (how many)")),
            (
                "rounds",
                Text("连续评审几届后轮空一届（取值是几届）", "rest for a round after so many in a row (how many)"),
            ),
            ("practice", Text("从业不满几年的不得担任（取值是几年）", "at least so many years of practice")),
        ),
        hint=Text(
            "写进每个评审阶段的抽取规则：受限制的人抽不到，补抽时也一样。任期和连任用“任期（聘期）和连任”",
            "Becomes a rule of each stage of review: who is barred is not drawn. Terms of office have their own assistant",
        ),
        optional=True,
    ),
)
"""What the assistant of experts' bars asks."""


def limit_of(answers: Mapping[str, Any]) -> ExpertLimit:
    """Return the limit that was chosen; raises Invalid where none was."""
    found = LIMITS.get(str(answers.get("limit") or ""))
    if found is None:
        question = EXPERT_QUESTIONS[0]
        raise Invalid(Text(f"请回答“{question.title.zh}”。", f"Answer “{question.title.en}”."))
    return found


def limits_read(package: Package, parameter: str) -> tuple[str, ...]:
    """Return which limits the stages of review read from ``parameter``."""
    read = {
        rule
        for _, element in _stages(package)
        for rule, said in (element.operation.parameters if element.operation else {}).items()
        if _reads(said, parameter)
    }
    return tuple(key for key, limit in LIMITS.items() if limit.rule in read)


def panels_with_limit(
    filled: Files, package: Package, clause: str, parameter: str, answers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the place's diagrams whose stages of review keep to ``parameter`` and cite ``clause``, in the calls as well.

    Raises Invalid where there is no stage of review, and says what to do.
    """
    limit, changed = limit_of(answers), dict[str, bytes]()
    stages = _stages(package)
    if not stages:
        raise Invalid(
            Text(
                "没有找到专家评审（开启评审阶段的环节），这里的限制没有地方写。请先用助手“各评审阶段的比重”或者“入围的分数线或者名次”"
                "画上专家评审，或者在流程图上画，再回来。",
                "No stage of expert review was found, so there is no place for this rule: draw the review first, by the assistant "
                "of the weights or of a cut-off or on the diagram.",
            )
        )
    for path, stage in stages:
        rule = _rule(limit, stage, parameter)
        cited = " ".join(dict.fromkeys([*stage.clauses, clause]))
        kept = changed.get(path, filled[path])
        changed[path] = change_element(kept, path, stage.id, {"clauses": cited}, {limit.rule: rule}, _TYPES)
    for path, call in own_elements(package):
        if call.called == "shared_expert_review":
            held = {name: (*cited, clause) if name in limit.slots else cited for name, cited in call.slots.items()}
            held = dict.fromkeys(limit.slots, (clause,)) | held
            bound = " ".join(f"{name}={','.join(dict.fromkeys(cited))}" for name, cited in held.items())
            changed[path] = change_element(changed.get(path, filled[path]), path, call.id, {"slots": bound}, {})
    return changed


_TYPES = {"condition": "string"}


def _stages(package: Package) -> list[tuple[str, Element]]:
    return [(path, one) for path, one in own_elements(package) if one.operation and one.operation.operation == OPENED]


def _rule(limit: ExpertLimit, stage: Element, parameter: str) -> str:
    """Return the formula of the rule; years of practice are one condition more beside those that are there."""
    read = f"param.{parameter}"
    if limit.rule != "condition":
        return read
    old = stage.operation.parameters.get("condition", "").strip() if stage.operation else ""
    if _reads(old, parameter):
        return old
    asked = f'"expert.experience_years >= " + string({read})'
    return f'"(" + ({old}) + ") and " + {asked}' if old and old != '"true"' else asked


def _reads(formula: str, parameter: str) -> bool:
    """Tell whether a formula reads ``parameter``, not one whose name begins like it."""
    return re.search(rf"\bparam\.{re.escape(parameter)}\b", formula) is not None
