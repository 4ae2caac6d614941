"""A case with all cases below it, the calls they stand in, what hangs on them, and which of them run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.models import CallRow
from service.store.models.cases import call, case, subscription, task
from service.store.models.columns import TABLES, brief_columns
from service.store.models.log import incident
from service.store.models.register import notice
from service.store.models.review import appointment, ballot, sitting
from service.store.models.work import work_item
from service.store.queries.base import Repository, Row, word
from service.store.queries.case_filter import match_still_open
from service.store.queries.rows import Rows
from service.store.queries.tallies import NEWEST, Place, at_place

WITHOUT_STATE = brief_columns(case)
"""The columns of a case without what is long and of the program alone."""


def select_branch(top: int) -> sa.Select[tuple[int]]:
    """Return the statement for the ids of a case and of all cases below it."""
    branch = sa.select(case.c.id).where(case.c.id == top).cte("branch", recursive=True)
    branch = branch.union(sa.select(case.c.id).join(branch, case.c.parent_id == branch.c.id))
    return sa.select(branch.c.id)


def top_of(case_id: int | sa.ColumnElement[int], *of: sa.FromClause) -> sa.ScalarSelect[int]:
    """Return the id of the case above a case that is below none, however high; cases in a ring have none.

    ``of`` is the table that ``case_id`` is a column of.
    """
    higher = _all_above(case_id, of)
    return sa.select(higher.c.at).where(higher.c.above.is_(None)).scalar_subquery()


def select_case_root(case_id: int) -> sa.ScalarSelect[int]:
    """Return what `top_of` returns of a case whose number is known; parts of one statement find it but once.

    The number is written as digits: of an insert of many rows SQLAlchemy gives the database the values of rows alone.
    """
    higher = _all_above(sa.literal_column(f"{case_id:d}", sa.BigInteger), (), nesting=False)
    return sa.select(higher.c.at).where(higher.c.above.is_(None)).scalar_subquery()


def _all_above(case_id: int | sa.ColumnElement[int], of: Sequence[sa.FromClause], *, nesting: bool = True) -> sa.CTE:
    """Return a case and all above it, each with the one next above."""
    climb = sa.select(case.c.id.label("at"), case.c.parent_id.label("above")).where(case.c.id == case_id)
    begun = climb.correlate(*of).cte(recursive=True, nesting=nesting)
    return begun.union(sa.select(case.c.id, case.c.parent_id).join(begun, case.c.id == begun.c.above))


class BranchRepository(Repository):
    """What is on record in a case and in all cases below it."""

    def select(self, kind: type[Row], top: int) -> list[Row]:
        """Return the rows of a ``kind`` that belong to any of these cases, oldest first."""
        table = TABLES[kind]
        return self._all(kind, sa.select(table).where(table.c.case_id.in_(select_branch(top))).order_by(table.c.id))


class Called(NamedTuple):
    """A call activity in which a case stood, since when and until when."""

    element: str
    since: datetime
    left_at: datetime


class CallRepository(Rows[CallRow]):
    """Which cases stand in which call activities, and for how long others stood."""

    def leave(self, case_id: int, places: Collection[tuple[str, str]], at: datetime) -> None:
        """Note that a case has left call activities (process id, element id)."""
        for process_id, element in places:
            place_values = {"case_id": case_id, "process_id": process_id, "element": element, "left_at": None}
            self.change_where(place_values, left_at=at)

    def standing(self, place: Place) -> list[tuple[str, int, datetime]]:
        """Return of each call activity of a diagram how many cases stand in it, and since when the first."""
        columns = (call.c.element, sa.func.count(), sa.func.min(call.c.since))
        counted = sa.select(*columns).where(*at_place(call, place, call.c.left_at.is_(None))).group_by(call.c.element)
        return [(str(element), int(count), since) for element, count, since in self._connection.execute(counted)]

    def left(self, place: Place, since: datetime) -> list[Called]:
        """Return the call activities of a diagram that cases have left since then, the newest `NEWEST` at most."""
        gone = at_place(call, place, call.c.left_at.is_not(None), call.c.left_at >= since)
        newest = sa.select(call.c.element, call.c.since, call.c.left_at).where(*gone)
        result = self._connection.execute(newest.order_by(call.c.left_at.desc()).limit(NEWEST))
        return [Called(*row) for row in result]

    def cases_at(self, place: Place, elements: Collection[str]) -> dict[str, int]:
        """Return how many cases wait at each of these elements of a diagram: one that waits there for several things is one.

        Call activities are not among these: see `standing`.
        """
        pages = [
            sa.select(table.c.element, table.c.case_id).where(
                *at_place(table, place, table.c.element.in_(sorted(elements)), *match_still_open(table))
            )
            for table in (task, subscription, work_item)
        ]
        each = sa.union(*pages).subquery()
        counted = sa.select(each.c.element, sa.func.count()).group_by(each.c.element)
        return {str(element): int(count) for element, count in self._connection.execute(counted)}


BALLOT, TASK, SITTING, APPOINTMENT, NOTICE = "ballot", "task", "sitting", "appointment", "notice"
HELD, INCIDENT = "held", "incident"
"""Kinds of what hangs on a case: work that waits until a suspended case goes on, and what stopped in a case."""

STANDING = "standing"
"""Kind of the open ballots of the case above, in which a case may stand."""

TERMINATED = "terminated"
"""Outcome of a case that an administrator ended before its own end."""

_WAITING: tuple[tuple[str, sa.Table, tuple[sa.ColumnElement[bool], ...]], ...] = (
    (BALLOT, ballot, (ballot.c.state.in_([word("open"), word("closed")]),)),
    (TASK, task, (task.c.state == word("open"),)),
    (SITTING, sitting, (sitting.c.state == word("called"),)),
    (APPOINTMENT, appointment, (appointment.c.state == word("planned"),)),
    (NOTICE, notice, (notice.c.state == word("running"),)),
    (HELD, work_item, (work_item.c.state == word("held"),)),
    (INCIDENT, incident, (incident.c.resolved_at.is_(None), incident.c.work_item_id.is_(None))),
)


class HangingRepository(Repository):
    """Ballots, sittings, appointments, notices and the like that wait for somebody because a case runs."""

    def on_case(self, case_id: int) -> Mapping[str, Sequence[int]]:
        """Return the numbers of what hangs on a case, by kind, the oldest first."""
        waiting = (
            sa.select(word(kind), table.c.id).where(table.c.case_id == case_id, *where)
            for kind, table, where in _WAITING
        )
        above = sa.select(case.c.parent_id).where(case.c.id == case_id).scalar_subquery()
        open_above = sa.select(word(STANDING), ballot.c.id).where(
            ballot.c.case_id == above, ballot.c.state == word("open")
        )
        ids_by_kind: dict[str, list[int]] = defaultdict(list)
        for kind, number in sorted(map(tuple, self._connection.execute(sa.union_all(*waiting, open_above)))):
            ids_by_kind[kind].append(number)
        return ids_by_kind
