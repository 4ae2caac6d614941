"""What two sides say differently with names for ids: articles for clauses, titles for operations, forms, roles and processes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from service.catalog import Package
from service.catalog.merge.differences import FieldDifference, FileDifference, PieceChange, RecordDifference
from service.catalog.word_lists import parameter_name
from service.domain.text import Text

_SAID_BY_SUBJECT = ("id", "key", "name", "article")
"""What a record that only one side has is called by already."""
_APART = re.compile(r"[\s,，、]+")


def named_difference(found: FileDifference, left: Package, right: Package) -> FileDifference:
    """Return ``found`` with names for the ids that its records say; an id that its side does not know stays as it is."""
    return replace(found, records=tuple(_record(each, left, right) for each in found.records))


def _record(found: RecordDifference, left: Package, right: Package) -> RecordDifference:
    operation = next((f.right or f.left for f in found.fields if f.name == "operation"), None)
    whole = found.change in (PieceChange.ADDED, PieceChange.REMOVED)
    told = [each for each in found.fields if not (whole and each.name in _SAID_BY_SUBJECT)]
    return replace(found, fields=tuple(_field(each, left, right, operation) for each in told))


def _field(found: FieldDifference, left: Package, right: Package, operation: str | None) -> FieldDifference:
    head, _, parameter = found.name.rpartition(".")
    if head == "operation":
        return replace(found, label=_parameter(right, operation, parameter))
    name = _NAMES.get(found.name) or _NAMES.get(parameter if head == "properties" else "")
    if name is None:
        return found
    return replace(found, left=found.left and name(left, found.left), right=found.right and name(right, found.right))


def _parameter(package: Package, operation: str | None, name: str) -> Text:
    return parameter_name(operation or "", name) if operation in package.operations else Text(name, name)


def _articles(package: Package, said: str) -> str:
    law = package.law
    return "、".join(
        dict.fromkeys(law.article(one) if one in law.clauses else one for one in _APART.split(said) if one)
    )


def _operation(package: Package, said: str) -> str:
    known = package.operations.get(said)
    return known.title.zh if known else said


def _role(package: Package, said: str) -> str:
    known = package.jurisdiction.roles.get(said)
    return known.name if known else said


def _form(package: Package, said: str) -> str:
    if said not in package.forms:
        return said
    return str((package.form(said).get("properties") or {}).get("title", said))


def _process(package: Package, said: str) -> str:
    known = package.processes.get(said)
    return (known.name or said) if known else said


_NAMES: dict[str, Callable[[Package, str], str]] = {
    "clauses": _articles,
    "operation": _operation,
    "role": _role,
    "form": _form,
    "calledElement": _process,
}
