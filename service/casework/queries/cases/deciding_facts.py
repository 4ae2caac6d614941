"""What a finding was decided from: the facts that its row of the table reads, with the values on record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.reading.submissions import Submission
from service.casework.reading.value_words import value_in_words
from service.catalog import Package
from service.catalog.formula_help.called import called
from service.domain.errors import NotFound
from service.domain.forms.model import Group, Input, key_of, same_object
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.store.models import CaseRow, FindingRow

_DECIDES = "met"
"""The column that says whether a ground is met."""
_MASK = Text("●●●", "●●●")
_REASON = "reason"

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecidingFact:
    """A fact by its name, and its value on record; None where the reader is told by whom it was found, not what."""

    name: Text
    value: Text | None


@dataclass(frozen=True, slots=True)
class Readable:
    """What a reader may see of a case: its forms, newest first, and ``inside``: whether facts of the case are shown."""

    case: CaseRow
    forms: Sequence[Submission]
    inside: bool


def facts_of(desk: Desk, package: Package, finding: FindingRow, known: Readable) -> tuple[DecidingFact, ...]:
    """Return the facts that decided ``finding``, named as forms name them; what has no name is left out."""
    found = []
    for path in sorted(_read_by(desk, package, finding)):
        [name] = called(package, [".".join(path)])
        unset = path[0] == "param" and value_at(known.case.parameters or {}, path[1:]) is None
        if name.zh != ".".join(path) and not unset:
            found.append(DecidingFact(name, _value(package, path, known)))
    return tuple(dict.fromkeys(found))


def reason_given(finding: FindingRow) -> str:
    """Return what the person who settled the ground wrote, "" where the program found it."""
    rows = (row for row in reversed(finding.details.get("evidence") or []) if isinstance(row, Mapping))
    return next((str(row[_REASON]) for row in rows if row.keys() == {_REASON} and row[_REASON]), "")


def _read_by(desk: Desk, package: Package, finding: FindingRow) -> frozenset[Path]:
    try:
        table = desk.packages.table(package, finding.table)
    except NotFound:  # the version that is in force now has another table
        return frozenset()
    rule = next((rule for rule in table.rules if rule.id == finding.ground), None)
    if rule is None:
        return frozenset()
    cells = zip(table.outputs, rule.outputs, strict=True)
    return next((cell.get().paths for output, cell in cells if output.name == _DECIDES), frozenset())


def _value(package: Package, path: Path, known: Readable) -> Text | None:
    first, rest = path[0], path[1:]
    if first == "param":
        return value_in_words(package, value_at(known.case.parameters or {}, rest))
    if first == "case":
        return value_in_words(package, value_at(known.case.facts or {}, rest)) if known.inside else None
    form = next((one for one in known.forms if one.form.id == first), None)
    if form is None:
        return None
    field = next(iter(_fields(form.form.nodes, rest)), None)
    if field is not None and (field.personal or field.secret) and not form.own:
        return _MASK
    return value_in_words(package, value_at(form.values, rest), field)


def _fields(nodes: Iterable[Any], path: Path) -> Iterator[Input]:
    """Yield the field at ``path``, where it is one."""
    for node in same_object(tuple(nodes)):
        if not path or key_of(node) != path[0]:
            continue
        if isinstance(node, Group):
            yield from _fields(node.children, path[1:])
        elif isinstance(node, Input) and len(path) == 1:
            yield node
