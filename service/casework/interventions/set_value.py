"""Set a value of a case that no form, ballot or decision secured: one that is missing or plainly wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.given import text_of
from service.casework.interventions.intervene import Done, InterventionAsked, apply_intervention, list_concerned_people
from service.casework.reading.value_words import value_in_words
from service.casework.step.facts import hidden_facts
from service.casework.step.project import queue_parent_barriers
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step
from service.catalog import Diagram, Element, Kind, Package
from service.catalog.bpmn.scope import scopes_of
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.domain.values.typed_numbers import typed_number
from service.domain.values.typed_times import read_day
from service.store import Transaction
from service.store.models import CaseRow, FormResultRow

_DECIDING = ("ballot.", "scores.", "review.", "experts.", "recusal.", "register.", "opinions.", "list.")
"""Beginnings of the names of operations by which bodies decide, score, draw and register."""
_RECORDS, _TELLS = "case.set", "document."
_BESIDE = re.compile(r"_(at|provisional|times)$")
"""How facts end that an operation writes beside the one that it names."""
_WHO = ("due", "remind", "role_from", "body", "assignee", "barrier")
"""Properties whose formulas say who acts, and when."""
_WORD = re.compile(r"[^\W\d]\w*")
_CONSTANT = re.compile(r"\b(\w+)\s*:\s*(\"|true|false)")
_KEY = re.compile(r"\b(\w+)\s*:")


class Bound(Enum):
    """Why a fact may not be set."""

    DECIDES = "something is decided by it"
    BROUGHT = "a body or an operation brought it about"
    WRITTEN = "it is written with a decision"


@dataclass(frozen=True, slots=True)
class _Words:
    read: frozenset[str]
    brought: frozenset[str]
    written: frozenset[str]


def find_fact_binding(package: Package, name: str) -> Bound | None:
    """Return why nobody may set fact ``name`` by hand, None where it only tells something."""
    words = package.derived("facts that decide", lambda: _collect_words(package))
    for each in (name, _BESIDE.sub("", name)):
        if each in words.read:
            return Bound.DECIDES
        if each in words.brought:
            return Bound.BROUGHT
        if each in words.written:
            return Bound.WRITTEN
    return None


def _collect_words(package: Package) -> _Words:
    read = {word for text in _iterate_formulas(package) for word in _WORD.findall(text)}
    brought: set[str] = set()
    written: set[str] = set()
    after = _after_decisions(package)
    for diagram in package.processes.values():
        for element in diagram.elements.values():
            if element.operation is None:
                continue
            for text in element.operation.parameters.values():
                if element.operation.operation != _RECORDS:
                    names = set() if element.operation.operation.startswith(_TELLS) else set(_WORD.findall(text))
                    brought |= names
                    continue
                keys = set(_KEY.findall(text))
                read |= set(_WORD.findall(_KEY.sub("", text)))
                written |= {match[0] for match in _CONSTANT.findall(text)}
                if (diagram.process_id, element.id) in after:
                    brought |= keys
    return _Words(frozenset(read), frozenset(brought), frozenset(written))


def _iterate_formulas(package: Package) -> Iterator[str]:
    """Yield every formula by which something is decided: which way, when, who, how often."""
    for action in package.award.actions.values():
        yield action.condition or ""
    for kind in package.award.processes.values():
        yield from (kind.start_condition or "", kind.subject_condition or "")
    for diagram in package.processes.values():
        for flow in diagram.flows.values():
            yield flow.condition
        for element in diagram.elements.values():
            yield from (element.properties.get(name, "") for name in _WHO)
            yield element.timer.expression if element.timer else ""
            yield from (element.multi.collection, element.multi.completion) if element.multi else ()
    for path, data in package.files.items():
        if path.endswith(".dmn"):
            yield data.decode("utf-8", "replace")


def _after_decisions(package: Package) -> frozenset[tuple[str, str]]:
    """Return the elements (process, id) that a token reaches only or also after something was decided."""
    deciding = _deciding_processes(package)
    element_keys: set[tuple[str, str]] = set()
    whole: set[str] = set()
    grown = True
    while grown:
        before = (len(element_keys), len(whole))
        for process, diagram in package.processes.items():
            element_keys |= {
                (process, ident) for ident in _collect_reached_elements(diagram, deciding, process in whole)
            }
            whole |= {
                diagram.elements[i].called for p, i in element_keys if p == process and diagram.elements[i].called
            }
        grown = (len(element_keys), len(whole)) != before
    return frozenset(element_keys)


def _collect_reached_elements(diagram: Diagram, deciding: frozenset[str], whole: bool) -> set[str]:
    if whole:
        return set(diagram.elements)
    reached_ids: set[str] = set()
    for scope in scopes_of(diagram):
        starts = [node.id for node in scope.nodes.values() if _is_deciding_element(node, deciding)]
        reached_ids |= scope.reach(*starts)
    inside = {e.id for e in diagram.elements.values() if _is_inside_reached(diagram, e, reached_ids)}
    return reached_ids | inside


def _is_inside_reached(diagram: Diagram, element: Element, reached_ids: set[str]) -> bool:
    while element.parent:
        if element.parent in reached_ids:
            return True
        element = diagram.elements[element.parent]
    return False


def _is_deciding_element(element: Element, deciding: frozenset[str]) -> bool:
    if element.operation is not None and element.operation.operation.startswith(_DECIDING):
        return True
    catches = element.message != "" and element.kind not in (Kind.THROW, Kind.END, Kind.SEND_TASK)
    return catches or element.called in deciding


def _deciding_processes(package: Package) -> frozenset[str]:
    """Return the processes in which something is voted, scored, drawn or registered, the calling ones included."""
    process_ids: set[str] = set()
    grown = True
    while grown:
        more = {
            process
            for process, diagram in package.processes.items()
            if process not in process_ids
            and any(_is_deciding_element(e, frozenset(process_ids)) for e in diagram.elements.values())
        }
        process_ids |= more
        grown = bool(more)
    return frozenset(process_ids)


SETTABLE = ("string", "number", "date")
"""Types of facts that can be typed; a yes or no decides, and lists come from elsewhere."""

_KEPT = ("identity_forwarded", "outcome")
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


def explain_fact_lock(step: Step, name: str) -> Text | None:
    """Return why fact ``name`` of the step's case may not be set by an administrator, None where it may."""
    if name in _KEPT or name not in step.package.process(step.case.process).facts:
        return Text(
            "办件没有声明这项数据，或者由程序保管。", "The case declares no such value, or the program keeps it."
        )
    form = _find_submitting_form(step.package, step.submissions(), name)
    if form:
        return Text(
            f"由表单“{form}”提交并留存，更正应当由提交的单位重新提交。",
            f"Submitted by form “{form}” and kept; who submitted it corrects it.",
        )
    return _find_binding_reason(step.package, name)


def may_correct_any(tx: Transaction, package: Package, case: CaseRow) -> bool:
    """Return whether any fact of a case may be set by an administrator, without loading what its procedure has reached."""
    facts = package.process(case.process).facts
    free = [
        name
        for name, kind in facts.items()
        if kind in SETTABLE and name not in _KEPT and _find_binding_reason(package, name) is None
    ]
    submitted = tx.forms.of_case(case.id) if free else []
    return any(not _find_submitting_form(package, submitted, name) for name in free)


def _find_submitting_form(package: Package, submissions: Sequence[FormResultRow], name: str) -> str:
    """Return the title of the form by which a value of this name was submitted in the case, "" where none was."""
    for row in submissions:
        if row.data.get(name) is not None:
            return _get_form_title(package, row.form)
    return ""


def _get_form_title(package: Package, form: str) -> str:
    """Return what a form is called; its id where the version that the case follows now has it no more."""
    try:
        return str(package.form_properties(form).get("title") or form)
    except NotFound:
        return form


def _find_binding_reason(package: Package, name: str) -> Text | None:
    binding = find_fact_binding(package, name)
    return _WHY[binding] if binding else None


MASK = "●●●"
_DIGITS, _BEYOND = 30, 10**15
"""A number longer or larger than these is none that a case holds, and could cost minutes to write out."""


@guarded("case.value")
def set_value(desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, given: Mapping[str, Any]) -> Effect:
    """Set a fact of a case and try again what waits for it. ``given``: name, value.

    Raises:
        NotAllowed: a form, a ballot or the procedure's decision secured it; the sentence says which.
        Invalid: it is of another type.
    """

    def change_value(step: Step) -> Done:
        name = text_of(given, "name", Text("数据名称", "the name"))
        typed = text_of(given, "value", Text("新的值", "the new value"))
        refusal = value_refusal(step, name)
        if refusal:
            called = fact_word(step.package, name)
            raise NotAllowed(Text(f"“{called}”不能改动：{refusal.zh}", f"“{name}” cannot be set. {refusal.en}"))
        value = _parse_value(step.package.process(step.case.process).facts[name], typed)
        before = step.facts.get(name)
        step.set_facts({name: value})
        step.forget_records()
        called = fact_word(step.package, name)
        is_public = name not in hidden_facts(step.package)
        was, now = (value_in_words(step.package, one).zh if is_public else MASK for one in (before, value))
        step.audit("value", f"“{called}”由“{was}”改为“{now}”", None, {"name": name})
        people = list_concerned_people(step)
        queue_parent_barriers(step)
        if step.case.status == "running":
            settle_instance(step)
        value_text = typed if is_public else MASK
        text = Text(f"数据“{called}”改为“{value_text}”。", f"value “{name}” was set to “{value_text}”.")
        return Done(text, tell=people)

    return apply_intervention(desk, actor, case_id, request, change_value)


def fact_word(package: Package, name: str) -> str:
    """Return what a fact is called; its own name where nothing calls it otherwise."""
    return terms_of(package).word(name, "fact").zh


def value_refusal(step: Step, name: str) -> Text | None:
    """Return why a fact may not be set, None where it may."""
    refusal = explain_fact_lock(step, name)
    if refusal:
        return refusal
    kind = step.package.process(step.case.process).facts[name]
    if kind not in SETTABLE:
        return Text("只有文字、数字和日期可以填写。", "Only texts, numbers and dates can be entered.")
    return None


def _parse_value(kind: str, typed: str) -> str | int | float:
    if kind == "string":
        return typed
    try:
        if kind == "date":
            return read_day(typed).isoformat()
        number = typed_number(typed)
        if len(typed) > _DIGITS or abs(number) >= _BEYOND:
            raise ValueError(typed)
        return int(number) if number == number.to_integral_value() else float(number)
    except ValueError:
        wanted = Text("日期，例如 2026-06-05", "a date like 2026-06-05") if kind == "date" else Text("数字", "a number")
        raise Invalid(Text(f"“{typed}”不是{wanted.zh}。", f"“{typed}” is not {wanted.en}."), field="value") from None
