"""What two sides say differently with names for ids: articles for clauses, titles for operations, forms, roles and processes."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from service.catalog import Package
from service.catalog.merge.differences import FieldDifference, FileDifference, PieceChange, RecordDifference
from service.catalog.word_lists import parameter_name
from service.domain.text import Text, spoken

_SAID_BY_SUBJECT = ("id", "key", "name", "article")
"""What a record that only one side has is called by already."""
Say = Callable[[Text], str]
"""Picks the reader's language."""
_APART = re.compile(r"[\s,，、]+")


def named_difference(found: FileDifference, left: Package, right: Package, say: Say) -> FileDifference:
    """Return ``found`` with names for the ids that its records say, in the language of ``say``.

    An id that its side does not know stays as it is.
    """
    return replace(found, records=tuple(_record(each, left, right, say) for each in found.records))


def _record(found: RecordDifference, left: Package, right: Package, say: Say) -> RecordDifference:
    operation = next((f.right or f.left for f in found.fields if f.name == "operation"), None)
    whole = found.change in (PieceChange.ADDED, PieceChange.REMOVED)
    told = [each for each in found.fields if not (whole and each.name in _SAID_BY_SUBJECT)]
    return replace(found, fields=tuple(_field(each, left, right, operation, say) for each in told))


def _field(found: FieldDifference, left: Package, right: Package, operation: str | None, say: Say) -> FieldDifference:
    head, _, parameter = found.name.rpartition(".")
    if head == "operation":
        return replace(found, label=_parameter(right, operation, parameter))
    name = _NAMES.get(found.name) or _NAMES.get(parameter if head == "properties" else "")
    if name is None:
        return found
    one, other = found.left and say(name(left, found.left)), found.right and say(name(right, found.right))
    return replace(found, left=one, right=other)


def _parameter(package: Package, operation: str | None, name: str) -> Text:
    return parameter_name(operation or "", name) if operation in package.operations else Text(name, name)


def _articles(package: Package, said: str) -> Text:
    law = package.law
    cited = "、".join(
        dict.fromkeys(law.article(one) if one in law.clauses else one for one in _APART.split(said) if one)
    )
    return Text(cited, cited)


def _operation(package: Package, said: str) -> Text:
    known = package.operations.get(said)
    return known.title if known else Text(said, said)


def _role(package: Package, said: str) -> Text:
    known = package.jurisdiction.roles.get(said)
    return known.text if known else Text(said, said)


def _form(package: Package, said: str) -> Text:
    about = package.form_properties(said) if said in package.forms else {}
    return spoken(about, "title", str(about.get("title", said)))


def _process(package: Package, said: str) -> Text:
    known = package.processes.get(said)
    return Text(known.name or said, known.name or said) if known else Text(said, said)


_NAMES: dict[str, Callable[[Package, str], Text]] = {
    "clauses": _articles,
    "operation": _operation,
    "role": _role,
    "form": _form,
    "calledElement": _process,
}
