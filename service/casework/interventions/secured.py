"""Which facts of a case nobody may set by hand: what a form or ballot secured, and what the procedure decides by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.casework.interventions.deciding_facts import Bound, bound
from service.casework.step.step import Step
from service.catalog import Package
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, FormResultRow

SETTABLE = ("string", "number", "date")
"""Types of facts that can be typed; a yes or no decides, and lists come from elsewhere."""

_KEPT = ("partners", "identity_forwarded", "outcome")
"""Facts that the program itself keeps."""
_WHY: Mapping[Bound, Text] = {
    Bound.DECIDES: Text(
        "流程按这项数据决定走向、期限或者办理人，改动它等于代替有权机关作出决定。",
        "The procedure decides by it which way, when or who: setting it would decide in a body's place.",
    ),
    Bound.BROUGHT: Text(
        "由表决、评分、抽取、登记、计数或者其他办件的决定得出，不能由管理员填写。",
        "A ballot, scores, a draw, the register, a count or another case's decision brings it about.",
    ),
    Bound.WRITTEN: Text(
        "由流程在作出决定时写入，改动它等于改动决定。",
        "The procedure writes it with a decision: setting it would change that.",
    ),
}


def secured(step: Step, name: str) -> Text | None:
    """Return why fact ``name`` of the step's case may not be set by an administrator, None where it may."""
    if name in _KEPT or name not in step.package.process(step.case.process).facts:
        return Text(
            "办件没有声明这项数据，或者由程序保管。", "The case declares no such value, or the program keeps it."
        )
    form = _submitted(step.package, step.submissions(), name)
    if form:
        return Text(
            f"由表单“{form}”提交并留存，更正应当由提交的单位重新提交。",
            f"Submitted by form “{form}” and kept; who submitted it corrects it.",
        )
    return _decided(step.package, name)


def may_correct_any(tx: Transaction, package: Package, case: CaseRow) -> bool:
    """Return whether any fact of a case may be set by an administrator, without loading what its procedure has reached."""
    facts = package.process(case.process).facts
    free = [
        name
        for name, kind in facts.items()
        if kind in SETTABLE and name not in _KEPT and _decided(package, name) is None
    ]
    submitted = tx.forms.of_case(case.id) if free else []
    return any(not _submitted(package, submitted, name) for name in free)


def _submitted(package: Package, submissions: Sequence[FormResultRow], name: str) -> str:
    """Return the title of the form by which a value of this name was submitted in the case, "" where none was."""
    for row in submissions:
        if row.data.get(name) is not None:
            return _title(package, row.form)
    return ""


def _title(package: Package, form: str) -> str:
    """Return what a form is called; its id where the version that the case follows now has it no more."""
    try:
        return str(package.form_properties(form).get("title") or form)
    except NotFound:
        return form


def _decided(package: Package, name: str) -> Text | None:
    found = bound(package, name)
    return _WHY[found] if found else None
