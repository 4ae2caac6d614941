"""Experts and what they keep away from, draws, panels, score sheets, appointments, sittings, and ballots."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

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
from service.store.queries.base import word
from service.store.queries.rows import Rows


class TrainingRepository(Rows[TrainingRow]):
    """Trainings of experts."""

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

    def list_about(self, body_ids: Collection[int], person_ids: Collection[int]) -> list[RecusalRow]:
        """Return the recusals from these organisations and those of these people, lifted ones too, oldest first."""
        about = sa.or_(recusal.c.body_id.in_(body_ids), recusal.c.person_id.in_(person_ids))
        return self._all(RecusalRow, sa.select(recusal).where(about).order_by(recusal.c.id))


class PanelRepository(Rows[PanelRow]):
    """Panels of stages, and the applications that they review."""

    def form(self, cases: Sequence[tuple[int, int]], row: PanelRow) -> int:
        """Form a panel for ``cases`` (case id, applicant's body id) and return its id."""
        ident = self.insert(row)
        self._put(panel_case, [PanelCaseRow(panel_id=ident, case_id=c, body_id=b) for c, b in cases])
        return ident

    def of_case(self, case_id: int) -> list[PanelRow]:
        """Return the panels that review an application, or that a round formed, oldest first."""
        reviewing = sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == case_id)
        mine = sa.or_(panel.c.id.in_(reviewing), panel.c.case_id == case_id)
        return self._all(PanelRow, sa.select(panel).where(mine).order_by(panel.c.id))

    def at(self, case_id: int, stage: str) -> PanelRow | None:
        """Return the newest panel that reviews a case in ``stage``."""
        return next((p for p in reversed(self.of_case(case_id)) if p.stage == stage), None)

    def people_of_case(self, case_id: int) -> set[int]:
        """Return everybody who is or was on a panel that reviews a case, or that it formed."""
        reviewing = sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == case_id)
        panels = reviewing.union_all(sa.select(panel.c.id).where(panel.c.case_id == case_id))
        members = sa.select(panel_member.c.person_id).where(panel_member.c.panel_id.in_(panels))
        return set(self._connection.scalars(members))

    def reviews(self, person_id: int, case_id: int, declaration: str = "") -> bool:
        """Return whether a person is an active member of a panel that reviews a case (or that the case formed).

        Not while they have yet to submit the form ``declaration`` there, where one is named.
        """
        undeclared = sa.exists().where(
            task.c.assignee_id == person_id, task.c.case_id == case_id, task.c.form == declaration,
            task.c.state == word("open"),
        )  # fmt: skip
        membership = (
            sa.select(panel_member.c.panel_id)
            .join(panel, panel.c.id == panel_member.c.panel_id)
            .outerjoin(panel_case, panel_case.c.panel_id == panel.c.id)
            .where(panel_member.c.person_id == person_id, panel_member.c.state == "active")
            .where(sa.or_(panel_case.c.case_id == case_id, panel.c.case_id == case_id), ~undeclared)
        )
        return self._scalar(membership.limit(1)) is not None

    def cases_of(self, person_id: int) -> list[int]:
        """Return the applications that a person reviews."""
        statement = sa.select(panel_case.c.case_id).join(panel_member, panel_member.c.panel_id == panel_case.c.panel_id)
        where = (panel_member.c.person_id == person_id, panel_member.c.state == "active")
        return sorted(set(self._connection.scalars(statement.where(*where))))

    def busy(self, jurisdiction: str, stage: str | None = None) -> dict[int, int]:
        """Count the open panels of a jurisdiction, or of one stage, on which each person sits, while an application runs."""
        still_reviewed = (  # an application that was withdrawn leaves its panel open
            sa.select(panel_case.c.case_id)
            .join(case, case.c.id == panel_case.c.case_id)
            .where(panel_case.c.panel_id == panel.c.id, case.c.status != word("ended"))
            .exists()
        )
        columns = (panel_member.c.person_id, sa.func.count(sa.distinct(panel.c.id)))
        sitting_on = (
            sa.select(*columns)
            .join(panel, panel.c.id == panel_member.c.panel_id)
            .where(panel.c.jurisdiction == jurisdiction, panel.c.state == word("open"))
            .where(panel_member.c.state == word("active"), still_reviewed)
            .group_by(panel_member.c.person_id)
        )
        if stage:
            sitting_on = sitting_on.where(panel.c.stage == stage)
        return {int(person): int(count) for person, count in self._connection.execute(sitting_on)}

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

    def drop(self, person_id: int, case_id: int, stage: str, reason: str) -> int:
        """Let the sheets of a person in a stage of a case no longer count; returns how many there were."""
        valid = {"person_id": person_id, "case_id": case_id, "stage": stage, "state": "valid"}
        return self.change_where(valid, state="dropped", reason=reason)


class AppointmentRepository(Rows[AppointmentRow]):
    """Defences and visits."""

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
            after=after, limit=limit, jurisdiction=jurisdiction, state="planned", starts_at__lt=until, ends_at__gt=since
        )


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

    order = "-starts_at -id"

    def call(self, row: SittingRow, members: Sequence[SittingMemberRow]) -> int:
        """Keep a sitting with its members (whose ``sitting_id`` is given here); returns its number."""
        number = self.insert(row)
        self._put(sitting_member, [replace(each, sitting_id=number) for each in members])
        return number

    def calling(self, person_id: int, since: datetime) -> list[SittingRow]:
        """Return the next five sittings to which somebody is called that begin after ``since``, the first first."""
        called = self._select_called(person_id).where(sitting.c.state == "called", sitting.c.starts_at >= since)
        return self._all(SittingRow, called.order_by(sitting.c.starts_at, sitting.c.id).limit(5))

    def coming(self, person_id: int, places: Sequence[str], since: datetime, most: int) -> list[SittingRow]:
        """Return the sittings that begin after ``since``, of the places or to which somebody is called, the first first."""
        to_come = (sitting.c.state == word("called"), sitting.c.starts_at >= since)
        chosen = sa.union(
            sa.select(sitting.c.id).where(sitting.c.jurisdiction.in_(places), *to_come),
            sa.select(sitting_member.c.sitting_id).where(sitting_member.c.person_id == person_id),
        )
        coming = sa.select(sitting).where(sitting.c.id.in_(chosen), *to_come)
        return self._all(SittingRow, coming.order_by(sitting.c.starts_at, sitting.c.id).limit(most))

    def calling_about(self, person_id: int, cases: Sequence[int]) -> list[SittingRow]:
        """Return the sittings about these cases to which somebody is called, in no order."""
        return self._all(SittingRow, self._select_called(person_id).where(sitting.c.case_id.in_(cases)))

    def papers(self, documents: Sequence[int]) -> list[Paper]:
        """Return those of these documents that are not erased, in the order given."""
        papers = self._build_papers(_select_papers(document.c.id.in_(documents))) if documents else []
        return sorted(papers, key=lambda paper: documents.index(paper.id))

    def papers_around(self, case_id: int, most: int) -> list[Paper]:
        """Return the newest ``most`` documents of a case and of the cases right below it, the newest first."""
        cases = sa.select(case.c.id).where(case.c.id == case_id)
        cases_here = cases.union_all(sa.select(case.c.id).where(case.c.parent_id == case_id))
        papers = _select_papers(document.c.case_id.in_(cases_here))
        return self._build_papers(papers.order_by(document.c.id.desc()).limit(most))

    def _select_called(self, person_id: int) -> sa.Select[Any]:
        member = sitting_member.c
        return sa.select(sitting).join(
            sitting_member, sa.and_(member.sitting_id == sitting.c.id, member.person_id == person_id)
        )

    def _build_papers(self, statement: sa.Select[Any]) -> list[Paper]:
        rows = self._connection.execute(statement).all()
        columns = (case.c.id, case.c.parent_id, case.c.title, case.c.subject_id, case.c.facts)
        matters = sa.select(*columns).where(case.c.id.in_({row.case_id for row in rows}))
        cases = {matter.id: matter for matter in self._all(Matter, matters)} if rows else {}
        return [Paper(row.id, row.title, row.number, row.issued_at, cases[row.case_id]) for row in rows]


def _select_papers(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = (document.c.id, document.c.title, document.c.number, document.c.issued_at, document.c.case_id)
    return sa.select(*columns).where(document.c.erased_at.is_(None), where)


NOT_VOTED, ON_SCREEN, IN_HALL = 0, 1, 2
"""States of a member on the roll."""


class BallotRepository(Rows[BallotRow]):
    """Ballots as opened, cast into and counted."""

    def list_uncounted(self) -> list[BallotRow]:
        """Return every ballot that is open, or closed and not counted."""
        return self.select(state=("open", "closed"))

    def finish_tasks(self, task_ids: Collection[int], state: str) -> None:
        """Take the open tasks of members off the list, as ``done`` or ``cancelled``; no time is kept."""
        waiting = sa.update(task).where(task.c.id.in_(task_ids), task.c.state == word("open"))
        self._change(waiting.values(version=task.c.version + 1), state=state)


@dataclass(frozen=True, slots=True)
class VotersBallot:
    """A ballot, and the unit for which a voter is on its roll (None: themselves); ``mark`` is 0 until they vote.

    ``nth`` counts the ballots of its name in its case up to it. ``after`` is what stands after it, or why it was stopped.
    """

    id: int
    case_id: int
    title: str
    role: str
    state: str
    opened_at: datetime
    body_id: int | None
    mark: int
    nth: int
    after: Any = None


class RollRepository(Rows[RollRow]):
    """The rolls of ballots."""

    def find_member(self, ballot_id: int, person_id: int | None, body_ids: Collection[int]) -> RollRow | None:
        """Return the place on the roll of a person or of the unit they act for, None when there is none."""
        voter: sa.ColumnElement[bool] = ballot_roll.c.body_id.in_(body_ids)
        if person_id is not None:
            voter |= ballot_roll.c.person_id == person_id
        members = sa.select(ballot_roll).where(ballot_roll.c.ballot_id == ballot_id, voter)
        return self._first(RollRow, members.order_by(ballot_roll.c.number).limit(1))

    def mark(self, ballot_id: int, numbers: Collection[int], state: int, open_paper: object = None) -> int:
        """Mark members who have not voted yet; returns how many were marked."""
        values = {"state": state} if open_paper is None else {"state": state, "open_paper": open_paper}
        return self.change_where({"ballot_id": ballot_id, "number": numbers, "state": NOT_VOTED}, **values)

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
        b, r, up_to = ballot.c, ballot_roll.c, ballot.alias().c
        alike = sa.select(sa.func.count()).where(up_to.case_id == b.case_id, up_to.title == b.title, up_to.id <= b.id)
        nth, mark = alike.scalar_subquery().label("nth"), r.state.label("mark")
        statement = (
            sa.select(b.id, b.case_id, b.title, b.role, b.state, b.opened_at, r.body_id, mark, nth, b.after)
            .join_from(ballot, ballot_roll, r.ballot_id == b.id)
            .where(b.role.in_(roles), b.jurisdiction.in_(places))
            .where(sa.or_(r.person_id == person_id, r.body_id.in_(body_ids)))
        )
        if before is not None:
            statement = statement.where(b.id < before)
        return self._all(VotersBallot, statement.order_by(b.id.desc()).limit(limit))
