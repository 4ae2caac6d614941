"""Experts and what they keep away from, draws, panels, score sheets, appointments, sittings, and ballots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.models import (
    AppointmentRow,
    BallotRow,
    PanelCaseRow,
    PanelRow,
    RecusalRow,
    RollRow,
    SheetRow,
    SittingMemberRow,
    SittingRow,
    TrainingRow,
)
from service.store.models.cases import case, task
from service.store.models.register import document
from service.store.models.review import (
    ballot,
    ballot_roll,
    expert,
    panel,
    panel_case,
    panel_member,
    recusal,
    sitting,
    sitting_member,
    training,
)
from service.store.queries.base import match_any_of, one, word
from service.store.queries.rows import Rows


class TrainingRepository(Rows[TrainingRow]):
    """Trainings of experts."""

    kind = TrainingRow
    order = "-held_on -id"

    def list_by_expert(self, expert_ids: Collection[int]) -> dict[int, list[TrainingRow]]:
        """Return the trainings of some entries of the register, newest first."""
        return _by_expert(self.select(expert_id=expert_ids))

    def list_of_register(self, jurisdiction: str) -> dict[int, list[TrainingRow]]:
        """Return the trainings of everybody on a register by entry, newest first."""
        statement = sa.select(training).join(expert, expert.c.id == training.c.expert_id)
        query = statement.where(expert.c.jurisdiction == jurisdiction)
        return _by_expert(self._all(TrainingRow, query.order_by(training.c.held_on.desc(), training.c.id.desc())))


def _by_expert(rows: Iterable[TrainingRow]) -> dict[int, list[TrainingRow]]:
    by_expert: dict[int, list[TrainingRow]] = defaultdict(list)
    for row in rows:
        by_expert[row.expert_id].append(row)
    return dict(by_expert)


class RecusalRepository(Rows[RecusalRow]):
    """Who keeps away from which organisations."""

    kind = RecusalRow

    def list_about(self, body_ids: Collection[int], person_ids: Collection[int]) -> list[RecusalRow]:
        """Return the recusals from these organisations and those of these people, lifted ones too, oldest first."""
        about = sa.or_(recusal.c.body_id.in_(body_ids), recusal.c.person_id.in_(person_ids))
        return self._all(RecusalRow, sa.select(recusal).where(about).order_by(recusal.c.id))


_CASE: sa.BindParameter[int] = sa.bindparam("case")
_OF_CASE = (
    sa.select(panel)
    .where(
        sa.or_(
            panel.c.id.in_(sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == _CASE)),
            panel.c.case_id == _CASE,
        )
    )
    .order_by(panel.c.id)
)
_PEOPLE = sa.select(panel_member.c.person_id).where(
    panel_member.c.panel_id.in_(
        sa.union_all(
            sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == _CASE),
            sa.select(panel.c.id).where(panel.c.case_id == _CASE),
        )
    )
)
_STILL_REVIEWED = (
    sa.select(panel_case.c.case_id)
    .join(case, case.c.id == panel_case.c.case_id)
    .where(panel_case.c.panel_id == panel.c.id, case.c.status != word("ended"))
    .exists()
)
"""Of a panel: one of the applications that it reviews still runs. One that was withdrawn leaves its panel open."""
_BUSY = (
    sa.select(panel_member.c.person_id, sa.func.count(sa.distinct(panel.c.id)))
    .join(panel, panel.c.id == panel_member.c.panel_id)
    .where(panel.c.jurisdiction == sa.bindparam("jurisdiction"), panel.c.state == word("open"))
    .where(panel_member.c.state == word("active"), _STILL_REVIEWED)
    .group_by(panel_member.c.person_id)
)
_BUSY_AT = _BUSY.where(panel.c.stage == sa.bindparam("stage"))


class PanelRepository(Rows[PanelRow]):
    """Panels of stages, and the applications that they review."""

    kind = PanelRow

    def form(self, cases: Sequence[tuple[int, int]], row: PanelRow) -> int:
        """Form a panel for ``cases`` (case id, applicant's body id) and return its id."""
        ident = self.insert(row)
        self._put(panel_case, [PanelCaseRow(panel_id=ident, case_id=c, body_id=b) for c, b in cases])
        return ident

    def of_case(self, case_id: int) -> list[PanelRow]:
        """Return the panels that review an application, or that a round formed, oldest first."""
        return self._all(PanelRow, _OF_CASE, case=case_id)

    def at(self, case_id: int, stage: str) -> PanelRow | None:
        """Return the newest panel that reviews a case in ``stage``."""
        return next((p for p in reversed(self.of_case(case_id)) if p.stage == stage), None)

    def people_of_case(self, case_id: int) -> set[int]:
        """Return everybody who is or was on a panel that reviews a case, or that it formed."""
        return {row[0] for row in self._fetch_rows(_PEOPLE, case=case_id)}

    def reviews(self, person_id: int, case_id: int) -> bool:
        """Return whether a person is an active member of a panel that reviews a case (or that the case formed)."""
        return (
            self._scalar(
                sa.select(panel_member.c.panel_id)
                .join(panel, panel.c.id == panel_member.c.panel_id)
                .outerjoin(panel_case, panel_case.c.panel_id == panel.c.id)
                .where(panel_member.c.person_id == person_id, panel_member.c.state == "active")
                .where(sa.or_(panel_case.c.case_id == case_id, panel.c.case_id == case_id))
                .limit(1)
            )
            is not None
        )

    def cases_of(self, person_id: int) -> list[int]:
        """Return the applications that a person reviews."""
        statement = sa.select(panel_case.c.case_id).join(panel_member, panel_member.c.panel_id == panel_case.c.panel_id)
        where = (panel_member.c.person_id == person_id, panel_member.c.state == "active")
        return sorted({row.case_id for row in self._connection.execute(statement.where(*where))})

    def busy(self, jurisdiction: str, stage: str | None = None) -> dict[int, int]:
        """Count the open panels of a jurisdiction, or of one stage, on which each person sits, while an application runs."""
        given = {"jurisdiction": jurisdiction, **({} if stage is None else {"stage": stage})}
        return {int(person): int(count) for person, count in self._read(_BUSY_AT if stage else _BUSY, given)}

    def running_of(self, person_id: int, jurisdiction: str) -> list[tuple[int, int, str]]:
        """Return (panel, case, stage) of the running cases of a jurisdiction in whose panels a person sits."""
        statement = (
            sa.select(panel.c.id, panel_case.c.case_id, panel.c.stage)
            .join(panel_member, panel_member.c.panel_id == panel.c.id)
            .join(panel_case, panel_case.c.panel_id == panel.c.id)
            .join(case, case.c.id == panel_case.c.case_id)
            .where(panel_member.c.person_id == person_id, panel_member.c.state == "active", case.c.status != "ended")
            .where(case.c.jurisdiction == jurisdiction)
            .order_by(panel.c.id, panel_case.c.case_id)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(statement)]


class SheetRepository(Rows[SheetRow]):
    """Score sheets as submitted, those that count no longer too."""

    kind = SheetRow

    def drop(self, person_id: int, case_id: int, stage: str, reason: str) -> int:
        """Let the sheets of a person in a stage of a case no longer count; returns how many there were."""
        valid = {"person_id": person_id, "case_id": case_id, "stage": stage, "state": "valid"}
        return self.change_where(valid, state="dropped", reason=reason)


class AppointmentRepository(Rows[AppointmentRow]):
    """Defences and visits."""

    kind = AppointmentRow
    order = "starts_at id"

    def list_overlapping(
        self,
        jurisdiction: str,
        since: datetime,
        until: datetime,
        after: tuple[datetime, int] | None = None,
        limit: int | None = None,
    ) -> list[AppointmentRow]:
        """Return planned appointments that overlap a span of time, by time, behind ``after`` (beginning and number)."""
        return self.select(
            after=after,
            limit=limit,
            jurisdiction=jurisdiction,
            state="planned",
            starts_at__lt=until,
            ends_at__gt=since,
        )


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
_OF_PLACES_OR_PERSON = sa.union(
    sa.select(sitting.c.id).where(match_any_of(sitting.c.jurisdiction, "places"), *_TO_COME),
    sa.select(sitting_member.c.sitting_id).where(sitting_member.c.person_id == sa.bindparam("person_id")),
)
_COMING = (
    sa.select(sitting)
    .where(sitting.c.id.in_(_OF_PLACES_OR_PERSON), *_TO_COME)
    .order_by(*_IN_ORDER)
    .limit(sa.bindparam("most"))
)
_CALLED_ABOUT = (
    sa.select(sitting)
    .join(sitting_member, sitting_member.c.sitting_id == sitting.c.id)
    .where(sitting_member.c.person_id == sa.bindparam("person_id"), match_any_of(sitting.c.case_id, "cases"))
)
_PAPER = sa.select(document.c.id, document.c.title, document.c.number, document.c.issued_at, document.c.case_id).where(
    document.c.erased_at.is_(None)
)
_PAPERS = _PAPER.where(match_any_of(document.c.id, "papers")).order_by(document.c.id)
_HERE: sa.BindParameter[int] = sa.bindparam("case_id", type_=case.c.id.type)
_CASES_OF_SITTING = sa.union_all(
    sa.select(case.c.id).where(case.c.id == _HERE), sa.select(case.c.id).where(case.c.parent_id == _HERE)
)
_AROUND = (
    _PAPER.where(document.c.case_id.in_(_CASES_OF_SITTING)).order_by(document.c.id.desc()).limit(sa.bindparam("most"))
)
_MATTERS = sa.select(case.c.id, case.c.parent_id, case.c.title, case.c.subject_id, case.c.facts).where(
    match_any_of(case.c.id, "cases")
)


class _Document(NamedTuple):
    id: int
    title: str
    number: str | None
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
    number: str | None
    issued_at: datetime
    case: Matter


class SittingRepository(Rows[SittingRow]):
    """Sittings, and who is called to them."""

    kind = SittingRow
    order = "-starts_at -id"

    def call(self, row: SittingRow, members: Sequence[SittingMemberRow]) -> int:
        """Keep a sitting with its members (whose ``sitting_id`` is given here); returns its number."""
        number = self.insert(row)
        self._put(sitting_member, [replace(each, sitting_id=number) for each in members])
        return number

    def calling(self, person_id: int, since: datetime) -> list[SittingRow]:
        """Return the next five sittings to which somebody is called that begin after ``since``, the first first."""
        return self._all(SittingRow, _CALLED, person_id=person_id, since=since, most=_NEXT)

    def coming(self, person_id: int, places: Sequence[str], since: datetime, most: int) -> list[SittingRow]:
        """Return the sittings that begin after ``since``, of the places or to which somebody is called, the first first."""
        return self._all(SittingRow, _COMING, person_id=person_id, places=list(places), since=since, most=most)

    def calling_about(self, person_id: int, cases: Sequence[int]) -> list[SittingRow]:
        """Return the sittings about these cases to which somebody is called, in no order."""
        return self._all(SittingRow, _CALLED_ABOUT, person_id=person_id, cases=list(cases))

    def papers(self, documents: Sequence[int]) -> list[Paper]:
        """Return those of these documents that are not erased, in the order given."""
        found = (
            {paper.id: paper for paper in self._build_papers(self._read(_PAPERS, {"papers": list(documents)}))}
            if documents
            else {}
        )
        return [found[ident] for ident in documents if ident in found]

    def papers_around(self, case_id: int, most: int) -> list[Paper]:
        """Return the newest ``most`` documents of a case and of the cases right below it, the newest first."""
        return self._build_papers(self._read(_AROUND, {"case_id": case_id, "most": most}))

    def _build_papers(self, records: Sequence[Sequence[Any]]) -> list[Paper]:
        rows = [_Document._make(row) for row in records]
        cases = sorted({row.case_id for row in rows})
        matters = {matter.id: matter for matter in self._all(Matter, _MATTERS, cases=cases)} if cases else {}
        return [Paper(row.id, row.title, row.number, row.issued_at, matters[row.case_id]) for row in rows]


NOT_VOTED, ON_SCREEN, IN_HALL = 0, 1, 2
"""States of a member on the roll."""

_MEMBER = (
    one(ballot_roll, "ballot_id")
    .where(sa.or_(ballot_roll.c.person_id == sa.bindparam("person"), match_any_of(ballot_roll.c.body_id, "bodies")))
    .order_by(ballot_roll.c.number)
    .limit(sa.literal_column("1"))
)
_MARKED = sa.update(ballot_roll).where(
    ballot_roll.c.ballot_id == sa.bindparam("of_ballot"),
    match_any_of(ballot_roll.c.number, "numbers"),
    ballot_roll.c.state == sa.bindparam("was"),
)
_FINISHED = (
    sa.update(task)
    .where(match_any_of(task.c.id, "ids"), task.c.state == word("open"))
    .values(version=task.c.version + 1)
)


class BallotRepository(Rows[BallotRow]):
    """Ballots as opened, cast into and counted."""

    kind = BallotRow

    def list_uncounted(self) -> list[BallotRow]:
        """Return every ballot that is open, or closed and not counted."""
        return self.select(state=("open", "closed"))

    def finish_tasks(self, task_ids: Collection[int], state: str) -> None:
        """Take the open tasks of members off the list, as ``done`` or ``cancelled``; no time is kept."""
        self._change(_FINISHED, ids=sorted(task_ids), state=state)


@dataclass(frozen=True, slots=True)
class VotersBallot:
    """A ballot, and the unit for which a voter is on its roll (None: themselves); ``mark`` is 0 until they vote.

    ``after`` is what stands after it, or why it was stopped.
    """

    id: int
    case_id: int
    title: str
    role: str
    state: str
    opened_at: datetime
    body_id: int | None
    mark: int
    after: Any = None


class RollRepository(Rows[RollRow]):
    """The rolls of ballots."""

    kind = RollRow

    def find_member(self, ballot_id: int, person_id: int | None, body_ids: Collection[int]) -> RollRow | None:
        """Return the place on the roll of a person or of the unit they act for, None when there is none."""
        return self._first(RollRow, _MEMBER, ballot_id=ballot_id, person=person_id, bodies=sorted(body_ids))

    def mark(self, ballot_id: int, numbers: Collection[int], state: int, open_paper: object = None) -> int:
        """Mark members who have not voted yet; returns how many were marked."""
        where = {"of_ballot": ballot_id, "numbers": sorted(numbers), "was": NOT_VOTED}
        values = {"state": state} if open_paper is None else {"state": state, "open_paper": open_paper}
        return self._change(_MARKED, **where, **values)

    def of_voter(
        self,
        person_id: int,
        body_ids: Sequence[int],
        roles: Sequence[str],
        places: Sequence[str],
        limit: int,
        before: int | None = None,
    ) -> list[VotersBallot]:
        """Return the ballots for these roles and places on whose roll a person or one of the units is, newest first.

        ``before`` is the last id of the page above.
        """
        b, r = ballot.c, ballot_roll.c
        statement = (
            sa.select(b.id, b.case_id, b.title, b.role, b.state, b.opened_at, r.body_id, r.state.label("mark"), b.after)
            .join_from(ballot, ballot_roll, r.ballot_id == b.id)
            .where(b.role.in_(roles), b.jurisdiction.in_(places))
            .where(sa.or_(r.person_id == person_id, r.body_id.in_(body_ids)))
        )
        if before is not None:
            statement = statement.where(b.id < before)
        return self._all(VotersBallot, statement.order_by(b.id.desc()).limit(limit))
