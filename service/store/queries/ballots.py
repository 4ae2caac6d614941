"""Ballots, their rolls and their results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.models import BallotRecusalRow, BallotRow, ResultRow, RollRow
from service.store.models.ballots import ballot, ballot_recusal, ballot_result, ballot_roll
from service.store.models.cases import case, task
from service.store.queries.base import Repository, among, one, values_of, word

NOT_VOTED, ON_SCREEN, IN_HALL = 0, 1, 2
"""States of a member on the roll."""

_NAME = ("表决", "ballot")
_ONE = one(ballot, "id")
_LOCKED = one(ballot, "id").with_for_update(key_share=True)
_OF_BOX = one(ballot, "box")
_OF_CASE = one(ballot, "case_id").order_by(ballot.c.id)
_STATUS_OF_CASE = (
    sa.select(case.c.status).join(ballot, ballot.c.case_id == case.c.id).where(ballot.c.id == sa.bindparam("id"))
)
_UNCOUNTED = sa.select(ballot).where(ballot.c.state.in_([word("open"), word("closed")])).order_by(ballot.c.id)
_ROLL = one(ballot_roll, "ballot_id").order_by(ballot_roll.c.number)
_MEMBER = (
    one(ballot_roll, "ballot_id")
    .where(sa.or_(ballot_roll.c.person_id == sa.bindparam("person"), among(ballot_roll.c.body_id, "bodies")))
    .order_by(ballot_roll.c.number)
    .limit(sa.literal_column("1"))
)
_MARKED = sa.update(ballot_roll).where(
    ballot_roll.c.ballot_id == sa.bindparam("of_ballot"),
    among(ballot_roll.c.number, "numbers"),
    ballot_roll.c.state == sa.bindparam("was"),
)
_RECUSALS = one(ballot_recusal, "ballot_id").order_by(ballot_recusal.c.number, ballot_recusal.c.candidate)
_RECUSALS_OF = _RECUSALS.where(ballot_recusal.c.number == sa.bindparam("member"))
_FINISHED = (
    sa.update(task).where(among(task.c.id, "ids"), task.c.state == word("open")).values(version=task.c.version + 1)
)


class BallotRepository(Repository):
    """Ballots as opened, cast into and counted."""

    def insert(self, row: BallotRow) -> int:
        """Open a ballot and return its id."""
        return self._insert(ballot, row)

    def get(self, ballot_id: int) -> BallotRow:
        """Return a ballot; raises NotFound."""
        return self._existing(BallotRow, _NAME, _ONE, ballot_id)

    def lock(self, ballot_id: int) -> BallotRow:
        """Lock and return a ballot until the end of the unit of work; raises NotFound."""
        return self._existing(BallotRow, _NAME, _LOCKED, ballot_id)

    def with_box(self, box: str) -> BallotRow | None:
        """Return the ballot whose keys are kept under this name."""
        return self._first(BallotRow, _OF_BOX, box=box)

    def uncounted(self) -> list[BallotRow]:
        """Return every ballot that is open, or closed and not counted."""
        return self._all(BallotRow, _UNCOUNTED)

    def case_status(self, ballot_id: int) -> str:
        """Return the status of the case a ballot belongs to."""
        return str(self._scalar(_STATUS_OF_CASE, id=ballot_id))

    def of_case(self, case_id: int) -> list[BallotRow]:
        """Return the ballots of a case, oldest first."""
        return self._all(BallotRow, _OF_CASE, case_id=case_id)

    def update(self, ballot_id: int, **changes: object) -> None:
        """Change a ballot that is locked, or whose case is."""
        self._alter(ballot, ballot_id, changes)

    def add_roll(self, rows: Sequence[RollRow]) -> None:
        """Freeze the roll."""
        self._put(ballot_roll, rows)

    def roll(self, ballot_id: int) -> list[RollRow]:
        """Return everybody on the roll, by place."""
        return self._all(RollRow, _ROLL, ballot_id=ballot_id)

    def member(self, ballot_id: int, person_id: int | None, body_ids: Collection[int]) -> RollRow | None:
        """Return the place on the roll of a person or of the unit they act for, None when there is none."""
        return self._first(RollRow, _MEMBER, ballot_id=ballot_id, person=person_id, bodies=sorted(body_ids))

    def mark(self, ballot_id: int, numbers: Collection[int], state: int, open_paper: object = None) -> int:
        """Mark members who have not voted yet; returns how many were marked."""
        where = {"of_ballot": ballot_id, "numbers": sorted(numbers), "was": NOT_VOTED}
        values = {"state": state} if open_paper is None else {"state": state, "open_paper": open_paper}
        return self._change(_MARKED, **where, **values)

    def recuse(self, row: BallotRecusalRow) -> bool:
        """Note a recusal; False when it is on record already."""
        statement = self._upsert(ballot_recusal).values(values_of(row)).on_conflict_do_nothing()
        return self._change(statement) == 1

    def recusals(self, ballot_id: int, number: int | None = None) -> list[BallotRecusalRow]:
        """Return what the members (or one of them) take no part in."""
        if number is None:
            return self._all(BallotRecusalRow, _RECUSALS, ballot_id=ballot_id)
        return self._all(BallotRecusalRow, _RECUSALS_OF, ballot_id=ballot_id, member=number)

    def finish_tasks(self, task_ids: Collection[int], state: str) -> None:
        """Take the open tasks of members off the list, as ``done`` or ``cancelled``; no time is kept."""
        self._change(_FINISHED, ids=sorted(task_ids), state=state)

    def insert_result(self, row: ResultRow) -> None:
        """Keep what was counted."""
        self._put(ballot_result, [row])

    def result(self, ballot_id: int) -> ResultRow | None:
        """Return what was counted, None before the count."""
        return self._first(ResultRow, sa.select(ballot_result).where(ballot_result.c.ballot_id == ballot_id))

    def update_result(self, ballot_id: int, **changes: object) -> None:
        """Change the outcome where the chair decided a tie."""
        self._change(sa.update(ballot_result).where(ballot_result.c.ballot_id == ballot_id).values(changes))


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


class RollRepository(Repository):
    """The rolls of ballots, read by voter."""

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
