"""What a correction (补正) brings to a place: its letters, the rounds that are counted, and the choice in the form of the decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.new_city.rows import flow_list
from service.catalog.new_city.site import Site, StepPieces, answered
from service.catalog.new_city.steps import CityStep
from service.catalog.package import Package
from service.catalog.source.json import as_json_file, parse_json
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

LATE = {
    "abandoned": Text("视为放弃申报", "taken as given up"),
    "withdrawn": Text("视为撤回申报", "taken as withdrawn"),
    "refused": Text("不予受理", "not accepted"),
}
"""What becomes of an application that is not corrected in time."""
CHOICE = "correct"
"""The decision that asks for a correction."""


def correction_pieces(site: Site) -> StepPieces:
    """Return what a correction brings, with the rounds and the consequence that were answered."""
    cited = site.clauses(CityStep.CORRECTION)
    return StepPieces(
        application_facts={"corrections": "number"},
        parameters={"correction_rounds": answered(site.answers, "rounds", 1)},
        documents={
            "correction_request": _letter(
                "correction_request",
                "申报材料补正通知书",
                "补",
                [
                    "经审查，你单位的申报材料不齐全或者不符合要求，现一次告知需要补正的内容：",
                    "{decide.missing}",
                    f"请在{_days(site)}内补正；逾期没有补正的，{late_of(site.answers)}。",
                ],
                cited,
            ),
            "correction_lapsed": _letter(
                "correction_lapsed",
                "逾期未补正告知书",
                "补逾",
                [
                    "已告知你单位补正下列内容：",
                    "{decide.missing}",
                    f"规定的期限已经届满，没有收到你单位的补正材料，{late_of(site.answers)}，本次申报结束。",
                ],
                cited,
            ),
        },
    )


def late_of(answers: Mapping[str, Any]) -> str:
    """Return in words what becomes of an application that is not corrected in time."""
    return LATE[str(answers.get("late") or "abandoned")].zh


def decision_with_correction(filled: Files, package: Package) -> dict[str, bytes]:
    """Return the form of the decision on an application with the choice to ask for a correction; raises Invalid."""
    decide = package.diagrams[f"processes/{package.key}/application.bpmn"].elements.get("decide")
    path = package.forms.get(decide.form, "") if decide is not None else ""
    if not path:
        raise Invalid(
            Text(
                "“决定是否受理”没有表单，请先选好表单，再回来。",
                "The decision on acceptance has no form: choose one first.",
            )
        )
    return {path: _with_choice(filled[path], path)}


def _with_choice(content: bytes, path: str) -> bytes:
    """Return the form of the decision with the choice to ask for a correction, and what is missing.

    Raises Invalid for a form that has no choice of that kind.
    """
    schema = parse_json(content, path)
    components = schema.get("components") if isinstance(schema, dict) else None
    decision = next((c for c in components or () if isinstance(c, dict) and c.get("key") == "decision"), None)
    if not isinstance(schema, dict) or not isinstance(components, list) or decision is None or "values" not in decision:
        raise Invalid(
            Text(
                "决定表单中没有可以选择“补正”的字段（键 decision），请在表单中加上，再回来。",
                "The form of the decision has no choice (key “decision”) for a correction: add it there first.",
            )
        )
    if any(value.get("value") == CHOICE for value in decision["values"]):
        return content
    decision["values"].insert(1, {"label": "退回补正", "value": CHOICE, "label_en": "Ask for a correction"})
    components[components.index(decision) + 1 : components.index(decision) + 1] = _fields()
    rules = schema.setdefault("properties", {})
    name = next(name for name in ("rule", *(f"rule_{number}" for number in range(2, 20))) if name not in rules)
    said = name.replace("rule", "ruleMessage")
    rules |= {
        "asks_correction": "true",
        name: f'decision != "{CHOICE}" or rounds_left > 0',
        said: "补正次数已经用完，请决定受理或者不予受理。",
        f"{said}_en": "No round of correction is left: accept or refuse.",
    }
    return as_json_file(schema)


def _fields() -> list[dict[str, Any]]:
    return [
        {
            "type": "number",
            "id": "field_rounds_left",
            "key": "rounds_left",
            "label": "还可以补正的次数",
            "readonly": True,
            "properties": {"label_en": "Rounds of correction left", "unseen": "true"},
        },
        {
            "type": "textarea",
            "id": "field_missing",
            "key": "missing",
            "label": "需要补正的内容（一次列明）",
            "conditional": {"hide": f'=decision != "{CHOICE}"'},
            "validate": {"required": True, "maxLength": 2000},
            "properties": {"label_en": "What is to be corrected"},
        },
    ]


def _letter(ident: str, title: str, word: str, paragraphs: list[str], cited: list[str]) -> dict[str, Any]:
    return {
        "id": ident,
        "title": title,
        "number": f"{word}〔{{year}}〕{{sequence}}号",
        "addressee": "{subject.name}：",
        "paragraphs": paragraphs,
        "signature": '{if count(bodies[kind = "office"]) = 0 then "办公室" else bodies[kind = "office"][1].name}',
        **({"clauses": flow_list(cited)} if cited else {}),
    }


def _days(site: Site) -> str:
    working = "workdays" in str(site.answers.get("due", "workdays"))
    return f"{{param.{site.correction}}}个工作日" if working else f"{{param.{site.correction}}}日"
