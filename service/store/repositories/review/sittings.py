"""Sittings of committees."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.repositories.base import among, one, word
from service.store.repositories.choices import SealingRows
from service.store.rows import SittingMemberRow, SittingRow
from service.store.rows.cases import case
from service.store.rows.register import document
from service.store.rows.sittings import sitting, sitting_member
from service.store.seals.choice_seals import CALLED, SITTINGS
from service.store.seals.row_seals import mark_of
from service.store.seals.sealed_rows import SealedRows

_LOG = logging.getLogger(__name__)

_NAME = ("会议", "sitting")
_ONE = one(sitting, "id")
_OF_CASE = one(sitting, "case_id").order_by(sitting.c.starts_at.desc(), sitting.c.id.desc())
_LAID_AFTER = (
    sa.select(sitting).where(sitting.c.id > sa.bindparam("after")).order_by(sitting.c.id).limit(sa.bindparam("most"))
)
_MEMBERS = one(sitting_member, "sitting_id").order_by(sitting_member.c.body, sitting_member.c.person_id)
_MEMBER = one(sitting_member, "sitting_id", "person_id")
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
_BEHIND = sa.tuple_(*_IN_ORDER) > sa.tuple_(
    sa.bindparam("at", type_=sitting.c.starts_at.type), sa.bindparam("number", type_=sitting.c.id.type)
)
_CALLED_BEHIND, _COMING_BEHIND = _CALLED.where(_BEHIND), _COMING.where(_BEHIND)
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
_LAID: SealedRows[SittingRow] = SealedRows(
    sitting.name, lambda row: [row.id, row.case_id, row.role, *row.papers], "papers_seal"
)


class SittingFault(NamedTuple):
    """What others did to a sitting: the table and the row; of a list from which somebody is missing how many are there."""

    table: str
    row: str
    there: int | None = None
    called: int | None = None


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


class SittingRepository(SealingRows):
    """Sittings, and who is called to them; whom others wrote on a list is not called, and told in the log."""

    def add(self, row: SittingRow, members: Sequence[SittingMemberRow]) -> int:
        """Keep a sitting with its members (whose ``sitting_id`` is given here); returns its number."""
        number = self._insert_sealed(SITTINGS, replace(row, called=len(members)))
        called = [
            SittingMemberRow(sitting_id=number, person_id=each.person_id, name=each.name, body=each.body)
            for each in members
        ]
        self._put(sitting_member, [CALLED.rows.sealed(self.seals, each) for each in called])
        return number

    def fault_of(self, row: SittingRow) -> SittingFault | None:
        """Return what of a sitting and its list others wrote, changed or took out; None where nothing is known of it."""
        if not SITTINGS.rows.counts(self.seals, row):
            return SittingFault(sitting.name, f"{row.id}")
        every = self._all(SittingMemberRow, _MEMBERS, sitting_id=row.id)
        wrong = next((one for one in every if not CALLED.rows.counts(self.seals, one)), None)
        if wrong is not None:
            return SittingFault(sitting_member.name, f"{row.id}/{wrong.person_id}")
        if self.seals is None or row.called is None or len(every) >= row.called:
            return None
        return SittingFault(sitting_member.name, f"sitting_id {row.id}", len(every), row.called)

    def get(self, sitting_id: int) -> SittingRow:
        """Return a sitting; raises NotFound."""
        return self._with_own_papers(self._existing(SittingRow, _NAME, _ONE, sitting_id))

    def of_case(self, case_id: int) -> list[SittingRow]:
        """Return the sittings about a case, the latest first, as they are written."""
        return self._all(SittingRow, _OF_CASE, case_id=case_id)

    def calling(self, person_id: int, since: datetime) -> list[SittingRow]:
        """Return the next five sittings to which somebody is called that begin after ``since``, the first first."""
        return self._next(_CALLED, _CALLED_BEHIND, _NEXT, person_id=person_id, since=since)

    def coming(self, person_id: int, places: Sequence[str], since: datetime, most: int) -> list[SittingRow]:
        """Return the sittings that begin after ``since``, of the places or to which somebody is called, the first first."""
        return self._next(_COMING, _COMING_BEHIND, most, person_id=person_id, places=list(places), since=since)

    def _next(self, first: sa.Executable, rest: sa.Executable, most: int, **given: object) -> list[SittingRow]:
        """Return the first ``most`` sittings, ``first`` and the ``rest``, however many that others wrote stand between."""

        def behind(last: tuple[datetime, int] | None) -> list[SittingRow]:
            if last is None:
                return self._all(SittingRow, first, most=most, **given)
            return self._all(SittingRow, rest, most=most, at=last[0], number=last[1], **given)

        return self._next_that_hold(SITTINGS, behind, lambda row: (row.starts_at, row.id), most)

    def calling_about(self, person_id: int, cases: Sequence[int]) -> list[SittingRow]:
        """Return the sittings about these cases to which somebody is called, in no order."""
        found = self._all(SittingRow, _CALLED_ABOUT, person_id=person_id, cases=list(cases))
        own = self._that_hold(SITTINGS, found)
        return [
            self._with_own_papers(row) for row in own if any(m.person_id == person_id for m in self.members(row.id))
        ]

    def members(self, sitting_id: int) -> list[SittingMemberRow]:
        """Return whom the program called, by body."""
        return self._that_hold(CALLED, self._all(SittingMemberRow, _MEMBERS, sitting_id=sitting_id))

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
        if row.papers_seal:
            self.withdrawn.append(mark_of(row.papers_seal))
        self._step_sealed(row, _LAID.renewed(self.seals, row, {"papers": list(papers)}))

    def renew_taken_back(self, most: int) -> int:
        """Seal papers anew that this installation laid and changed later; returns of how many sittings.

        It goes by ``most`` at a time.
        """
        count, page = 0, self._after(0, most) if self.seals is not None else []
        while page:
            for row in (each for each in page if _LAID.lacks(self.seals, each) and _LAID.was_made(self.seals, each)):
                self._alter(sitting, row.id, {"papers_seal": _LAID.sealed(self.seals, row).papers_seal})
                count += 1
            page = self._after(page[-1].id, most)
        return count

    def _after(self, ident: int, most: int) -> list[SittingRow]:
        return self._all(SittingRow, _LAID_AFTER, after=ident, most=most)

    def _with_own_papers(self, row: SittingRow) -> SittingRow:
        """Return a sitting without papers that others laid in the database; they are told in the log."""
        if not row.papers or not _LAID.lacks(self.seals, row):
            return row
        if self.seals is not None and self.seals.tell_once(f"{sitting.name} {row.id}"):
            _LOG.error("papers of row %s of table %s were written beside the program and lie not", row.id, sitting.name)
        return replace(row, papers=[])

    def change(self, sitting_id: int, version: int, **changes: object) -> None:
        """Change a sitting that still has ``version``; raises Stale."""
        row = self._existing(SittingRow, _NAME, _ONE, sitting_id)
        if row.version != version:
            raise Stale
        self._step_sealed(row, changes)

    def _step_sealed(self, row: SittingRow, changes: Mapping[str, object]) -> None:
        if row.seal:
            self.withdrawn.append(mark_of(row.seal))
        again = SITTINGS.rows.resealed(self.seals, row, {**changes, "version": row.version + 1})
        self._step(sitting, row.id, row.version, again)

    def note(self, sitting_id: int, person_id: int, **changes: object) -> None:
        """Note whether a member came; one whom others wrote there gets no seal by it."""
        where = (sitting_member.c.sitting_id == sitting_id, sitting_member.c.person_id == person_id)
        (row,) = self._all(SittingMemberRow, _MEMBER, sitting_id=sitting_id, person_id=person_id)
        if row.seal:
            self.withdrawn.append(mark_of(row.seal))
        again = CALLED.rows.resealed(self.seals, row, changes)
        self._connection.execute(sa.update(sitting_member).where(*where).values(again))
