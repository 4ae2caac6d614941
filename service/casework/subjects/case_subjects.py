"""The subject of a case: the organisation or person it is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from service.catalog import Package, ProcessInfo
from service.domain.forms.masking import masked
from service.store import Transaction
from service.store.models import BodyRow


class AboutBodies(Protocol):
    """A case, or what is told of one."""

    @property
    def subject_id(self) -> int | None:
        """Return the organisation that it is about."""


def subject_ids(case: AboutBodies) -> list[int]:
    """Return the organisation a case is about, none where it is about nobody."""
    return [] if case.subject_id is None else [case.subject_id]


def subjects_of_cases(tx: Transaction, cases: Iterable[int]) -> list[int]:
    """Return every organisation that these cases are about."""
    return [body for case in cases for body in subject_ids(tx.cases.get(case))]


def subjects_of_panel(tx: Transaction, panel: int) -> list[int]:
    """Return every organisation whose application a panel reviews."""
    return subjects_of_cases(tx, (row.case_id for row in tx.panel_cases.select(panel_id=panel)))


ORGANISATION, INDIVIDUAL = "organisation", "individual"
KINDS = ((ORGANISATION, "组织"), (INDIVIDUAL, "个人"))
"""Kinds of applicants and winners in lists."""

_FACT = "applicant_type"


def takes_individuals(where: Package | ProcessInfo) -> bool:
    """Return whether individuals may apply: where a kind of case records the fact ``applicant_type``."""
    kinds = where.award.processes.values() if isinstance(where, Package) else (where,)
    return any(_FACT in kind.facts for kind in kinds)


def shown_code(body: BodyRow) -> str:
    """Return the code of ``body`` as a page or a report shows it: an individual's is masked."""
    return masked(body.key) if body.kind == INDIVIDUAL else body.key
