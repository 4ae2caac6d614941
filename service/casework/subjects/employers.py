"""For whom an expert works by the register of experts: matched with organisations by number, name and code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.casework.subjects.register_facts import (
    names_above,
    names_of,
    organisations_above,
    predecessors_of,
    same_organisations,
)
from service.domain.text import Text
from service.domain.values.typed_text import plain_name
from service.store import Transaction
from service.store.models import BodyRow, ExpertRow

EMPLOYED = Text("现任职于申报组织", "works for an applicant")
"""The tie of an expert whom the register says to work for an applicant."""
EMPLOYED_BEFORE = Text("任职于由申报组织承继的单位", "works for an organisation that the applicant succeeded")
UNIT_ITSELF = Text("为申报组织或者其上级单位", "is the applicant or its parent")
EMPLOYED_ABOVE = Text("现任职于申报人所在单位或者上级单位", "works for the employer or the parent of an applicant")
EVERYWHERE = "*"


def find_employer_body(tx: Transaction, employer: str) -> int | None:
    """Return the organisation that ``employer`` (a name or a unified social credit code) is, None where it is not certain."""
    coded = tx.bodies.find(jurisdiction=EVERYWHERE, key=employer.strip())
    if coded is not None:
        return coded.id
    named = tx.bodies.organisations_named([employer.strip()])
    return named[0].id if len(named) == 1 else None


def works_for(row: ExpertRow, body: BodyRow) -> bool:
    """Tell whether the register says that an expert works for an organisation: by its number, its code, or a name it bears or bore."""
    if row.employer_id is not None and row.employer_id in (body.id, *same_organisations(body)):
        return True
    return plain_name(row.employer) in map(plain_name, (*names_of(body), body.key))


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose application a panel reviews; ``names`` and ``above`` are what it belongs to, as it says and as on record.

    ``before`` are the organisations that it succeeded.
    """

    body: BodyRow
    names: frozenset[str]
    above: Sequence[BodyRow]
    before: Sequence[BodyRow]

    def includes(self, unit: str) -> bool:
        """Tell whether the unit of this name is the applicant, one that it succeeded, or what it belongs to."""
        own = [name for body in (self.body, *self.before) for name in names_of(body)]
        return plain_name(unit) in {*self.names, *map(plain_name, own)}

    def tie_of(self, row: ExpertRow) -> Text | None:
        """Return how an expert is tied to the applicant by employment, None where not at all."""
        if works_for(row, self.body):
            return EMPLOYED
        if any(works_for(row, body) for body in self.before):
            return EMPLOYED_BEFORE
        is_colleague = plain_name(row.employer) in self.names or any(works_for(row, body) for body in self.above)
        return EMPLOYED_ABOVE if is_colleague else None


def applicants_of(tx: Transaction, cases: Iterable[int]) -> list[Applicant]:
    """Return the applicants of these cases."""
    return [
        Applicant(
            body := tx.bodies.get(case.subject_id),
            frozenset(map(plain_name, names_above(case))),
            organisations_above(tx, case),
            predecessors_of(tx, body),
        )
        for case in map(tx.cases.get, cases)
        if case.subject_id is not None
    ]
