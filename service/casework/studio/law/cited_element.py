"""The element that carries a clause out: it cites it, and keeps to its parameter where it has a place for it."""

from __future__ import annotations

from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.law.typed_assistance import unit_for
from service.casework.studio.law.typed_fields import TypedAssistance
from service.catalog.assistants.clause_wiring import wiring
from service.catalog.assistants.limit_days import START_QUESTION, day_of_start, demand_from_task
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.limit_starts import LimitStart, start_said
from service.catalog.pieces.due_slots import due_slot
from service.domain.errors import Invalid
from service.domain.text import Text

_GONE = Text("所选的图元已经不在了，请重新选择。", "The chosen element is gone: choose again.")


def cited_on(tree: DraftTree, typed: TypedAssistance, place: str) -> dict[str, bytes]:
    """Return the diagram whose element cites the clause, and keeps to the parameter where it has a place for it.

    Raises Invalid where the element is gone, is a call that has no due day, or the day is not on record from which the text
    has the time limit count.
    """
    path, _, ident = place.partition("#")
    if "/" in ident:
        return _called_task(tree, typed, place)
    diagram = tree.package.diagrams.get(path)
    element = diagram.elements.get(ident) if diagram else None
    if element is None:
        raise Invalid(_GONE)
    _demand_no_call(typed, element)
    unit, start = unit_for(tree, typed), ""
    if wiring(typed.kind, unit, element, typed.parameter).properties:
        start = day_of_start(tree.package, path, _start(tree, typed))
    wired = wiring(typed.kind, unit, element, typed.parameter, start)
    cited = " ".join(dict.fromkeys([*element.clauses, typed.clause]))
    return {
        path: change_element(tree.filled[path], path, ident, {"clauses": cited, **wired.properties}, wired.parameters)
    }


def _called_task(tree: DraftTree, typed: TypedAssistance, place: str) -> dict[str, bytes]:
    """Return the diagram whose call binds the clause where a task of the shared diagram cites: that task has the time limit."""
    slot = due_slot(tree.package, place)
    if slot is None:
        raise Invalid(_GONE)
    demand_from_task(_start(tree, typed))
    path, call = place.partition("#")[0], slot.call
    slots = {name: (*cited, typed.clause) if name in slot.slots else cited for name, cited in call.slots.items()}
    bound = " ".join(f"{name}={','.join(dict.fromkeys(cited))}" for name, cited in slots.items())
    return {path: change_element(tree.filled[path], path, call.id, {"slots": bound}, {})}


def _demand_no_call(typed: TypedAssistance, element: Element) -> None:
    """Raise Invalid for a time limit on a call: nothing there has a due day."""
    if typed.kind is not AssistKind.TIME_LIMIT or element.kind is not Kind.CALL:
        return
    raise Invalid(
        Text(
            f"“{element.name}”调用另一个流程，期限写在它上面没有到期日，谁也不会被提醒。请选里面承担期限的任务（图元名单里以“：{element.name}”"
            "结尾的一组）；没有的，请在本地自己的图上画一个任务，把期限写到它上面。",
            f"“{element.name}” calls another process: a time limit on it has no due day. Choose the task inside that has it (the "
            f"group of elements that ends with “{element.name}”), or draw a task of the place's own for it.",
        )
    )


def _start(tree: DraftTree, typed: TypedAssistance) -> str:
    """Return from when a time limit counts: as answered, else as its clause says; raises Invalid where it names another day."""
    if typed.kind is not AssistKind.TIME_LIMIT:
        return ""
    if answered := typed.answers.get(START_QUESTION.id, ""):
        return answered if answered in dict(START_QUESTION.options) else ""
    clause = tree.package.law.clause(typed.clause)
    said = start_said(clause.text or clause.summary, typed.value.strip(), typed.unit)
    if said is not None and said.start is None:
        raise Invalid(
            Text(
                f"条文写的是“{said.words}”：请回答“{START_QUESTION.title.zh}”。",
                f"The text says “{said.words}”: answer “{START_QUESTION.title.en}”.",
            )
        )
    return said.start if said is not None and said.start is not None else LimitStart.TASK
