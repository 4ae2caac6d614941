"""Assist with a clause: parameter, citation on an element, and an expectation that proves it, shown before it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.change_parameter import demand_lawful, demand_readable
from service.casework.studio.draft_access import open_for_change, visible_draft
from service.casework.studio.draft_tree import DraftTree, grown, tree_of
from service.casework.studio.play_scenarios import scenario_files
from service.casework.studio.prove_clause import proving_row, with_expectation
from service.casework.studio.save_files import FileChange, changes_of, save_files, text_of
from service.catalog import Basis, Package, Parameter, Unit
from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.model import Element
from service.catalog.clause_assistants import ASSISTANTS, AssistKind, wiring
from service.catalog.parameter_entries import add_parameter, change_parameter, set_value
from service.catalog.pattern_uses import uses_of, without_pattern
from service.catalog.proofs import row_words
from service.catalog.settings import read_value
from service.catalog.source.freeze import thaw
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class TypedAssistance:
    """What was typed: ``value`` of parameter ``parameter``, ``bound`` (exactly, minimum, maximum or ""), where it applies.

    ``element`` is "file#id" of an element of the city's own, "" for none; ``scenario`` the file that gets the expectation.
    """

    kind: AssistKind
    clause: str
    parameter: str
    name: str = ""
    unit: str = ""
    value: str = ""
    bound: str = ""
    second: str = ""
    element: str = ""
    scenario: str = ""


@dataclass(frozen=True, slots=True)
class Assistance:
    """The files that would change; ``expectation`` in words, or in ``remark`` why there is none."""

    changes: tuple[FileChange, ...]
    expectation: str
    remark: Text | None


@dataclass(frozen=True, slots=True)
class AssistChoices:
    """What an assistant may apply to: elements as ("file#id", name, diagram), and scenarios as (path, title)."""

    elements: tuple[tuple[str, str, str], ...]
    scenarios: tuple[tuple[str, str], ...]


@guarded("draft.view")
def assist_choices(desk: Desk, actor: Actor, draft: int) -> AssistChoices:
    """Return the elements and scenarios of a draft that an assistant may change."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    elements = tuple(
        (f"{path}#{element.id}", element.name or element.id, diagram.name or diagram.process_id)
        for path, diagram, element in _own_elements(tree.package, row.package)
    )
    return AssistChoices(elements, tuple((f.path, f.title) for f in scenario_files(tree.filled, row.package)))


@guarded("draft.edit")
def propose_assistance(desk: Desk, actor: Actor, draft: int, typed: TypedAssistance) -> Assistance:
    """Return what the assistant would write; raises Invalid, with the article, for what the law does not allow."""
    with desk.store.read() as tx:
        return _proposed(desk, tx, actor, draft, typed)


@guarded("draft.edit")
def write_assistance(desk: Desk, actor: Actor, draft: int, typed: TypedAssistance) -> None:
    """Write what `propose_assistance` shows; raises as it does."""
    proposal = propose_assistance(desk, actor, draft, typed)
    note = f"{ASSISTANTS[typed.kind].title.zh}：{typed.clause}"
    save_files(desk, actor, draft, proposal.changes, note)


def _proposed(desk: Desk, tx: Transaction, actor: Actor, draft: int, typed: TypedAssistance) -> Assistance:
    row = open_for_change(tx, actor, draft)
    tree = tree_of(desk, tx, draft)
    tree.package.law.clause(typed.clause)
    texts = {**_parameters(tree, typed), **_element(tree, typed)}
    files = {**tree.files, **{path: text.encode() for path, text in texts.items()}}
    changed = grown(desk, row.package, tree, _own_files(tree, files, texts)).package
    path = tree.package.parameters_file
    demand_readable(tree, changed, path)
    for ident in _idents(typed):
        demand_lawful(changed, tree.package.award.parameters.get(ident), changed.award.parameters[ident])
    expectation, remark = "", None
    if typed.scenario:
        found = proving_row(desk, tree.filled, changed, typed.kind, typed.element, typed.scenario)
        if found is None:
            remark = Text(
                "这个情景没有走到所选的环节，没有可以写的期望。请换一个情景，或者先补上步骤。",
                "This scenario does not come to the chosen step: take another, or add steps first.",
            )
        else:
            texts[typed.scenario] = with_expectation(text_of(tree, typed.scenario), found, typed.clause)
            expectation = row_words(changed)(found)
    return Assistance(changes_of(tree, texts), expectation, remark)


def _own_files(tree: DraftTree, files: Mapping[str, bytes], texts: Mapping[str, str]) -> dict[str, bytes]:
    """Return the raw files where a diagram that was made of a pattern is one of the place's own."""
    made = dict(files)
    for path in texts:
        uses = without_pattern(tree.files, path)
        if uses is not None:
            made[uses_of(path)] = uses
    return made


def _idents(typed: TypedAssistance) -> tuple[str, ...]:
    second = ASSISTANTS[typed.kind].second
    return (typed.parameter, second) if second and typed.second.strip() else (typed.parameter,)


def _parameters(tree: DraftTree, typed: TypedAssistance) -> dict[str, str]:
    """Return parameters.yaml with the value, new or instead of the one that stands there."""
    assistant, path = ASSISTANTS[typed.kind], tree.package.parameters_file
    text = _with_value(
        tree, text_of(tree, path), typed, typed.parameter, typed.name, typed.unit, typed.value, typed.bound
    )
    if len(_idents(typed)) > 1:
        name, unit = assistant.second_title.zh.partition("（")[0], assistant.second_unit.value
        text = _with_value(tree, text, typed, assistant.second, name, unit, typed.second, "")
    return {path: text}


def _with_value(
    tree: DraftTree, text: str, typed: TypedAssistance, ident: str, name: str, unit: str, value: str, bound: str
) -> str:
    if not value.strip():
        raise Invalid(Text("请填写取值。", "Enter the value."))
    old = tree.package.award.parameters.get(ident)
    if old is not None:
        read = read_value(old, value)
        clauses = list(dict.fromkeys([*old.clauses, typed.clause]))
        text = change_parameter(text, ident, {"clauses": clauses}) if clauses != list(old.clauses) else text
        return set_value(text, ident, read) if read != thaw(old.values[-1].value) else text
    known = _in_vocabulary(tree, ident)
    if not name.strip() and not known:
        raise Invalid(Text("请填写参数名称。", "Enter the name of the parameter."))
    counted = _unit(unit)
    read = read_value(Parameter(ident, Text(name, name), counted, Basis.STATED, (), ()), value)
    said: dict[str, Any] = {"clauses": [typed.clause], "source": "stated"}
    if not known:
        said |= {"name": name.strip(), "unit": counted.value}
    said |= {"exactly": read} if bound == "exactly" else {"value": read}
    if bound in ("minimum", "maximum"):
        said[bound] = read
    return add_parameter(text, ident, said)


def _unit(typed: str) -> Unit:
    try:
        return Unit(typed)
    except ValueError:
        raise Invalid(Text("请选择单位。", "Choose a unit.")) from None


def _in_vocabulary(tree: DraftTree, ident: str) -> bool:
    """Tell whether all places share what is said of a parameter: its name and unit need not be written then."""
    folder = "processes/shared/parameters/"
    texts = (data.decode() for path, data in tree.files.items() if path.startswith(folder))
    return any(f"\n  {ident}:" in text for text in texts)


def _element(tree: DraftTree, typed: TypedAssistance) -> dict[str, str]:
    """Return the diagram whose element cites the clause, and keeps to the parameter where it has a place for it."""
    if not typed.element:
        return {}
    path, _, ident = typed.element.partition("#")
    diagram = tree.package.diagrams.get(path)
    element = diagram.elements.get(ident) if diagram else None
    if element is None:
        raise Invalid(Text("所选的图元已经不在了，请重新选择。", "The chosen element is gone: choose again."))
    wired = wiring(typed.kind, _unit_of(tree, typed), element, typed.parameter)
    cited = " ".join(dict.fromkeys([*element.clauses, typed.clause]))
    after = change_element(tree.filled[path], path, ident, {"clauses": cited, **wired.properties}, wired.parameters)
    return {path: after.decode()}


def _unit_of(tree: DraftTree, typed: TypedAssistance) -> Unit:
    old = tree.package.award.parameters.get(typed.parameter)
    return old.unit if old is not None else _unit(typed.unit or ASSISTANTS[typed.kind].units[0].value)


def _own_elements(package: Package, key: str) -> Iterator[tuple[str, Any, Element]]:
    for path, diagram in package.diagrams.items():
        if path.startswith(f"processes/{key}/"):
            for element in diagram.elements.values():
                yield path, diagram, element
