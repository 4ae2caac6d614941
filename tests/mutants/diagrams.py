"""Mutants of diagrams: conditions negated, timers and limits moved, other outcomes, roles and parameters of operations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from service.catalog.bpmn.model import Diagram, Element, Flow
from service.catalog.package import Package
from service.domain.text import Text
from tests.mutants.mutant import Edit, Mutant, MutatedPiece
from tests.mutants.operations import SPIFF, mutants_of_parameter, parameter_edit
from tests.mutants.taken_out import BPMN

Cited = Mapping[tuple[str, str], tuple[str, ...]]
"""The clauses that are cited at each place, by file and element."""
_TIMES = re.compile(r"\b(workdays|caldays|months|years)\(")
_DAY = re.compile(r"^(day_end\()?date\((.+?)\)(\))?$")
_NEUTRAL = {"due", "recipients", "to", "text", "title", "entries", "signature", "copies"}
_ROLES_TRIED = ("office", "committee", "leading_group", "government", "applicant")


def mutants_of_diagrams(package: Package, clauses: Cited) -> Iterator[Mutant]:
    """Yield the mutants of what the elements and flows of the diagrams that cite say."""
    for path, diagram in package.diagrams.items():
        for flow in diagram.flows.values():
            yield from _condition(path, diagram, flow, clauses)
        for element in diagram.elements.values():
            found = clauses.get((path, element.id), ())
            if found:
                for what, told, edit in _of_element(package, element):
                    yield _drawn(path, diagram, element.id, what, found, told, edit, _near(diagram, element))


def _near(diagram: Diagram, element: Element) -> Iterable[str]:
    """Return what a scenario passes where the element matters: itself, or what it is attached to or awaited behind."""
    before = [flow.source for flow in diagram.incoming(element.id)] if element.timer else []
    return [element.id, element.attached_to, *before]


def _condition(path: str, diagram: Diagram, flow: Flow, clauses: Cited) -> Iterator[Mutant]:
    near = (flow.source, flow.id, flow.target)
    found = tuple(dict.fromkeys(c for ident in near[:2] for c in clauses.get((path, ident), ())))
    found = found or clauses.get((path, flow.target), ())
    if flow.condition and found:
        source = diagram.elements.get(flow.source)
        name = (source.name if source else "") or flow.source
        told = Text(f"“{name}”的条件“{flow.condition}”取反", f"condition “{flow.condition}” of “{name}” negated")
        edit = _text_of("conditionExpression", f"not({flow.condition})")
        yield _drawn(path, diagram, flow.id, "condition", found, told, edit, [flow.source])


def _drawn(
    path: str,
    diagram: Diagram,
    ident: str,
    what: str,
    clauses: tuple[str, ...],
    told: Text,
    edit: Edit,
    passes: Iterable[str],
) -> Mutant:
    place = frozenset(f"{diagram.process_id}/{element}" for element in passes if element)
    neutral = what.rpartition(".")[2] in _NEUTRAL
    name = f"{diagram.process_id}/{ident} {what}"
    return Mutant(name, clauses, told, MutatedPiece.XML, path, edit, ident, neutral, place, words=(ident, *passes))


def _of_element(package: Package, element: Element) -> Iterator[tuple[str, Text, Edit]]:
    name = element.name or element.id
    yield from _times(package, element, name)
    if element.outcome:
        told = Text(f"“{name}”的结果不再是“{element.outcome}”", f"“{name}” no longer ends as “{element.outcome}”")
        yield "outcome", told, _property("outcome", f"{element.outcome}_changed")
    if element.role:
        other = next((role for role in _ROLES_TRIED if role in package.jurisdiction.roles and role != element.role), "")
        if other and package.role_of(element) != other:
            by = ("role_from", f'"{other}"') if "role_from" in element.properties else ("role", other)
            told = Text(
                f"“{name}”改由“{other}”办理（原为“{element.role}”）",
                f"“{name}” is done by “{other}” instead of “{element.role}”",
            )
            yield "role", told, _property(*by)
    if element.operation:
        for key, value in element.operation.parameters.items():
            for what, told, changed in mutants_of_parameter(name, key, value):
                yield what, told, parameter_edit(key, changed)


def _times(package: Package, element: Element, name: str) -> Iterator[tuple[str, Text, Edit]]:
    """Yield the timer of an element a day later and earlier, and its time limit a day later."""
    if element.timer and _counted(package, element.timer.expression):
        now = element.timer.expression
        for sign, zh, en in (("1 + ", "推迟", "later"), ("-1 + ", "提前", "earlier")):
            if (moved := _moved(now, sign)) is not None:
                told = Text(
                    f"“{name}”的时间{zh}一日（年的一年）：{now} → {moved}",
                    f"“{name}” a day {en} (a year, where it counts years): {now} → {moved}",
                )
                yield f"timer {sign[0]}", told, _timer(moved)
    if element.due and _counted(package, element.due) and (moved := _moved(element.due, "1 + ")) is not None:
        told = Text(
            f"“{name}”的办理期限推迟一日：{element.due} → {moved}",
            f"the time limit of “{name}” a day later: {element.due} → {moved}",
        )
        yield "due", told, _property("due", moved)


def _counted(package: Package, expression: str) -> bool:
    """Return False where a time is counted by nothing but parameters that the award does not have: there is none then."""
    read = set(re.findall(r"\bparam\.(\w+)", expression))
    return not read or bool(read & set(package.award.parameters))


def _moved(expression: str, sign: str) -> str | None:
    if _TIMES.search(expression):
        return _TIMES.sub(lambda found: f"{found[1]}({sign}", expression)
    found = _DAY.match(expression)
    if found is None or bool(found[1]) is not bool(found[3]):
        return None
    day = "P1D" if sign == "1 + " else "-P1D"
    return f'{found[1] or ""}date({found[2]}) + duration("{day}"){found[3] or ""}'


def _text_of(tag: str, text: str) -> Edit:
    def edit(node: Any) -> None:
        next(child for child in node.iter("*") if child.tag.endswith(f"}}{tag}")).text = text

    return edit


def _timer(text: str) -> Edit:
    def edit(node: Any) -> None:
        definition = next(node.iter(f"{BPMN}timerEventDefinition"))
        next(definition.iterchildren("*")).text = text

    return edit


def _property(name: str, value: str) -> Edit:
    def edit(node: Any) -> None:
        next(p for p in node.iter(f"{SPIFF}property") if p.get("name") == name).set("value", value)

    return edit
