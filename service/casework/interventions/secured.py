"""Which facts of a case nobody may set by hand: what a form or ballot secured, and what the procedure decides by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.casework.step.step import Step
from service.catalog import Package
from service.domain.text import Text
from service.store.rows import CaseRow

_DECIDING = ("ballot.", "scores.", "review.", "experts.", "recusal.", "register.", "opinions.", "list.")
"""Beginnings of the names of operations by which bodies decide, score, draw and register."""
_KEPT = ("partners", "identity_forwarded", "outcome")
"""Facts that the program itself keeps."""


def secured(step: Step, name: str) -> Text | None:
    """Return why fact ``name`` of the step's case may not be set by an administrator, None where it may."""
    package, known = step.package, step.package.process(step.case.process).facts
    if name in _KEPT or name not in known:
        return Text(
            "办件没有声明这项数据，或者由程序保管。", "The case declares no such value, or the program keeps it."
        )
    form = _submitted(step, step.case, name)
    if form:
        return Text(
            f"由表单“{form}”提交并留存，更正应当由提交的单位重新提交。",
            f"Submitted by form “{form}” and kept; who submitted it corrects it.",
        )
    return _decided(package, name)


def _submitted(step: Step, case: CaseRow, name: str) -> str:
    """Return the form by which a value of this name was submitted in the case, "" where none was."""
    for row in step.tx.forms.of_case(case.id):
        if row.data.get(name) is not None:
            return row.form
    return ""


def _decided(package: Package, name: str) -> Text | None:
    word = re.compile(rf"\b{re.escape(name)}\b")
    if any(word.search(text) for text in _conditions(package)):
        return Text(
            "流程按这项数据决定走向，改动它等于代替有权机关作出决定。",
            "The procedure decides by it: setting it would decide in a body's place.",
        )
    constant = re.compile(rf"\b{re.escape(name)}\s*:\s*(\"|true|false)")
    for operation, text in _parameters(package):
        if operation.startswith(_DECIDING) and word.search(text):
            return Text(
                "由表决、评分、抽取或者登记得出，不能由管理员填写。",
                "A ballot, scores, a draw or the register brings it about; an administrator may not enter it.",
            )
        if constant.search(text):
            return Text(
                "由流程在作出决定时写入，改动它等于改动决定。",
                "The procedure writes it with a decision: setting it would change that.",
            )
    return None


def _conditions(package: Package) -> Iterator[str]:
    """Yield every formula of the award by which something is decided."""
    for action in package.award.actions.values():
        yield action.condition or ""
    for kind in package.award.processes.values():
        yield from (kind.start_condition or "", kind.subject_condition or "")
    for diagram in package.processes.values():
        for flow in diagram.flows.values():
            yield flow.condition
        for element in diagram.elements.values():
            yield element.properties.get("barrier", "")
    for path, data in package.files.items():
        if path.endswith(".dmn"):
            yield data.decode("utf-8", "replace")


def _parameters(package: Package) -> Iterator[tuple[str, str]]:
    for diagram in package.processes.values():
        for element in diagram.elements.values():
            if element.operation is not None:
                for text in element.operation.parameters.values():
                    yield element.operation.operation, text
