"""The record of a real case as a draft reads it: who applies as an individual, and facts with personal values, masked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from service.casework.archives.masks import Masks
from service.casework.subjects.individuals import INDIVIDUAL
from service.domain.forms import masked
from service.store import Transaction
from service.store.rows import BodyRow, CaseRow

_CASES = ("children", "siblings", "beside")
_SHORTEST = 2


class MaskedRecord(Mapping[str, Any]):
    """A record scope in which names and identity numbers of individuals are masked wherever they stand.

    Of the facts of the case and of those around it what bears one of the ``hidden`` names is masked, and what is as
    somebody ``typed`` it into a personal or secret field.
    """

    def __init__(
        self,
        tx: Transaction,
        case: CaseRow,
        scope: Mapping[str, Any],
        hidden: frozenset[str],
        typed: Collection[str],
    ) -> None:
        self._tx, self._scope, self._hidden = tx, scope, hidden - _OWN
        self._typed = {text for text in typed if len(text) >= _SHORTEST}
        self._known: dict[str, Any] = {}
        bodies = [body for held in tx.cases.parties(case.id).values() for body in held]
        if case.subject_id is not None:
            bodies.append(tx.people.body(case.subject_id))
        self._masks = _masks(bodies)

    def __getitem__(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = self._shown(name, self._scope[name])
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        return name in self._scope

    def __iter__(self) -> Iterator[str]:
        return iter(self._scope)

    def __len__(self) -> int:
        return len(self._scope)

    def _shown(self, name: str, value: Any) -> Any:
        if name in _CASES:
            subjects = {row["subject"]["id"] for row in value if row.get("subject")}
            others = _masks(self._tx.people.bodies_by_id(subjects).values())
            return [others.anywhere(self._masks.anywhere(self._facts(row))) for row in value]
        if isinstance(value, Mapping) and {"id", "process", "status"} <= value.keys():
            return self._masks.anywhere(self._facts(value))
        return self._masks.anywhere(value)

    def _facts(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: masked(value) if self._personal(name, value) else value for name, value in row.items()}

    def _personal(self, name: str, value: Any) -> bool:
        return name in self._hidden or (isinstance(value, str) and value in self._typed)


_OWN = frozenset({"id", "number", "title", "process", "status", "outcome", "started_at", "subject"})
"""What every case says of itself, whatever fields of forms are called."""


def _masks(bodies: Collection[BodyRow]) -> Masks:
    people = [body for body in bodies if body.kind == INDIVIDUAL]
    return Masks([], {word for body in people for word in (body.name, body.key)})
