"""Types of the values that a process hands on: from forms, operations, tables, lists and the diagrams around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.feel import compiled, find_constant_value
from service.catalog.formula_names.record_names import form_names
from service.catalog.formula_names.types import type_of_declared, types_of_names
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_warning_problem
from service.catalog.rules.facts import recorded_names
from service.catalog.rules.formulas import diagram_formulas
from service.catalog.rules.frames import TAKE, keys_of_context
from service.catalog.rules.messages import senders_of
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelSyntaxError, StaticType, TypeScope
from service.domain.feel.null_paths import compared_with_null
from service.domain.feel.static_types import UNKNOWN, context_of, join_types, list_of, text_of_options
from service.domain.text import Text
from service.sdk.messages import PLATFORM_MESSAGES

Variables = Mapping[str, StaticType]


def form_type(checked: Checked, form: str) -> StaticType:
    """Return the type of what a form submits; unknown without such a form."""
    if form not in checked.schemas:
        return UNKNOWN
    return checked.once(
        ("form type", form),
        lambda: context_of(types_of_names(form_names(checked.package, form), are_all=True), is_closed=True),
    )


def variable_types(checked: Checked, diagram: Diagram) -> Variables:
    """Return the types of a diagram's variables: of all that fills them here, in what it calls and in what calls it."""
    cache: dict[str, Variables] = checked.for_now("variable types", dict)
    if diagram.process_id not in cache:
        cache[diagram.process_id] = dict.fromkeys(diagram.variables, UNKNOWN)  # while those who call each other ask
        cache[diagram.process_id] = _of_diagram(checked, diagram)
    return cache[diagram.process_id]


def _of_diagram(checked: Checked, diagram: Diagram) -> Variables:
    types_by_name: dict[str, list[StaticType]] = {}
    for name, kind in (*_iterate_filled_variables(checked, diagram), *_iterate_caller_variables(checked, diagram)):
        types_by_name.setdefault(name, []).append(kind)
    types = {}
    for name, declared in diagram.variables.items():
        joined = join_types(types_by_name[name]) if name in types_by_name else UNKNOWN
        types[name] = joined if joined.is_determined and not joined.is_null else type_of_declared(declared)
    return types


def _iterate_filled_variables(checked: Checked, diagram: Diagram) -> Iterator[tuple[str, StaticType]]:
    """Yield the variables that a diagram fills by its own elements, each with what comes into it."""
    for element in diagram.elements.values():
        for key in element.routes:
            yield key, form_type(checked, element.form).entry(key)
        if element.operation and element.operation.result:
            yield element.operation.result, _infer_result(checked, element)
        if element.kind is Kind.RULE_TASK and (name := element.properties.get("resultVariable", "")):
            yield name, UNKNOWN
        if element.message_variable:
            yield element.message_variable, _message_type(checked, element.message)
        if element.multi is not None:
            yield from ((name, UNKNOWN) for name in (element.multi.outputs, element.multi.output) if name)
    for call in diagram.calls:
        if (called := checked.package.processes.get(call.called)) is not None:
            yield from ((name, variable_types(checked, called).get(name, UNKNOWN)) for name in called.outputs)


def _message_type(checked: Checked, message: str) -> StaticType:
    """Return the type of what a message brings, whoever sends it."""
    kinds = [
        form_type(checked, sender.form) if sender.form else _contents_type(sender.contents)
        for sender in senders_of(checked)
        if sender.message == message
    ]
    return join_types(kinds) if kinds and message not in PLATFORM_MESSAGES else UNKNOWN


def _contents_type(texts: tuple[str, ...]) -> StaticType:
    keys = [keys_of_context(text) for text in texts]
    if None in keys:
        return UNKNOWN
    return context_of({name: UNKNOWN for names in keys for name in names or ()}, is_closed=True)


def _iterate_caller_variables(checked: Checked, diagram: Diagram) -> Iterator[tuple[str, StaticType]]:
    """Yield what the variables of the diagrams hold that call ``diagram``."""
    for caller in checked.package.diagrams.values():
        if any(call.called == diagram.process_id for call in caller.calls):
            for name, kind in variable_types(checked, caller).items():
                if name in diagram.variables:
                    yield name, kind


def _infer_result(checked: Checked, element: Element) -> StaticType:
    assert element.operation is not None
    operation = checked.package.operations.get(element.operation.operation)
    if operation is None:
        return UNKNOWN
    if element.operation.operation != TAKE:
        echoed = {parameter.name: UNKNOWN for parameter in operation.parameters}  # some hand on what they were given
        results = {name: type_of_declared(kind) for name, kind in operation.result.items()}
        results |= {name: text_of_options(texts) for name, texts in operation.options.items()}
        return context_of(echoed | results, is_closed=True)
    keys = {name: UNKNOWN for part in element.operation.parameters.values() for name in keys_of_context(part) or ()}
    return context_of(keys)


def recorded_facts(checked: Checked) -> Variables:
    """Return the types of the facts that nothing but a ranking records: its rows are always the same."""
    operations_by_fact: dict[str, set[str]] = {}
    for diagram in checked.package.diagrams.values():
        for element in diagram.elements.values():
            call = element.operation
            operation = checked.package.operations.get(call.operation) if call is not None else None
            for name in recorded_names(operation, call) if call is not None and operation is not None else ():
                operations_by_fact.setdefault(name, set()).add(operation.id if operation is not None else "")
    return {name: list_of(_RANKED) for name, by in operations_by_fact.items() if by == {"scores.rank"}}


_RANKED = context_of(
    {name: type_of_declared(kind) for name, kind in {
        "case": "number", "name": "string", "number": "string", "points": "number", "full": "number", "place": "number", "passing": "boolean",
        "reason": "string", "stages": "context", "group": "string",
    }.items()},
    is_closed=True,
)  # fmt: skip
"""A row of a ranking, as handlers/scores.py puts it on record."""


def item_types(scope: TypeScope, element: Element) -> Variables:
    """Return the type of the item that a task is done for, from the list that it stands over."""
    if element.multi is None or not element.multi.item:
        return {}
    try:
        rows = compiled(element.multi.collection or "null").infer(scope).type
    except FeelSyntaxError:
        return {}
    return {element.multi.item: (rows.element or UNKNOWN) if rows.kinds == list_of(UNKNOWN).kinds else UNKNOWN}


def row_types(scope: TypeScope, element: Element) -> Variables:
    """Return the type of ``row`` in the texts that an operation evaluates row by row."""
    call = element.operation
    text = find_constant_value(call.parameters.get("rows", "null")) if call is not None else None
    try:
        rows = compiled(text).infer(scope).type if isinstance(text, str) else UNKNOWN
    except FeelSyntaxError:
        return {}  # reported as a formula
    row = (rows.element or UNKNOWN) if rows.kinds == list_of(UNKNOWN).kinds else UNKNOWN
    if call is None or row.entries is None or row.kinds != context_of({}).kinds:
        return {}
    earlier = {"earlier": scope["register"].entry("awards")} if "register" in scope else {}
    return {"row": context_of({**row.entries, **earlier}, is_closed=row.is_closed and call.operation == CONFER)}


CONFER = "register.confer"
"""Its rows are read as they are written, each with the awards that its organisation won before."""


@check(Extent.PACKAGE, "variable_never_set")
def variables_filled(checked: Checked) -> Iterator[Problem]:
    """A variable that a diagram reads is filled by it, by what it calls, or by whoever calls it."""
    processes = checked.package.processes
    for kind in checked.package.award.processes.values():
        if (diagram := processes.get(kind.process)) is not None:
            yield from _check_unfilled(checked, diagram, frozenset(), None, frozenset())


def _check_unfilled(
    checked: Checked,
    diagram: Diagram,
    outer_names: frozenset[str],
    call: tuple[Diagram, Element] | None,
    above: frozenset[str],
) -> Iterator[Problem]:
    """Yield what ``diagram``, and what it calls, reads of variables that are filled neither there nor above."""
    if diagram.process_id in above:
        return
    all_names = (
        outer_names | {name for name, _ in _iterate_filled_variables(checked, diagram)} | _collect_item_names(diagram)
    )
    at, place = (diagram.file, diagram.process_id) if call is None else (call[0].file, call[1].id)
    read = checked.once("read variables", lambda: _collect_read_variables(checked, diagram), diagram)
    for name in sorted(read - all_names):
        yield build_warning_problem(
            at, place, "variable_never_set",
            f"“{diagram.name}”要读取变量“{name}”，它自己和调用它的图都没有给它值，总是空值。",
            f"“{diagram.name or diagram.process_id}” reads the variable “{name}”, which neither it nor whoever calls it fills.",
            Text(
                f"先取值（values.take），或者把某个环节的“结果叫什么”（resultVariable）写成“{name}”，或者勾上表单中“后面的判断要用的字段”（routes）；"
                "可以没有的，写进“上级流程可以不给的数据”（optional）。",
                f"Fill “{name}” first: take it (values.take), make it the “Name of the result” of a step (resultVariable), "
                "or tick it under “Fields that later decisions read” (routes); "
                "where it may be missing, name it under “What a caller may leave out” (optional).",
            ),
        )  # fmt: skip
    for element in diagram.calls:
        if (called := checked.package.processes.get(element.called)) is not None:
            yield from _check_unfilled(checked, called, all_names, (diagram, element), above | {diagram.process_id})


def _collect_item_names(diagram: Diagram) -> set[str]:
    return {element.multi.item for element in diagram.elements.values() if element.multi is not None}


def _collect_read_variables(checked: Checked, diagram: Diagram) -> frozenset[str]:
    """Return the variables that a diagram's own formulas read, those it may do without left out."""
    names: set[str] = set()
    spared = {word for word in diagram.optional if "." not in word}
    for formula in diagram_formulas(checked, diagram):
        try:
            expression = compiled(formula.text)
        except FeelSyntaxError:
            continue  # reported as a formula
        if formula.names is not None:
            names |= expression.names
            spared |= {path[0] for path in compared_with_null(expression.node)}
    return frozenset(names & diagram.variables.keys()) - spared
