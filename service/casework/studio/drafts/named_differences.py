"""What two sides say differently with names for ids: articles for clauses, titles for what a package declares, names of elements."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from service.catalog import Package
from service.catalog.bpmn.model import Diagram
from service.catalog.differences.differences import FieldDifference, FileDifference, PieceChange, RecordDifference
from service.catalog.names.field_names import naming_of
from service.catalog.wording.word_lists import parameter_name
from service.domain.text import Text

_SAID_BY_SUBJECT = ("id", "key", "name", "article")
"""What a record that only one side has is called by already."""
_OWN_ID = "“id”"
"""The entry by which a file that only one side has is named for programs; people are told its title."""
Say = Callable[[Text], str]
"""Picks the reader's language."""
_LITERAL = re.compile(r'"(\w+)"')


def named_difference(found: FileDifference, left: Package, right: Package, say: Say) -> FileDifference:
    """Return ``found`` with names for the ids that its records say, in the language of ``say``.

    An id that its side does not know stays as it is.
    """
    told = (each for each in found.records if found.change is PieceChange.CHANGED or each.subject.zh != _OWN_ID)
    return replace(found, records=tuple(_record(each, found.path, left, right, say) for each in told))


def _record(found: RecordDifference, path: str, left: Package, right: Package, say: Say) -> RecordDifference:
    operation = next((f.right or f.left for f in found.fields if f.name == "operation"), None)
    whole = found.change in (PieceChange.ADDED, PieceChange.REMOVED)
    told = [each for each in found.fields if not (whole and each.name in _SAID_BY_SUBJECT)]

    def field(one: FieldDifference) -> FieldDifference:
        sides = _said(left, path, one.name, one.left, say), _said(right, path, one.name, one.right, say)
        return FieldDifference(one.name, _label(right, one.name, one.label, operation), *sides)

    return replace(found, fields=tuple(field(each) for each in told))


def _label(package: Package, name: str, label: Text, operation: str | None) -> Text:
    head, _, parameter = name.rpartition(".")
    return _parameter(package, operation, parameter) if head == "operation" else label


def _said(package: Package, path: str, field: str, said: str | None, say: Say) -> str | None:
    """Return what a side says with names for the ids in it; None and nothing stay."""
    if not said:
        return said
    if field.startswith("operation."):
        naming = naming_of(field)
        return _literals(naming, package, said, say) if naming else said
    if field in _ELEMENTS and path in package.diagrams:
        return _element(package.diagrams[path], said)
    naming = naming_of(field)
    return say(naming(package, said)) if naming else said


def _literals(naming: Callable[[Package, str], Text], package: Package, said: str, say: Say) -> str:
    """Return a formula with names for the words in it that name a piece."""
    return _LITERAL.sub(lambda one: f"“{say(naming(package, one[1]))}”", said)


def _element(diagram: Diagram, said: str) -> str:
    known = diagram.elements.get(said) or diagram.flows.get(said)
    named = known.name if known else next((lane.name for lane in diagram.lanes if lane.id == said), "")
    return named or (diagram.name if said == diagram.process_id else "") or said


def _parameter(package: Package, operation: str | None, name: str) -> Text:
    return parameter_name(operation or "", name) if operation in package.operations else Text(name, name)


_ELEMENTS = ("sourceRef", "targetRef", "attachedToRef", "default", "lane", "parent")
"""What a diagram says of an element by the id of another one."""
