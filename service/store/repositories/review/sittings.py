"""Sittings of committees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one, word
from service.store.rows import SittingMemberRow, SittingRow
from service.store.rows.cases import case
from service.store.rows.register import document
from service.store.rows.sittings import sitting, sitting_member

_NAME = ("会议", "sitting")
_ONE = one(sitting, "id")
_OF_CASE = one(sitting, "case_id").order_by(sitting.c.starts_at.desc(), sitting.c.id.desc())
_MEMBERS = one(sitting_member, "sitting_id").order_by(sitting_member.c.body, sitting_member.c.person_id)
_IN_ORDER = (sitting.c.starts_at, sitting.c.id)
_CALLED = (
    sa.select(sitting)
    .join(sitting_member, sitting_member.c.sitting_id == sitting.c.id)
    .where(
        sitting_member.c.person_id == sa.bindparam("person_id"),
        sitting.c.state == "called",
        sitting.c.starts_at >= sa.bindparam("since"),
    )
    .order_by(*_IN_ORDER)
    .limit(sa.bindparam("most"))
)
_NEXT = 5
_TO_COME = (sitting.c.state == word("called"), sitting.c.starts_at >= sa.bindparam("since"))
_OF_PLACES_OR_OWN = sa.union(
    sa.select(sitting.c.id).where(among(sitting.c.jurisdiction, "places"), *_TO_COME),
    sa.select(sitting_member.c.sitting_id).where(sitting_member.c.person_id == sa.bindparam("person_id")),
)
_COMING = (
    sa.select(sitting)
    .where(sitting.c.id.in_(_OF_PLACES_OR_OWN), *_TO_COME)
    .order_by(*_IN_ORDER)
    .limit(sa.bindparam("most"))
)
_CALLED_ABOUT = (
    sa.select(sitting)
    .join(sitting_member, sitting_member.c.sitting_id == sitting.c.id)
    .where(sitting_member.c.person_id == sa.bindparam("person_id"), among(sitting.c.case_id, "cases"))
)
_PAPER = sa.select(document.c.id, document.c.title, document.c.issued_at, document.c.case_id).where(
    document.c.erased_at.is_(None)
)
_PAPERS = _PAPER.where(among(document.c.id, "papers")).order_by(document.c.id)
_HERE: sa.BindParameter[int] = sa.bindparam("case_id", type_=case.c.id.type)
_CASES = sa.union_all(
    sa.select(case.c.id).where(case.c.id == _HERE), sa.select(case.c.id).where(case.c.parent_id == _HERE)
)
_AROUND = _PAPER.where(document.c.case_id.in_(_CASES)).order_by(document.c.id.desc()).limit(sa.bindparam("most"))
_MATTERS = sa.select(case.c.id, case.c.parent_id, case.c.title, case.c.subject_id, case.c.facts).where(
    among(case.c.id, "cases")
)


class _Document(NamedTuple):
    id: int
    title: str
    issued_at: datetime
    case_id: int


@dataclass(frozen=True, slots=True)
class Matter:
    """What is told of a case: its title, the one above it, and whom it is about."""

    id: int
    parent_id: int | None
    title: str
    subject_id: int | None
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that is not erased, and the case it belongs to."""

    id: int
    title: str
    issued_at: datetime
    case: Matter


class SittingRepository(Repository):
    """Sittings, and who is called to them."""

    def add(self, row: SittingRow, members: Sequence[SittingMemberRow]) -> int:
        """Keep a sitting with its members (whose ``sitting_id`` is given here); returns its number."""
        number = self._insert(sitting, row)
        called = [
            SittingMemberRow(sitting_id=number, person_id=each.person_id, name=each.name, body=each.body)
            for each in members
        ]
        self._put(sitting_member, called)
        return number

    def get(self, sitting_id: int) -> SittingRow:
        """Return a sitting; raises NotFound."""
        return self._existing(SittingRow, _NAME, _ONE, sitting_id)

    def of_case(self, case_id: int) -> list[SittingRow]:
        """Return the sittings about a case, the latest first, as they are written."""
        return self._all(SittingRow, _OF_CASE, case_id=case_id)

    def calling(self, person_id: int, since: datetime) -> list[SittingRow]:
        """Return the next five sittings to which somebody is called that begin after ``since``, the first first."""
        return self._all(SittingRow, _CALLED, person_id=person_id, since=since, most=_NEXT)

    def coming(self, person_id: int, places: Sequence[str], since: datetime, most: int) -> list[SittingRow]:
        """Return the sittings that begin after ``since``, of the places or to which somebody is called, the first first."""
        return self._all(SittingRow, _COMING, person_id=person_id, places=list(places), since=since, most=most)

    def calling_about(self, person_id: int, cases: Sequence[int]) -> list[SittingRow]:
        """Return the sittings about these cases to which somebody is called, in no order."""
        return self._all(SittingRow, _CALLED_ABOUT, person_id=person_id, cases=list(cases))

    def members(self, sitting_id: int) -> list[SittingMemberRow]:
        """Return who is called, by body."""
        return self._all(SittingMemberRow, _MEMBERS, sitting_id=sitting_id)

    def papers(self, documents: Sequence[int]) -> list[Paper]:
        """Return those of these documents that are not erased, in the order given."""
        found = {one.id: one for one in self._of(self._read(_PAPERS, {"papers": list(documents)}))} if documents else {}
        return [found[ident] for ident in documents if ident in found]

    def papers_around(self, case_id: int, most: int) -> list[Paper]:
        """Return the newest ``most`` documents of a case and of the cases right below it, the newest first."""
        return self._of(self._read(_AROUND, {"case_id": case_id, "most": most}))

    def _of(self, found: Sequence[Sequence[Any]]) -> list[Paper]:
        rows = [_Document._make(row) for row in found]
        cases = sorted({row.case_id for row in rows})
        matters = {one.id: one for one in self._all(Matter, _MATTERS, cases=cases)} if cases else {}
        return [Paper(row.id, row.title, row.issued_at, matters[row.case_id]) for row in rows]

    def lay(self, row: SittingRow, papers: Sequence[int]) -> None:
        """Lay these documents before a sitting that is still as ``row`` was read; raises Stale."""
        self._step(sitting, row.id, row.version, {"papers": list(papers)})

    def change(self, sitting_id: int, version: int, **changes: object) -> None:
        """Change a sitting that still has ``version``; raises Stale."""
        self._step(sitting, sitting_id, version, changes)

    def note(self, sitting_id: int, person_id: int, **changes: object) -> None:
        """Note whether a member came."""
        where = (sitting_member.c.sitting_id == sitting_id, sitting_member.c.person_id == person_id)
        self._change(sa.update(sitting_member).where(*where).values(changes))
