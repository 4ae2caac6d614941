"""What of a round is read to seal it: its cases, and which names of applicants are public already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.desk.desk import Desk
from service.catalog import Package
from service.domain.calendar import local_date
from service.store import Transaction
from service.store.rows import AwardRow, CaseRow, NoticeRow

ITEM_SCORES = "publish_item_scores"
"""Parameter of an award: whether points by item may be told after the round."""

RECALLED = "recalled"
"""State of a notice whose list is no longer public."""


@dataclass(frozen=True, slots=True)
class RoundRead:
    """A round with all cases below it, its notices and awards, read in one unit of work.

    ``named`` are the applications (case → name) whose applicant a public notice names or the register of awards holds; of
    all others a bundle says the number of the case and nothing more. ``unnamed`` are the names of those.
    """

    desk: Desk
    tx: Transaction
    package: Package
    root: CaseRow
    cases: tuple[CaseRow, ...]
    notices: tuple[NoticeRow, ...]
    awards: tuple[AwardRow, ...]
    named: Mapping[int, str]
    unnamed: frozenset[str]

    @property
    def items_told(self) -> bool:
        """Whether the city lets points by item be told: then sheets are given item by item, with the expert's number."""
        return bool((self.root.parameters or {}).get(ITEM_SCORES))

    def package_of(self, case: CaseRow) -> Package:
        """Return the version under which a case ran."""
        return self.desk.packages.get(case.definition, self.tx)


def read_round(desk: Desk, tx: Transaction, root: CaseRow) -> RoundRead:
    """Return a round as it is sealed."""
    cases = tuple(tx.cases.tree(root.id))
    posted = [row for case in cases for row in tx.notices.of_case(case.id)]
    notices = tuple(row for row in posted if row.audience == "public")
    own = {case.id for case in cases}
    conferred = tx.register.conferred(root.jurisdiction, root.award, local_date(root.started_at))
    awards = tuple(row for row in conferred if row.details.get("application") in own or row.details.get("case") in own)
    bodies = tx.people.bodies_by_id({case.subject_id for case in cases if case.subject_id is not None})
    names = {case.id: bodies[case.subject_id].name for case in cases if case.subject_id is not None}
    known = _known(cases, notices, awards, names)
    named = {case: name for case, name in names.items() if case in known}
    unnamed = frozenset(names.values()) - set(named.values())
    package = desk.packages.get(root.definition, tx)
    return RoundRead(desk, tx, package, root, cases, notices, awards, named, unnamed)


def _known(
    cases: Sequence[CaseRow], notices: Sequence[NoticeRow], awards: Sequence[AwardRow], names: Mapping[int, str]
) -> set[int]:
    """Return the cases whose applicant is public: named by a list that was posted, or awarded."""
    told = {str(cell) for row in notices if row.state != RECALLED for cell in _cells(row.content)}
    held = {row.body_id for row in awards}
    return {case.id for case in cases if case.subject_id in held or names.get(case.id) in told}


def _cells(content: Mapping[str, Any]) -> list[Any]:
    entries = content.get("entries") or []
    return [cell for entry in entries if isinstance(entry, Mapping) for cell in entry.values()]
