"""Ballots, their rolls and their results."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa

from service.store.ballot_rows import BallotRow, RecusalRow, ResultRow, RollRow
from service.store.errors import missing
from service.store.prepared import Prepared
from service.store.repositories.base import Repository, one, word
from service.store.tables import ballot, ballot_recusal, ballot_result, ballot_roll, case, task

NOT_VOTED, ON_SCREEN, IN_HALL = 0, 1, 2
"""States of a member on the roll."""

_ONE = Prepared(one(ballot, "id"))
_LOCKED = Prepared(one(ballot, "id").with_for_update(key_share=True))
_OF_CASE = Prepared(one(ballot, "case_id").order_by(ballot.c.id))


class Ballots(Repository):
    """Ballots as opened, cast into and counted."""

    def insert(self, **columns: object) -> int:
        """Open a ballot and return its id; see the columns of `BallotRow`."""
        return self._insert(ballot, columns)

    def get(self, ballot_id: int) -> BallotRow:
        """Return a ballot; raises NotFound."""
        return self._existing(ballot_id, _ONE)

    def lock(self, ballot_id: int) -> BallotRow:
        """Return a ballot that nobody else changes until the end of the unit of work; raises NotFound."""
        return self._existing(ballot_id, _LOCKED)

    def case_status(self, ballot_id: int) -> str:
        """Return the status of the case a ballot belongs to."""
        statement = sa.select(case.c.status).join(ballot, ballot.c.case_id == case.c.id)
        return str(self._scalar(statement.where(ballot.c.id == ballot_id)))

    def of_case(self, case_id: int) -> list[BallotRow]:
        """Return the ballots of a case, oldest first."""
        return self._all(BallotRow, _OF_CASE, case_id=case_id)

    def update(self, ballot_id: int, **changes: object) -> None:
        """Change a ballot that is locked, or whose case is."""
        self._connection.execute(sa.update(ballot).where(ballot.c.id == ballot_id).values(changes))

    def add_roll(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Freeze the roll; see the columns of `RollRow`."""
        self._connection.execute(sa.insert(ballot_roll), [dict(row) for row in rows])

    def roll(self, ballot_id: int) -> list[RollRow]:
        """Return everybody on the roll, by place."""
        statement = sa.select(ballot_roll).where(ballot_roll.c.ballot_id == ballot_id)
        return self._all(RollRow, statement.order_by(ballot_roll.c.number))

    def member(self, ballot_id: int, person_id: int | None, body_ids: Collection[int]) -> RollRow | None:
        """Return the place on the roll of a person or of the unit they act for, None when there is none."""
        mine = [ballot_roll.c.person_id == person_id] if person_id is not None else []
        ours = [ballot_roll.c.body_id.in_(sorted(body_ids))] if body_ids else []
        if not mine and not ours:
            return None
        statement = sa.select(ballot_roll).where(ballot_roll.c.ballot_id == ballot_id, sa.or_(*mine, *ours))
        return self._first(RollRow, statement.order_by(ballot_roll.c.number).limit(1))

    def mark(self, ballot_id: int, numbers: Collection[int], state: int, open_paper: object = None) -> int:
        """Mark members who have not voted yet; returns how many were marked."""
        statement = sa.update(ballot_roll).where(
            ballot_roll.c.ballot_id == ballot_id,
            ballot_roll.c.number.in_(sorted(numbers)),
            ballot_roll.c.state == NOT_VOTED,
        )
        values = {"state": state} if open_paper is None else {"state": state, "open_paper": open_paper}
        return self._change(statement.values(values))

    def recuse(self, row: Mapping[str, object]) -> bool:
        """Note a recusal; False when it is on record already."""
        statement = self._upsert(ballot_recusal).values(dict(row)).on_conflict_do_nothing()
        return self._change(statement) == 1

    def recusals(self, ballot_id: int, number: int | None = None) -> list[RecusalRow]:
        """Return what the members (or one of them) take no part in."""
        statement = sa.select(ballot_recusal).where(ballot_recusal.c.ballot_id == ballot_id)
        if number is not None:
            statement = statement.where(ballot_recusal.c.number == number)
        return self._all(RecusalRow, statement.order_by(ballot_recusal.c.number, ballot_recusal.c.candidate))

    def finish_tasks(self, task_ids: Collection[int], state: str) -> None:
        """Take the open tasks of members off the list, as ``done`` or ``cancelled``; no time is kept."""
        statement = sa.update(task).where(task.c.id.in_(sorted(task_ids)), task.c.state == word("open"))
        self._connection.execute(statement.values(state=state, version=task.c.version + 1))

    def insert_result(self, **columns: object) -> None:
        """Keep what was counted; see the columns of `ResultRow`."""
        self._connection.execute(sa.insert(ballot_result).values(columns))

    def result(self, ballot_id: int) -> ResultRow | None:
        """Return what was counted, None before the count."""
        return self._first(ResultRow, sa.select(ballot_result).where(ballot_result.c.ballot_id == ballot_id))

    def update_result(self, ballot_id: int, **changes: object) -> None:
        """Change the outcome where the chair decided a tie."""
        self._connection.execute(sa.update(ballot_result).where(ballot_result.c.ballot_id == ballot_id).values(changes))

    def _existing(self, ballot_id: int, statement: Prepared) -> BallotRow:
        row = self._first(BallotRow, statement, id=ballot_id)
        if row is None:
            raise missing("表决", "ballot", ballot_id)
        return row
