"""Frames: a called diagram finds every key it reads in the values its caller takes for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from service.catalog.bpmn.model import Diagram
from service.catalog.feel import compiled, words_of
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, build_warning_problem
from service.catalog.rules.formulas import formulas_of
from service.catalog.rules.places import label_of
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelSyntaxError, nodes
from service.domain.text import Text

TAKE = "values.take"
PARTS = ("values", "given")
"""What it hands over: computed over the records, or as written."""
_ASKED_FOR = re.compile(r'get value\((\w+), "(\w+)"\)')
"""A variable and a key of it that a formula first asks for: it may be missing."""
Reads = Mapping[str, frozenset[str]]
"""Variable → keys read of it."""


@check(Extent.PACKAGE, "frame_key_missing")
def frames_complete(checked: Checked) -> Iterator[Problem]:
    """A caller that takes values under a name takes every key that what it calls reads under that name."""
    reads = _map_reads(checked)
    for diagram in checked.package.diagrams.values():
        frames = taken(checked, diagram)
        for call in diagram.calls:
            for variable, keys in frames.items():
                needed = _collect_needed_keys(checked, reads, call.called, variable, frozenset())
                for key in sorted(needed - keys):
                    label = label_of(diagram, call.id)
                    yield build_warning_problem(
                        diagram.file, call.id, "frame_key_missing",
                        f"“{label.zh}”要读取“{variable}.{key}”，取值时没有给出它。",
                        f"“{label.en}” reads “{variable}.{key}”, which the values taken do not hold.",
                        Text(
                            f"选中取值的环节，在它要取的值（values.take）中加上“{key}”。",
                            f"Choose the step that takes values, and add “{key}” to what it takes (values.take).",
                        ),
                    )  # fmt: skip


def taken(checked: Checked, diagram: Diagram) -> dict[str, frozenset[str]]:
    """Return the variables that the diagram fills by taking values alone, with all keys it takes; others are left out."""
    frames: dict[str, frozenset[str]] = {}
    called = [checked.package.processes.get(call.called) for call in diagram.calls]
    foreign = {name for other in called if other is not None for name in other.outputs}
    for element in diagram.elements.values():
        call = element.operation
        if element.message_variable:
            foreign.add(element.message_variable)
        if call is None or not call.result:
            continue
        written = [keys_of_context(call.parameters[part]) for part in PARTS if part in call.parameters]
        if call.operation != TAKE or None in written:
            foreign.add(call.result)
        else:
            frames[call.result] = frames.get(call.result, frozenset()).union(*(keys for keys in written if keys))
    return {name: keys for name, keys in frames.items() if name not in foreign}


def keys_of_context(text: str) -> frozenset[str] | None:
    """Return the keys of a context as it is written, None for anything else."""
    try:
        node = compiled(text).node
    except FeelSyntaxError:
        return None  # reported as a formula
    return frozenset(name for name, _ in node.entries) if isinstance(node, nodes.ContextLiteral) else None


def _collect_needed_keys(
    checked: Checked, reads: Mapping[str, Reads], process: str, variable: str, seen: frozenset[str]
) -> frozenset[str]:
    """Return the keys of ``variable`` that ``process`` and what it calls read, those it may do without left out."""
    diagram = checked.package.processes.get(process)
    if diagram is None or process in seen or variable not in diagram.variables or variable in taken(checked, diagram):
        return frozenset()
    keys = reads[diagram.file].get(variable, frozenset())
    for call in diagram.calls:
        keys |= _collect_needed_keys(checked, reads, call.called, variable, seen | {process})
    optional = {word.partition(".")[2] for word in diagram.optional if word.partition(".")[0] == variable}
    return keys - optional


def _map_reads(checked: Checked) -> dict[str, Reads]:
    """Return by diagram file what its expressions, and the documents it issues, read of its variables."""
    by_file: dict[str, dict[str, set[str]]] = {}
    for formula in formulas_of(checked):
        try:
            paths = compiled(formula.text).paths
        except FeelSyntaxError:
            continue
        optional_paths = set(_ASKED_FOR.findall(formula.text))
        for path in paths:
            if len(path) > 1 and path[:2] not in optional_paths:
                by_file.setdefault(formula.file, {}).setdefault(path[0], set()).add(path[1])
    reads_by_file: dict[str, Reads] = {}
    for diagram in checked.package.diagrams.values():
        keys_by_name = {name: set(keys) for name, keys in by_file.get(diagram.file, {}).items()}
        for template in _iterate_issued_templates(diagram):
            document = checked.package.documents.get(template)
            for name, keys in by_file.get(document.file, {}).items() if document else ():
                keys_by_name.setdefault(name, set()).update(keys)
        reads_by_file[diagram.file] = {
            name: frozenset(keys) for name, keys in keys_by_name.items() if name in diagram.variables
        }
    return reads_by_file


def _iterate_issued_templates(diagram: Diagram) -> Iterator[str]:
    for element in diagram.elements.values():
        if element.operation is not None:
            yield from words_of(element.operation.parameters.get("template", ""))
