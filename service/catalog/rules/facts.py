"""Facts: what operations record is declared, and what formulas read is set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.model import Element, OperationCall
from service.catalog.feel import compiled, find_constant_value
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_error_problem
from service.catalog.rules.formulas import Formula, diagram_formulas, formulas_beside
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelSyntaxError, nodes
from service.domain.text import Text
from service.sdk.operations import Operation


@check(Extent.PROCESS, "fact_not_declared")
def recorded_facts_declared(checked: Checked) -> Iterator[Problem]:
    """What operations record is declared under the facts of every kind of case that runs the diagram."""
    operations = checked.package.operations
    for diagram, element in checked.elements():
        call = element.operation
        if call is None or call.operation not in operations:
            continue
        names, label = recorded_names(operations[call.operation], call), label_of(diagram, element.id)
        for kind in checked.kinds.get(diagram.process_id, ()):
            for name in sorted(names - set(kind.facts)):
                yield build_error_problem(
                    diagram.file, element.id, "fact_not_declared",
                    f"“{label.zh}”记录事实“{name}”，办件种类“{kind.text.zh}”没有声明它。",
                    f"“{label.en}” records the fact “{name}”, which the kind of case “{kind.text.en}” does not declare.",
                    Text(
                        f"在“地方与奖项”中，把“{name}”和它的类型加进办件种类“{kind.text.zh}”的“记录的事实”（award.yaml）。",
                        f"On the page “Place and award”, add “{name}” with its type to the facts of “{kind.text.en}” (award.yaml).",
                    ),
                    word=f"{kind.key}.{name}",
                )  # fmt: skip


def recorded_names(operation: Operation, call: OperationCall) -> set[str]:
    """Return the facts that a call of ``operation`` is written to record."""
    return {
        pattern.format(word)
        for parameter in operation.parameters
        for pattern in parameter.facts
        for word in _extract_words(call.parameters.get(parameter.name, ""), pattern)
    }


def _extract_words(text: str, pattern: str) -> Iterable[str]:
    """Return the text that an expression always gives, or the keys of the context it writes; none for anything else.

    A ``pattern`` without ``{}`` names a fact by itself.
    """
    if not text or "{}" not in pattern:
        return [""] if text else ()
    try:
        node = compiled(text).node
    except FeelSyntaxError:
        return ()  # reported as a formula
    if isinstance(node, nodes.ContextLiteral):
        return [name for name, _ in node.entries]
    value = find_constant_value(text)
    return [value] if isinstance(value, str) and value else ()


@check(Extent.PACKAGE, "fact_never_set")
def facts_set(checked: Checked) -> Iterator[Problem]:
    """A fact that a formula reads is set by something: a start form, an operation, the case that starts this one."""
    award, never = checked.package.award, unset_facts(checked)
    seen: set[tuple[str, str, tuple[str, ...]]] = set()
    for formula, kinds in _formulas_by_kind(checked):
        try:
            paths = compiled(formula.text).paths
        except FeelSyntaxError:
            continue  # reported as a formula
        for path in sorted(paths):
            named = kinds if path[0] == "case" else (path[0],) if path[0] in award.processes else ()
            if len(path) < 2 or not named or not all(path[1] in never.get(kind, ()) for kind in named):
                continue
            if (formula.file, formula.place, path[:2]) not in seen:
                seen.add((formula.file, formula.place, path[:2]))
                said = formula.label
                yield build_error_problem(
                    formula.file, formula.place, "fact_never_set",
                    f"{said.zh}：没有任何环节记录事实“{path[1]}”，“{'.'.join(path)}”总是没有值。",
                    f"{said.en}: nothing sets the fact “{path[1]}”, so “{'.'.join(path)}” never has a value.",
                    Text("用 case.set 记录它，或者放进发起表单；用不着的，从公式和办件种类的“记录的事实”中删去。",
                         "Set it by case.set or in the start form; where it is not needed, take it out of the formula and of the facts of the kind of case."),
                )  # fmt: skip


def _formulas_by_kind(checked: Checked) -> Iterator[tuple[Formula, tuple[str, ...]]]:
    """Yield the formulas that read the records, with the kinds of case that they are evaluated in."""
    for diagram in checked.package.diagrams.values():
        kinds = tuple(kind.key for kind in checked.kinds.get(diagram.process_id, ()))
        yield from ((formula, kinds) for formula in diagram_formulas(checked, diagram) if formula.names is not None)
    every = tuple(checked.package.award.processes)
    yield from ((formula, every) for formula in formulas_beside(checked))


def unset_facts(checked: Checked) -> Mapping[str, frozenset[str]]:
    """Return by kind of case the facts that are declared and that nothing sets."""
    return checked.for_now("unset facts", lambda: _find_unset_facts(checked))


def _find_unset_facts(checked: Checked) -> Mapping[str, frozenset[str]]:
    handed = facts_handed_on(checked)
    unset: dict[str, frozenset[str]] = {}
    for kind in checked.package.award.processes.values():
        recorded = {name for element in _elements_of(checked, kind) for name in facts_recorded_by(checked, element)}
        started = checked.keys.get(kind.start_form or "", frozenset())
        unset[kind.key] = frozenset(kind.facts) - recorded - started - handed.get(kind.key, frozenset())
    return unset


def _elements_of(checked: Checked, kind: ProcessInfo) -> Iterator[Element]:
    for diagram in checked.package.diagrams.values():
        if kind in checked.kinds.get(diagram.process_id, ()):
            yield from diagram.elements.values()


def facts_recorded_by(checked: Checked, element: Element) -> set[str]:
    """Return the facts that the operation of an element records."""
    call = element.operation
    operation = checked.package.operations.get(call.operation) if call is not None else None
    return recorded_names(operation, call) if call is not None and operation is not None else set()


def facts_handed_on(checked: Checked) -> Mapping[str, frozenset[str]]:
    """Return by kind of case the facts that whoever starts it by an operation hands it."""
    names: dict[str, frozenset[str]] = {}
    for _, element in checked.elements():
        call = element.operation
        if call is not None and call.operation == "case.start":
            kind = str(find_constant_value(call.parameters.get("process", "null")))
            handed = frozenset(entries_of_context(call.parameters.get("facts_from", "")))
            names[kind] = names.get(kind, frozenset()) | handed
    return names


def entries_of_context(text: str) -> dict[str, nodes.Node]:
    """Return what a context that is written in a parameter holds; nothing for anything else."""
    try:
        node = compiled(text).node if text.strip() else None
    except FeelSyntaxError:
        return {}  # reported as a formula
    return dict(node.entries) if isinstance(node, nodes.ContextLiteral) else {}
