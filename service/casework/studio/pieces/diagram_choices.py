"""What may be chosen in a diagram of a draft: roles, forms, operations, clauses and the other pieces of its package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import offered_by, tree_of
from service.catalog import Package, Unit
from service.catalog.award import ProcessInfo
from service.catalog.bpmn.model import SLOT, Diagram
from service.catalog.bpmn.vocabulary import RESERVED_KEYS
from service.catalog.forms.forms import form_fields, form_keys
from service.catalog.formula_names.package_names import fact_called
from service.catalog.made_id import made_id
from service.catalog.names.field_names import message_names
from service.catalog.parameters.value_words import value_words
from service.catalog.pieces.piece_kinds import PieceKind, names_apart, title_of
from service.catalog.rules.operations import NAMED_BY
from service.catalog.scenarios.expectation_words import KEYS as WORDS
from service.catalog.wording.word_lists import parameter_name
from service.domain.calendar.clock import local_date
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.sdk.operations import Operation, OperationParameter

_PIECES = {
    "document": "documents",
    "table": "tables",
    "form": "forms",
    "process": "kinds",
    "role": "roles",
    "recipient": "roles",
}
_NOT_SET = Text("—", "—")
_ENDS = {"ends_at": Text("公示期满", "end of the notice"), "at": Text("截止时刻", "deadline")}
"""What the instants are called until which one may wait, by their key in the result of a step."""
_PERIODS = (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.MONTHS, Unit.YEARS, Unit.COUNT)


@dataclass(frozen=True, slots=True)
class PieceChoice:
    """Something with an id that can be chosen; ``path`` is the file it stands in, where it has one of its own."""

    id: str
    name: Text
    path: str = ""


@dataclass(frozen=True, slots=True)
class BodyChoice(PieceChoice):
    """A body and the roles it holds."""

    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormChoice(PieceChoice):
    """A form and the keys of what it submits, with the labels of those that have one."""

    keys: tuple[str, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProcessChoice(PieceChoice):
    """A process that can be called: the slots its caller fills with clauses, what cites each, the names it hands back."""

    slots: tuple[str, ...] = ()
    shared: bool = False
    citing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ParameterChoice:
    """A parameter of an operation, called ``label``; ``names`` is the list of choices that it names a member of, "" for none."""

    name: str
    label: Text
    type: str
    required: bool
    help: str
    default: str
    names: str


@dataclass(frozen=True, slots=True)
class OperationChoice(PieceChoice):
    """An operation with what it takes and gives."""

    group: str = ""
    parameters: tuple[ParameterChoice, ...] = ()
    result: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClauseChoice:
    """A clause of the register."""

    id: str
    article: str
    summary: str


@dataclass(frozen=True, slots=True)
class PeriodChoice(PieceChoice):
    """A parameter that counts days, months or years, with its value today, that value in words, and the clauses it rests on."""

    unit: str = ""
    value: str = ""
    said: Text = _NOT_SET
    clauses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DiagramChoices:
    """Everything that the panel beside a diagram offers."""

    path: str
    shared: bool
    today: date
    roles: tuple[PieceChoice, ...]
    bodies: tuple[BodyChoice, ...]
    forms: tuple[FormChoice, ...]
    tables: tuple[PieceChoice, ...]
    documents: tuple[PieceChoice, ...]
    kinds: tuple[PieceChoice, ...]
    processes: tuple[ProcessChoice, ...]
    operations: tuple[OperationChoice, ...]
    clauses: tuple[ClauseChoice, ...]
    slots: tuple[str, ...]
    variables: tuple[str, ...]
    messages: tuple[PieceChoice, ...]
    periods: tuple[PeriodChoice, ...]
    starts: tuple[PieceChoice, ...]
    ends: tuple[PieceChoice, ...]


@guarded("draft.view")
def diagram_choices(desk: Desk, actor: Actor, draft: int, path: str) -> DiagramChoices:
    """Return what may be chosen in the diagram at ``path``; a file that is no diagram yet gets the choices of the package."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    return choices_of(offered_by(tree), path, local_date(desk.clock.now()))


def choices_of(package: Package, path: str, today: date) -> DiagramChoices:
    """Return what ``package`` offers to a diagram at ``path`` on the day ``today``."""
    diagram = package.diagrams.get(path)
    place, shared = package.jurisdiction, path.startswith("processes/shared/")
    bound = [
        PieceChoice(word, place.roles[role].text)
        for word, role in place.bindings.items()
        if shared and role in place.roles
    ]
    return DiagramChoices(
        path,
        shared,
        today,
        _drop_repeated([*(PieceChoice(role.id, role.text) for role in place.roles.values()), *bound]),
        tuple(BodyChoice(body.id, body.text, roles=body.roles) for body in place.bodies),
        tuple(_iterate_forms(package)),
        _drop_repeated(PieceChoice(table.id, _to_text(table.name), table.file) for table in package.tables.values()),
        tuple(PieceChoice(ident, _to_text(document.title)) for ident, document in package.documents.items()),
        tuple(PieceChoice(key, info.text) for key, info in package.award.processes.items()),
        tuple(_iterate_processes(package)),
        tuple(_build_operation(operation) for _, operation in sorted(package.operations.items())),
        tuple(ClauseChoice(clause.id, clause.article, clause.summary) for clause in package.law.clauses.values()),
        diagram.slots if diagram else (),
        tuple(diagram.variables) if diagram else (),
        tuple(PieceChoice(message, name) for message, name in message_names(package).items()),
        tuple(_iterate_periods(package, today)),
        _drop_repeated(_iterate_starts(package, diagram)),
        _drop_repeated(_ends_of_steps(package, diagram)) if diagram else (),
    )


def _drop_repeated(choices: Iterable[PieceChoice]) -> tuple[PieceChoice, ...]:
    return tuple({choice.id: choice for choice in reversed([*choices])}.values())[::-1]


def _to_text(name: str) -> Text:
    return Text(name, name)


def _iterate_forms(package: Package) -> Iterator[FormChoice]:
    for ident, path in package.forms.items():
        schema: dict[str, Any] = {}
        with suppress(LaurelError):
            schema = package.form(ident)
        keys = tuple(sorted(form_keys(schema)))
        labels = {
            form_field.path: _to_text(form_field.label)
            for form_field in form_fields(schema)
            if form_field.label and form_field.path in keys
        }
        yield FormChoice(ident, _to_text(title_of(package, path)), path, keys, labels)


def _iterate_processes(package: Package) -> Iterator[ProcessChoice]:
    names = names_apart(((path, PieceKind.DIAGRAM, title_of(package, path)) for path in package.diagrams), package)
    for path, diagram in package.diagrams.items():
        shared = path.startswith("processes/shared/")
        citing = {slot: tuple(_iterate_citing(diagram, slot)) for slot in diagram.slots}
        yield ProcessChoice(
            diagram.process_id, _to_text(names[path]), path, diagram.slots, shared, citing, diagram.outputs
        )


def _iterate_citing(diagram: Diagram, slot: str) -> Iterator[str]:
    """Yield the names of what cites a slot, itself or in what it calls."""
    word = f"{SLOT}{slot}"
    for element in diagram.elements.values():
        if element.name and word in (*element.clauses, *(each for cited in element.slots.values() for each in cited)):
            yield element.name


def _build_operation(operation: Operation) -> OperationChoice:
    return OperationChoice(
        operation.id,
        operation.title,
        group=operation.id.partition(".")[0],
        parameters=tuple(_build_parameter(operation.id, parameter) for parameter in operation.parameters),
        result=tuple(operation.result),
    )


def _build_parameter(operation: str, parameter: OperationParameter) -> ParameterChoice:
    names = _PIECES.get(NAMED_BY.get(parameter.name, ""), "") if parameter.type == "string" else ""
    label = parameter_name(operation, parameter.name)
    return ParameterChoice(
        parameter.name, label, parameter.type, parameter.required, parameter.help, parameter.default, names
    )


def _iterate_periods(package: Package, today: date) -> Iterator[PeriodChoice]:
    for ident, parameter in package.award.parameters.items():
        if parameter.unit in _PERIODS:
            value: Any = parameter.value_on(today) if parameter.values else None
            yield PeriodChoice(
                ident,
                parameter.text,
                unit=parameter.unit.value,
                value="" if value is None else str(value),
                said=_NOT_SET if value is None else value_words(parameter, value),
                clauses=parameter.clauses,
            )


def _iterate_starts(package: Package, diagram: Diagram | None) -> Iterator[PieceChoice]:
    """Yield the days that a period may count from: those that steps of the diagram give, and that cases record."""
    if diagram is not None:
        yield from _days_of_steps(package, diagram)
    yield PieceChoice("date and time(case.started_at)", Text("办件开始之日", "the day the case began"))
    kinds = package.award.processes
    drawn = [info for info in kinds.values() if diagram is not None and info.process == diagram.process_id]
    for info in drawn or kinds.values():  # a shared diagram is run by cases of any kind
        yield from _days_of_case(package, "case", Text("本办件", "the case"), info)
    for info in drawn:
        above = kinds.get(info.parent or "")
        while above is not None:
            yield from _days_of_case(package, above.key, above.text, above)
            above = kinds.get(above.parent or "")


def _days_of_case(package: Package, scope: str, whose: Text, info: ProcessInfo) -> Iterator[PieceChoice]:
    """Yield the days that a kind of case records, as formulas read them from ``scope``: the case itself, or one above it."""
    for name, kind in info.facts.items():
        if kind in ("date", "date and time"):
            day_label = fact_called(package, name) or Text(f"日期“{name}”", f"day “{name}”")
            yield PieceChoice(
                f"{kind}({scope}.{name})", Text(f"{whose.zh}的{day_label.zh}", f"{day_label.en} of {whose.en}")
            )


def _days_of_steps(package: Package, diagram: Diagram) -> Iterator[PieceChoice]:
    """Yield the days among what the operations of a diagram give, such as the day on which a notice was posted."""
    for name, result, key in _iterate_results(package, diagram, "date"):
        words = WORDS.get(key, Text("日期", "day"))
        yield PieceChoice(f"date({result}.{key})", Text(f"“{name}”的{words.zh}", f"{words.en} of “{name}”"))


def _ends_of_steps(package: Package, diagram: Diagram) -> Iterator[PieceChoice]:
    """Yield the instants among them, until which one may wait, such as the end of a notice that was posted."""
    for name, result, key in _iterate_results(package, diagram, "date and time"):
        words = _ENDS.get(key, Text("时刻", "instant"))
        end_label = Text(f"“{name}”的{words.zh}", f"{words.en} of “{name}”")
        yield PieceChoice(f"date and time({result}.{key})", end_label)


def _iterate_results(package: Package, diagram: Diagram, kind: str) -> Iterator[tuple[str, str, str]]:
    """Yield what the operations of a diagram give of a kind: the name of the step, of its result, and of the value."""
    for element in diagram.elements.values():
        call = element.operation
        operation = package.operations.get(call.operation) if call is not None and call.result else None
        if call is not None and operation is not None:
            yield from (
                (element.name, call.result or "", key) for key, is_of in operation.result.items() if is_of == kind
            )


@guarded("draft.view")
def propose_key(desk: Desk, actor: Actor, draft: int, meaning: str, taken: tuple[str, ...] = ()) -> str:
    """Return a key for what means ``meaning`` (审定结论: ``shen_ding_jie_lun``), none of ``taken``; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
    return made_id(meaning, {*taken, *RESERVED_KEYS}, "value")
