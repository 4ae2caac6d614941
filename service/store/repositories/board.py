"""Where the cases of one kind below a case stand: each question one statement, however many cases there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import Repository, word
from service.store.repositories.case_filter import not_about
from service.store.rows import Json
from service.store.rows.calls import call
from service.store.rows.cases import case, task, visit
from service.store.rows.history import incident
from service.store.rows.people import body, person
from service.store.rows.submissions import form_result
from service.store.rows.work import work_item


@dataclass(frozen=True, slots=True)
class CasesBelow:
    """The cases of kind ``process`` below ``parent``, without those about the organisations in ``recused``."""

    parent: int
    process: str
    recused: tuple[int, ...] = ()


class BoardCase(NamedTuple):
    """A case on the board; ``subject`` is the organisation's name, None where it is about none."""

    id: int
    title: str
    number: str | None
    status: str
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    subject: str | None


class BoardCall(NamedTuple):
    """A stage that a case stands in."""

    case_id: int
    element: str
    since: datetime


class BoardTask(NamedTuple):
    """A task that is open in a case, with the names of who holds it, None where it is nobody's yet."""

    case_id: int
    title: str
    role: str
    created_at: datetime
    due_at: datetime
    due_reason: Json
    note: Json
    body: str | None
    assignee: str | None
    state: str
    kind: str
    jurisdiction: str
    body_id: int | None
    assignee_id: int | None
    personal: bool


class BoardTimer(NamedTuple):
    """A time limit that a case waits for."""

    case_id: int
    process_id: str
    element: str
    due_at: datetime
    payload: Json
    created_at: datetime


class BoardRepository(Repository):
    """What the board of a round shows."""

    def cases(self, below: CasesBelow) -> list[BoardCase]:
        """Return the cases, oldest first."""
        columns = (case.c.id, case.c.title, case.c.number, case.c.status, case.c.outcome, case.c.started_at)
        statement = (
            sa.select(*columns, case.c.ended_at, body.c.name)
            .outerjoin(body, body.c.id == case.c.subject_id)
            .where(*_among(below))
        )
        return [BoardCase._make(row) for row in self._connection.execute(statement.order_by(case.c.id))]

    def standing(self, below: CasesBelow, process_id: str) -> list[BoardCall]:
        """Return the call activities of their own diagram that the cases stand in, in the order they entered them."""
        statement = sa.select(call.c.case_id, call.c.element, call.c.since).where(
            call.c.process_id == process_id, call.c.left_at.is_(None), _of_these(call, below)
        )
        return [BoardCall._make(row) for row in self._connection.execute(statement.order_by(call.c.id))]

    def came(
        self, below: CasesBelow, process_id: str, elements: Collection[str], until: datetime | None = None
    ) -> list[tuple[int, str]]:
        """Return which of ``elements`` of their own diagram each case came to ``until`` then, those it left at once too."""
        statement = sa.select(visit.c.case_id, visit.c.element).where(
            visit.c.process_id == process_id, visit.c.element.in_(sorted(elements)), _of_these(visit, below)
        )
        if until is not None:
            statement = statement.where(visit.c.at <= until)
        return [(int(row[0]), str(row[1])) for row in self._connection.execute(statement.distinct())]

    def tasks(self, below: CasesBelow) -> list[BoardTask]:
        """Return what is open in the cases and in the one above them, soonest due first."""
        columns = (task.c.case_id, task.c.title, task.c.role, task.c.created_at, task.c.due_at, task.c.due_reason)
        held = (task.c.state, task.c.kind, task.c.jurisdiction, task.c.body_id, task.c.assignee_id, task.c.personal)
        statement = (
            sa.select(*columns, task.c.note, body.c.name, person.c.name, *held)
            .outerjoin(body, body.c.id == task.c.body_id)
            .outerjoin(person, person.c.id == task.c.assignee_id)
            .where(task.c.state == word("open"), _of_these(task, below, above=True))
        )
        ordered = statement.order_by(task.c.due_at, task.c.id)
        return [BoardTask._make(row) for row in self._connection.execute(ordered)]

    def timers(self, below: CasesBelow) -> list[BoardTimer]:
        """Return the time limits on their diagrams that the cases and the one above them wait for, soonest first."""
        columns = (work_item.c.process_id, work_item.c.element, work_item.c.due_at, work_item.c.payload)
        statement = sa.select(work_item.c.case_id, *columns, work_item.c.created_at).where(
            work_item.c.kind == "timer",
            work_item.c.state == "waiting",
            work_item.c.element.is_not(None),
            _of_these(work_item, below, above=True),
        )
        ordered = statement.order_by(work_item.c.due_at, work_item.c.id)
        return [BoardTimer._make(row) for row in self._connection.execute(ordered)]

    def troubles(self, below: CasesBelow) -> dict[int, int]:
        """Return how many incidents are open, by case."""
        statement = sa.select(incident.c.case_id, sa.func.count()).where(
            incident.c.resolved_at.is_(None), _of_these(incident, below)
        )
        return {int(row[0]): int(row[1]) for row in self._connection.execute(statement.group_by(incident.c.case_id))}

    def opened_below(self, below: CasesBelow) -> dict[tuple[int, str], int]:
        """Return how many cases still run below the cases themselves, by case and kind: objections for instance."""
        lower = case.alias("lower")
        statement = (
            sa.select(lower.c.parent_id, lower.c.process, sa.func.count())
            .where(lower.c.status != word("ended"), lower.c.parent_id.in_(sa.select(case.c.id).where(*_among(below))))
            .group_by(lower.c.parent_id, lower.c.process)
        )
        return {(int(row[0]), str(row[1])): int(row[2]) for row in self._connection.execute(statement)}

    def answers(self, below: CasesBelow, form: str) -> dict[int, Json]:
        """Return what was last answered in ``form``, by case."""
        statement = sa.select(form_result.c.case_id, form_result.c.data).where(
            form_result.c.form == form, form_result.c.taken_back_at.is_(None), _of_these(form_result, below)
        )
        return {int(row[0]): row[1] for row in self._connection.execute(statement.order_by(form_result.c.id))}


def _among(below: CasesBelow) -> Sequence[sa.ColumnElement[bool]]:
    kept = not_about(below.recused) if below.recused else []
    return [case.c.parent_id == below.parent, case.c.process == below.process, *kept]


def _of_these(table: sa.Table, below: CasesBelow, *, above: bool = False) -> sa.ColumnElement[bool]:
    found = sa.select(case.c.id).where(*_among(below))
    itself = sa.select(sa.literal(below.parent, case.c.id.type))
    return table.c.case_id.in_(sa.union_all(found, itself) if above else found)
