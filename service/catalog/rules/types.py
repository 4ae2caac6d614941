"""Formulas have types: what is compared compares, conditions are conditions, lists are lists."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.kinds import Kind, Purpose
from service.catalog.bpmn.model import Diagram
from service.catalog.feel import compiled
from service.catalog.formula_names.record_names import CASE_NAMES, OTHER_NAMES, RECORD_NAMES, SUBMISSION_NAMES
from service.catalog.formula_names.types import type_of_declared, type_of_parameter, types_of_names
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.formulas import TEXTS_OVER_RECORD, Formula, diagram_formulas, formulas_beside
from service.catalog.rules.places import label_of, label_of_form
from service.catalog.rules.registry import Extent, check
from service.catalog.rules.scopes import Names, token_scope
from service.catalog.rules.variables import Variables, form_type, item_types, recorded_facts, row_types, variable_types
from service.domain.feel import FeelSyntaxError, Inferred, StaticType, TypeFault, TypeScope
from service.domain.feel.kind_words import KIND_WORDS
from service.domain.feel.static_types import UNKNOWN, context_of, join_types, of_kind
from service.domain.feel.types import named_type
from service.domain.feel.values import ValueKind
from service.domain.text import Text

FAULTS = (
    "types_differ", "unknown_option", "undeclared_fact", "no_property", "operand_type", "argument_type", "not_boolean",
    "not_a_list", "filtered_result", "unit_differs", "threshold_never", "threshold_always", "always_null", "box_unticked",
    "instant_part",
)  # fmt: skip
"""The rules that an inference of types judges by."""
_CONDITIONS = (Purpose.CONDITION, "barrier", "start_condition", "action_condition", "subject_condition")
"""What formulas are called that say whether something holds."""


@check(Extent.PACKAGE, *FAULTS, "parameter_type", "record_in_text")
def types_fit(checked: Checked) -> Iterator[Problem]:
    """What is compared, reckoned with, handed over or asked is of a kind for which that means something."""
    for formula, inferred in inferred_formulas(checked):
        for fault in inferred.faults:
            yield problem_of(formula.file, formula.place, formula.label, fault)
        yield from _check_kind(checked, formula, inferred)


def _check_kind(checked: Checked, formula: Formula, inferred: Inferred) -> Iterator[Problem]:
    """Yield a problem where the whole of a formula is not of the kind that its place asks for."""
    kind = inferred.type
    label, actual = formula.label, kind.words()
    is_loop = formula.what == Purpose.LOOP
    is_collection = is_loop and _is_collection(checked, formula)
    is_condition = formula.what in _CONDITIONS or (is_loop and not is_collection)
    if is_condition and inferred.truth is not None:
        yield foregone_problem(formula.file, formula.place, label, formula.text, is_met=inferred.truth)
    elif is_condition and not kind.may_be(ValueKind.BOOLEAN):
        yield build_error_problem(
            formula.file, formula.place, "not_boolean",
            f"{label.zh}应得“是”或者“否”，“{formula.text}”是{actual.zh}。",
            f"{label.en}: “{formula.text}” is a {actual.en}, not true or false.",
            Text("写成条件，例如“decision = \"accept\"”。", "Write a condition, such as “decision = \"accept\"”."),
        )  # fmt: skip
    elif is_collection and kind.is_determined and kind.kinds != _LIST:
        yield build_error_problem(
            formula.file, formula.place, "not_a_list",
            f"逐一办理的应是一份名单，“{formula.text}”是{actual.zh}。", f"What is done one by one is a list; “{formula.text}” is a {actual.en}.",
            Text("写名单，例如 [1, 2, 3] 或者 for n in 1..3 return n。", "Write a list, such as [1, 2, 3] or for n in 1..3 return n."),
        )  # fmt: skip
    elif formula.what in _LISTED and kind.is_determined and kind.kinds != _LIST:
        yield build_error_problem(
            formula.file, formula.place, "not_a_list",
            f"{label.zh}“{formula.text}”应是一份名单，得到的是{actual.zh}。", f"{label.en} “{formula.text}” should be a list, and is a {actual.en}.",
            Text("写名单；只有一项的写成 [ ]。", "Write a list; put a single item into [ ]."),
        )  # fmt: skip
    elif formula.what in _PRINTED and _is_unprintable(kind):
        yield build_error_problem(
            formula.file, formula.place, "record_in_text",
            f"{label.zh}：“{{{formula.text}}}”是{actual.zh}，不能印成文字。", f"{label.en}: “{{{formula.text}}}” is a {actual.en}, which cannot be printed.",
            Text("写明取哪一项，例如 {decide.reason}；名单写成 string join(…)。", "Say which entry, as {decide.reason}; join a list by string join(…)."),
        )  # fmt: skip
    elif formula.what == Purpose.PARAMETER:
        yield from _of_parameter(checked, formula, kind)


def _is_unprintable(kind: StaticType) -> bool:
    printed = kind.element if kind.kinds == _LIST else kind
    return printed is not None and printed.is_determined and printed.kinds <= _UNPRINTABLE


def _is_collection(checked: Checked, formula: Formula) -> bool:
    element = checked.package.diagrams[formula.file].elements.get(formula.place)
    return element is not None and element.multi is not None and element.multi.collection == formula.text


def _of_parameter(checked: Checked, formula: Formula, kind: StaticType) -> Iterator[Problem]:
    """Yield a problem where an operation is given what its parameter does not take."""
    operation, name = formula.parameter or ("", "")
    operation_info = checked.package.operations.get(operation)
    parameter = next((p for p in operation_info.parameters if p.name == name), None) if operation_info else None
    wanted = named_type(parameter.type) if parameter is not None else None
    if parameter is None or not formula.is_whole or wanted is None or wanted.kind is None:
        return
    if not kind.may_be(wanted.kind, ValueKind.NULL):
        actual, expected = kind.words(), KIND_WORDS[wanted.kind]
        yield build_error_problem(
            formula.file, formula.place, "parameter_type",
            f"参数“{name}”应为{expected.zh}，“{formula.text}”是{actual.zh}。",
            f"Parameter “{name}” should be a {expected.en}, but “{formula.text}” is a {actual.en}.",
            Text(f"写 date({formula.text})。", f"Write date({formula.text}).") if wanted.kind is ValueKind.DATE and kind.kinds == _STRING
            else Text("文字要加双引号，数字和日期不加。", "Put texts in double quotes, numbers without."),
        )  # fmt: skip


@check(Extent.PACKAGE, "threshold_never")
def ways_taken(checked: Checked) -> Iterator[Problem]:
    """No way out of a gateway stands behind others one of which is taken whenever its condition holds."""
    for diagram, element in checked.elements():
        ways = [flow for flow in diagram.outgoing(element.id) if flow.condition and flow.id != element.default_flow]
        if element.kind is not Kind.EXCLUSIVE or len(ways) < 2:
            continue
        scope = type_scope(checked, token_scope(checked, diagram), diagram)
        for place, flow in enumerate(ways[1:], 1):
            before = [f"not({earlier.condition})" for earlier in ways[:place]]
            texts = (flow.condition, *before, " and ".join((f"({flow.condition})", *before)))
            with suppress(FeelSyntaxError):  # reported as a formula
                *single, together = (infer_once(checked, diagram.file, text, scope).faults for text in texts)
                if not any(single) and "threshold_never" in [fault.code for fault in together]:
                    label = label_of(diagram, flow.id)
                    yield build_error_problem(
                        diagram.file, flow.id, "threshold_never",
                        f"出口“{label.zh}”永远走不到：“{flow.condition}”成立时，排在它前面的出口已经成立。",
                        f"The way “{label.en}” is never taken: whenever “{flow.condition}” holds, a way before it does.",
                        Text("改写条件，使每种情况只有一个出口成立。", "Change the conditions so that one way alone holds in every case."),
                    )  # fmt: skip


def foregone_problem(file: str, place: str, called: Text, text: str, *, is_met: bool) -> Problem:
    """Return the problem of a condition that holds always or never, whatever the data."""
    return (build_warning_problem if is_met else build_error_problem)(
        file, place, "threshold_always" if is_met else "threshold_never",
        f"{called.zh}“{text}”不论数据如何，总是{'成立' if is_met else '不成立'}。",
        f"{called.en}, “{text}”, {'always' if is_met else 'never'} holds, whatever the data.",
        Text("写出真正的条件；不需要条件的，删去它，或者改用默认出口。",
             "Write the condition that is meant; where none is, delete it or take the default way."),
    )  # fmt: skip


_PRINTED = ("letter", "action_consequence", "start_refusal", *TEXTS_OVER_RECORD)
"""What formulas are called that stand in a sentence."""
_LISTED = ("each", "columns", "files")
"""What the formulas of a document are called that give a list."""
_UNPRINTABLE = frozenset({ValueKind.CONTEXT, ValueKind.FUNCTION, ValueKind.RANGE})
_LIST, _STRING = frozenset({ValueKind.LIST}), frozenset({ValueKind.STRING})
_WHOLE = ("subject", "findings", "notices", "documents", "tiers", "bodies")
"""The records that hold nothing besides what is declared of them."""


def problem_of(file: str, place: str, label: Text, fault: TypeFault) -> Problem:
    """Return the problem that a fault of types is."""
    remedy = fault.remedy if fault.remedy.zh else did_you_mean(fault.word, fault.words)
    tell = (
        build_warning_problem
        if fault.code in ("threshold_always", "box_unticked", "instant_part")
        else build_error_problem
    )
    return tell(file, place, fault.code, f"{label.zh}：{fault.message.zh}", f"{label.en}: {fault.message.en}", remedy)


def inferred_formulas(checked: Checked) -> tuple[tuple[Formula, Inferred], ...]:
    """Return every expression that can be read, with what is inferred of it."""
    return checked.for_now("inferred formulas", lambda: tuple(_infer_formulas(checked)))


def _infer_formulas(checked: Checked) -> Iterator[tuple[Formula, Inferred]]:
    for formula, scope in _iterate_typed_formulas(checked):
        try:
            yield formula, infer_once(checked, formula.file, formula.text, scope)
        except FeelSyntaxError:
            continue  # reported as a formula


def infer_once(checked: Checked, file: str, text: str, scope: TypeScope) -> Inferred:
    """Return what is inferred of a formula in ``file``, anew only where a type that it rests on has changed; raises FeelSyntaxError."""
    inferred: Inferred | None = checked.memory.get(("inferred", file, text))
    if inferred is None or not inferred.holds_in(scope):
        inferred = checked.memory["inferred", file, text] = compiled(text).infer(scope)
    return inferred


def _iterate_typed_formulas(checked: Checked) -> Iterator[tuple[Formula, TypeScope]]:
    """Yield every expression with the types of the names that it may read."""
    for diagram in checked.package.diagrams.values():
        for formula in diagram_formulas(checked, diagram):
            if formula.names is not None:
                scope, element = type_scope(checked, formula.names, diagram), diagram.elements.get(formula.place)
                items = dict(item_types(scope, element)) if element is not None else {}
                if element is not None and not formula.is_whole:
                    items |= row_types(scope, element)
                yield formula, ChainMap(items, scope) if items else scope  # type: ignore[arg-type]  # nothing is written
    for formula in formulas_beside(checked):
        if formula.names is not None:
            scope = type_scope(checked, formula.names, None)
            items = dict(_iterate_item_types(checked, formula.file, formula.turn, scope)) if formula.turn else {}
            yield formula, ChainMap(items, scope) if items else scope  # type: ignore[arg-type]  # nothing is written


def _iterate_item_types(
    checked: Checked, file: str, turn: tuple[str, str], scope: TypeScope
) -> Iterator[tuple[str, StaticType]]:
    """Yield the name and type of the item that a paragraph or a row of a table is printed for."""
    with suppress(FeelSyntaxError):  # reported as a formula
        rows = infer_once(checked, file, turn[1], scope).type
        yield turn[0], (rows.element or UNKNOWN) if rows.kinds == _LIST else UNKNOWN


class _Types(Mapping[str, StaticType]):
    """The types of names, each found when it is read."""

    def __init__(self, names: Names, own: Variables, record: Mapping[str, StaticType]) -> None:
        self._names, self._own, self._record = names, own, record
        self._known: dict[str, StaticType] = {}

    def __getitem__(self, name: str) -> StaticType:
        if name not in self._known:
            self._known[name] = self._get_type(name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names.known

    def __iter__(self) -> Iterator[str]:
        return iter(self._names.known)

    def __len__(self) -> int:
        return len(self._names.known)

    def _get_type(self, name: str) -> StaticType:
        if name not in self._names.known:
            raise KeyError(name)
        if name in self._own:
            return self._own[name]
        kind, parts = self._record.get(name, UNKNOWN), self._names.parts.get(name)
        if parts is None:
            return kind
        return replace(context_of({part: kind.entry(part) for part in parts}, is_closed=True), label=kind.label)


def type_scope(checked: Checked, names: Names, diagram: Diagram | None) -> TypeScope:
    """Return the types of ``names``: of what a package declares, and of the variables of a ``diagram``."""
    scopes: dict[tuple[int, str], tuple[Names, TypeScope]] = checked.for_now("type scopes", dict)
    key = (id(names), diagram.process_id if diagram is not None else "")
    if key not in scopes:
        award = checked.package.award
        kinds = tuple(award.processes.values()) if diagram is None else checked.kinds.get(diagram.process_id, ())
        case = checked.for_now(("case type", *(kind.key for kind in kinds)), lambda: _build_case_type(checked, kinds))
        record = {**checked.for_now("declared types", lambda: _map_declared_types(checked)), "case": case}
        variables = variable_types(checked, diagram) if diagram is not None else {}
        scopes[key] = names, _Types(names, variables, record)
    return scopes[key][1]


def _map_declared_types(checked: Checked) -> Mapping[str, StaticType]:
    """Return the types of what is declared in a package and of what every case has on record."""
    award, submitted = checked.package.award, dict(types_of_names(SUBMISSION_NAMES, are_all=False))
    types = {**types_of_names(OTHER_NAMES, are_all=False), **types_of_names(RECORD_NAMES, are_all=False)}
    types |= types_of_names((name for name in RECORD_NAMES if name.name in _WHOLE), are_all=True)
    types["reference_date"] = of_kind(ValueKind.DATE)  # handed to tables as it is, kept nowhere
    types["param"] = parameters_type(checked)
    for key, kind in award.processes.items():
        types[key] = _build_case_type(checked, (kind,))
    for form in checked.package.forms:
        fields = form_type(checked, form)
        above = types[form].entries or {} if form in award.processes else {}
        entries = {**above, **submitted, **(fields.entries or {})}
        label = label_of_form(checked, form)
        types[form] = replace(context_of(entries), label=label) if fields.is_determined else UNKNOWN
    return types


def parameters_type(checked: Checked) -> StaticType:
    """Return the type of ``param``: every setting of the award."""
    parameters = checked.package.award.parameters
    return checked.once(
        "type of param",
        lambda: context_of({ident: type_of_parameter(p) for ident, p in parameters.items()}, is_closed=True),
    )


def _build_case_type(checked: Checked, kinds: tuple[ProcessInfo, ...]) -> StaticType:
    """Return the type of a case of one of ``kinds``: its facts, and what every case has."""
    recorded = checked.for_now("recorded facts", lambda: recorded_facts(checked))
    facts: dict[str, list[StaticType]] = {}
    for kind in kinds:
        for name, declared in kind.facts.items():
            facts.setdefault(name, []).append(recorded.get(name, type_of_declared(declared)))
    return context_of(
        {**types_of_names(CASE_NAMES, are_all=False), **{name: join_types(types) for name, types in facts.items()}}
    )
