"""The subjects of a case: the leading organisation and the partners of a joint application (联合申报)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from service.store import Transaction

PARTNERS = "partners"
"""The fact that holds the partners: rows of ``id`` (the organisation's), ``name`` and ``code``."""
PARTNER = "partner"
"""The role by which they are party to a case: they may look at it, and letters reach them."""


def partners_in(facts: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the partners that the facts of a case name, none where it is not joint."""
    return [row for row in facts.get(PARTNERS) or () if isinstance(row, Mapping) and "id" in row]


class AboutBodies(Protocol):
    """A case, or what is told of one: its organisation and its facts, in which partners are named."""

    @property
    def subject_id(self) -> int | None:
        """Return the organisation that it is about."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """Return its facts."""


def subject_ids(case: AboutBodies) -> list[int]:
    """Return the organisations a case is about: its own first, then the partners."""
    own = [] if case.subject_id is None else [case.subject_id]
    return own + [int(row["id"]) for row in partners_in(case.facts)]


def joint_name(name: str, facts: Mapping[str, Any]) -> str:
    """Return the names of all joint applicants, the leading one's first."""
    return "、".join([name, *(str(row["name"]) for row in partners_in(facts))])


def subjects_of_cases(tx: Transaction, cases: Iterable[int]) -> list[int]:
    """Return every organisation that these cases are about, partners too."""
    return [body for case in cases for body in subject_ids(tx.cases.get(case))]


def subjects_of_panel(tx: Transaction, panel: int) -> list[int]:
    """Return every organisation whose application a panel reviews, partners too: interests in any of them count."""
    return subjects_of_cases(tx, (row.case_id for row in tx.panels.cases(panel)))
