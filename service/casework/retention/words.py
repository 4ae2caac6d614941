"""The words that are to go: what people typed into personal or secret fields of a case, wherever they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.archives.masks import Masks, typed_at
from service.casework.desk.desk import Desk
from service.casework.subjects.individuals import INDIVIDUAL, ORGANISATION
from service.domain.audit_chain import ERASED
from service.domain.forms import Form
from service.domain.retention import INTERNAL, PERSONAL, SECRET
from service.store import Transaction
from service.store.rows import BodyRow, CaseRow

_SHORTEST, _SHORTEST_NUMBER = 2, 5
"""Shorter ones stand everywhere without meaning a person; they go from their own field alone."""


@dataclass(frozen=True, slots=True)
class ErasedWords:
    """What goes by value (``masks``), and by its place in the forms (``paths`` by form)."""

    masks: Masks
    paths: Mapping[str, Collection[str]]

    def blank(self, form: str, data: Any) -> Any:
        """Return the values of a form without those of its fields that go."""
        for path in self.paths.get(form, ()):
            data = _without(data, path.replace("[]", "").split("."))
        return data


def words_of(desk: Desk, tx: Transaction, case: CaseRow, root: CaseRow, parts: Collection[str]) -> ErasedWords:
    """Return the words of a case that go with these classes of data.

    What is also part of the name of an organisation or authority stays: that is public.
    """
    package = desk.packages.get(case.definition, tx)
    paths: dict[str, set[str]] = {}
    values: set[str] = set()
    for row in tx.forms.of_case(case.id, taken_back=True):
        form = desk.packages.form(package, row.form)
        paths[row.form] = _paths(form, parts)
        values |= {text.strip() for path in paths[row.form] for text in typed_at(row.data, path)}
    if PERSONAL in parts:
        values |= {word for body in individuals_of(tx, case) for word in (body.name, body.key)}
    files = uploads_of(tx, case, parts)
    values = (values | {name for _, name, _, _ in files}) - {ident for ident, *_ in files}
    names = [body.name for body in tx.cases.bodies_in_tree(root.id, ORGANISATION)]
    public = "\n".join((*names, *(body.name for body in package.jurisdiction.bodies)))
    telling = {value for value in values if _tells(value) and value not in public and value != ERASED}
    return ErasedWords(Masks([], telling, shown=lambda _: ERASED), paths)


def individuals_of(tx: Transaction, case: CaseRow) -> list[BodyRow]:
    """Return the individuals that take part in a case and are not on the register, where their names are public."""
    bodies = {body.id: body for held in tx.cases.parties(case.id).values() for body in held}
    if case.subject_id is not None:
        bodies[case.subject_id] = tx.people.body(case.subject_id)
    people = [body for body in bodies.values() if body.kind == INDIVIDUAL]
    return [body for body in people if not tx.register.awards(body.id) and not tx.register.sanctions(body.id)]


def uploads_of(tx: Transaction, case: CaseRow, parts: Collection[str]) -> Sequence[tuple[str, str, str, str | None]]:
    """Return id, name, SHA-256 and secret of the uploads that go: all with personal data, marked ones with secrets."""
    known = tx.erasures.uploads(case.id)
    if PERSONAL in parts or INTERNAL in parts:
        return known
    return [one for one in known if SECRET in parts and one[3] is not None]


def _paths(form: Form, parts: Collection[str]) -> set[str]:
    fields = form.fields()
    personal = {info.path for info in fields if info.personal and PERSONAL in parts}
    return personal | {info.path for info in fields if info.secret and SECRET in parts}


def _tells(value: str) -> bool:
    return len(value) >= (_SHORTEST_NUMBER if value.isdigit() else _SHORTEST)


def _without(value: Any, path: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_without(row, path) for row in value] if path else []
    if not path or not isinstance(value, Mapping):
        return None
    return {name: _without(inner, path[1:]) if name == path[0] else inner for name, inner in value.items()}
