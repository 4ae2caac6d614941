"""Tasks: user tasks that wait for people, and the lists of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.models import TaskRow
from service.store.models.cases import task
from service.store.queries import task_lists
from service.store.queries.base import Ordered, asked_once, select_sorted_rows, values_of, word
from service.store.queries.board import TaskWithCase, locked_of_task, task_with_case
from service.store.queries.case_tree import select_case_root, top_of
from service.store.queries.notes import count_waiting_for
from service.store.queries.rows import Rows
from service.store.queries.task_lists import CAP, Facet, TaskCounts, TaskFilter
from service.store.types import keys_of


class HeldTasks(NamedTuple):
    """How many open tasks of a place, a role and a body (None: of no body) a person has claimed."""

    jurisdiction: str
    role: str
    body_id: int | None
    tasks: int


class ArrivedTasks(NamedTuple):
    """How many tasks of one name came to a role of a body (None: of every body with it)."""

    role: str
    body_id: int | None
    title: str
    tasks: int


class TaskRepository(Rows[TaskRow]):
    """Open and finished tasks."""

    def insert_many(self, rows: Sequence[TaskRow]) -> list[int]:
        """Add tasks in one statement, which notes the round of each; returns their ids in that order."""
        if not rows:
            return []
        cases = {row.case_id for row in rows}
        if len(rows) > 1 and len(cases) == 1:  # it is looked for once
            statement = sa.insert(task).values(round_id=select_case_root(cases.pop()))
            return self._added(statement.returning(task.c.id), [values_of(row) for row in rows])
        values = [{**values_of(row), "of_case": row.case_id} for row in rows]
        return self._added(_INSERT_OF_ROUND, values)

    def with_locked_case(self, task_id: int) -> TaskWithCase:
        """Return a task with its case, which is locked until the end of the unit of work; raises NotFound.

        On PostgreSQL a draft may come until the task is done: there it counts as drafted.
        """
        dialect = self._connection.dialect
        row = self._connection.execute(locked_of_task(dialect.name), {"id": task_id}).first()
        if row is None:
            raise self._missing(task_id)
        whole = task_with_case(row, keys_of(dialect))
        return whole._replace(drafted=True) if dialect.name == "postgresql" else whole

    @asked_once
    def open_of_case(self, case_id: int) -> list[TaskRow]:
        """Return what waits for people in a case, oldest first."""
        return self._all(TaskRow, _OPEN_OF_CASE, case_id=case_id)

    def cancel(self, task_ids: Collection[int], at: datetime) -> int:
        """Withdraw those of the tasks that are open; returns how many were."""
        if not task_ids:
            return 0
        statement = sa.update(task).where(task.c.id.in_(task_ids), task.c.state == word("open"))
        return self._change(statement.values(state="cancelled", done_at=at, version=task.c.version + 1))

    def list_page(
        self, chosen: TaskFilter, after: tuple[datetime, int] | None = None, limit: int = 50
    ) -> list[TaskRow]:
        """Return one page by due date; ``after`` is (due_at, id) of the last task of the page before."""
        return self._all(TaskRow, task_lists.select_page(chosen, after, limit))

    def foremost(self, chosen: TaskFilter, soon: datetime, limit: int) -> Sequence[TaskRow]:
        """Return what comes first: due before ``soon``, then sent back or held up for a whole round, then the others by day."""
        return self._all(TaskRow, task_lists.select_foremost(chosen, soon, limit))

    def ordered(self, chosen: TaskFilter, order: Ordered, limit: int) -> Sequence[TaskRow]:
        """Return one page in another order than by due date; of a list of more than 1000 only its first are looked at."""
        return self._all(TaskRow, task_lists.select_ordered(chosen, order, limit))

    def done(
        self, chosen: TaskFilter, before: tuple[datetime, int] | None, limit: int, *, oldest: bool = False
    ) -> Sequence[TaskRow]:
        """Return what a person has done, votes apart, newest first; ``before`` is the place of the last one above."""
        return self._all(TaskRow, task_lists.select_done(chosen, before, limit, oldest=oldest))

    def done_ids(self, chosen: TaskFilter, limit: int) -> Sequence[int]:
        """Return the ids of the newest tasks that a person has done, votes apart."""
        return self._connection.scalars(task_lists.select_newest_done(chosen, limit)).all()

    def arranged(self, ids: Sequence[int], order: Ordered, limit: int) -> Sequence[TaskRow]:
        """Return a page of these tasks in ``order``."""
        return self._all(TaskRow, select_sorted_rows([*task.c], task.c.id, ids, task_lists.COLUMNS, order, limit))

    def counts(self, chosen: TaskFilter) -> TaskCounts:
        """Return how many tasks each scope holds; counting stops at 1000."""
        counts = self._connection.execute(task_lists.count_scopes(chosen)).one()
        return TaskCounts._make(min(CAP, count) for count in counts)

    def facets(self, chosen: TaskFilter, ends: Sequence[datetime]) -> Sequence[Facet]:
        """Return what the first 1000 tasks of a list are, by step, round and period, of which four end at ``ends``, growing."""
        until = {f"end{n}": end for n, end in enumerate(ends)}
        return [Facet._make(row) for row in self._connection.execute(task_lists.select_facets(chosen), until)]

    def count_each(self, lists: Sequence[TaskFilter]) -> Sequence[int]:
        """Return how many tasks each list holds, in one statement; counting stops at 1000."""
        return tuple(self._connection.execute(task_lists.count_each(lists)).one()) if lists else ()

    def count_with_signs_and_notes(
        self, lists: Sequence[TaskFilter], person_id: int, recused: Collection[int]
    ) -> tuple[Sequence[int], int, int]:
        """Return what `count_each` does and, in the same statement, how many signatures wait for a person, and notes to be read."""
        counted = task_lists.count_each(lists).add_columns(*count_waiting_for(recused))
        *counts, signs, notes = self._connection.execute(counted, {"person_id": person_id}).one()
        return tuple(counts), int(signs), int(notes)

    def count(self, chosen: TaskFilter) -> int:
        """Return how many tasks `list_page` would find on all its pages together."""
        return int(self._scalar(task_lists.count_all(chosen)))

    def holders(self, places: Sequence[str]) -> dict[int, int]:
        """Return how many open tasks of places each person has claimed, by person, votes and personal ones aside."""
        others = {"state": "open", "kind__ne": "ballot", "personal": False, "jurisdiction": places}
        return self.count_by("assignee_id", **others, assignee_id__ne=None)

    def held(self, places: Sequence[str], person_id: int) -> Sequence[HeldTasks]:
        """Return what a person has claimed in places, by place, role and body, votes and personal tasks aside."""
        columns = (task.c.jurisdiction, task.c.role, task.c.body_id)
        claimed = (task.c.state == word("open"), task.c.assignee_id == person_id, task.c.jurisdiction.in_(places))
        counted = sa.select(*columns, sa.func.count()).where(*claimed, task.c.kind != "ballot", ~task.c.personal)
        rows = self._connection.execute(counted.group_by(*columns).order_by(*columns))
        return [HeldTasks(place, role, body, int(count)) for place, role, body, count in rows]

    def arrived(self, place: str, since: datetime, until: datetime) -> Sequence[ArrivedTasks]:
        """Return what came to bodies of a place in a span and nobody has opened or claimed, votes and personal tasks aside."""
        open_there = (task.c.state == word("open"), task.c.jurisdiction == place, task.c.assignee_id.is_(None))
        fresh = (task.c.opened_at.is_(None), task.c.created_at >= since, task.c.created_at < until)
        columns = (task.c.role, task.c.body_id, task.c.title)
        counted = sa.select(*columns, sa.func.count()).where(
            *open_there, *fresh, task.c.kind != "ballot", ~task.c.personal
        )
        return [ArrivedTasks(*row) for row in self._connection.execute(counted.group_by(*columns).order_by(*columns))]

    def new_since(self, chosen: TaskFilter, task_id: int) -> int:
        """Return how many tasks of the scope came after ``task_id`` (among the newest 1000 of all)."""
        return int(self._scalar(task_lists.count_newer(chosen, task_id)))

    def newest(self) -> int:
        """Return the greatest id given so far, 0 when there is none: where `new_since` starts."""
        return int(self._scalar(_NEWEST))


_OPEN_OF_CASE = TaskRepository.write(case_id=sa.bindparam("case_id"), state="open")
_INSERT_OF_ROUND = sa.insert(task).values(round_id=top_of(sa.bindparam("of_case", type_=task.c.case_id.type)))
_INSERT_OF_ROUND = _INSERT_OF_ROUND.returning(task.c.id)
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(task.c.id), 0))
