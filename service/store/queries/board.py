"""What stands beside a case and below it: each question one statement, however many cases there are."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.data_keys import DataKeys
from service.store.models import CaseRow, FormResultRow, Json, TaskRow
from service.store.models.cases import call, case, case_party, subscription, task, visit
from service.store.models.log import incident
from service.store.models.people import body, person
from service.store.models.register import notice
from service.store.models.review import ballot, panel, panel_case
from service.store.models.submissions import draft, finding, form_result
from service.store.models.work import work_item
from service.store.queries.base import Repository, name_of, row_of, word
from service.store.queries.case_filter import not_about
from service.store.types import Encrypted, Instant, from_text, instant_of


@dataclass(frozen=True, slots=True)
class CasesBelow:
    """The cases of kind ``process`` below ``parent``, without those about the organisations in ``recused``."""

    parent: int
    process: str
    recused: tuple[int, ...] = ()


class BoardCase(NamedTuple):
    """A case on the board; ``subject`` is the organisation's name, None where it is about none.

    ``stage`` is the call activity of its own diagram that it entered last of those it stands in, ``entered_at`` when.
    """

    id: int
    title: str
    number: str | None
    status: str
    outcome: str | None
    started_at: datetime
    ended_at: datetime | None
    subject: str | None
    stage: str | None
    entered_at: datetime | None


class BoardTask(NamedTuple):
    """A task that is open in a case, with the names of who holds it, None where it is nobody's yet."""

    case_id: int
    title: str
    role: str
    created_at: datetime
    due_at: datetime
    due_reason: Json
    note: Json
    state: str
    kind: str
    jurisdiction: str
    body_id: int | None
    assignee_id: int | None
    personal: bool
    body: str | None
    assignee: str | None


class CaseWait(NamedTuple):
    """An element at which a case waits for people or a day; of people, in which role and body and until when."""

    case_id: int
    process_id: str | None
    element: str
    role: str = ""
    body: str = ""
    due_at: datetime | None = None
    due_reason: Json | None = None


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

    def cases(self, below: CasesBelow, process_id: str) -> list[BoardCase]:
        """Return the cases, oldest first, each with the stage of their own diagram, ``process_id``, that it stands in."""
        conditions = (call.c.case_id == case.c.id, call.c.process_id == process_id, call.c.left_at.is_(None))
        entered = sa.select(call.c.id).where(*conditions).order_by(call.c.since.desc(), call.c.id.desc()).limit(1)
        last = [entered.with_only_columns(column).scalar_subquery() for column in (call.c.element, call.c.since)]
        columns = _columns_of(case, BoardCase)
        statement = sa.select(*columns, body.c.name, *last).outerjoin(body, body.c.id == case.c.subject_id)
        rows = self._connection.execute(statement.where(*_match_below(below)).order_by(case.c.id))
        return [BoardCase._make(row) for row in rows]

    def came(self, below: CasesBelow, process_id: str, elements: Collection[str]) -> list[tuple[int, str, datetime]]:
        """Return which of ``elements`` of their own diagram each case came to, and when first; those it left at once too."""
        statement = sa.select(visit.c.case_id, visit.c.element, sa.func.min(visit.c.at)).where(
            visit.c.process_id == process_id, visit.c.element.in_(sorted(elements)), _of_these(visit, below)
        )
        rows = self._connection.execute(statement.group_by(visit.c.case_id, visit.c.element))
        return [(int(row[0]), str(row[1]), row[2]) for row in rows]

    def tasks(self, below: CasesBelow) -> list[BoardTask]:
        """Return what is open in the cases and in the one above them, soonest due first."""
        statement = sa.select(*_columns_of(task, BoardTask), body.c.name, person.c.name)
        statement = statement.outerjoin(body, body.c.id == task.c.body_id)
        statement = statement.outerjoin(person, person.c.id == task.c.assignee_id)
        statement = statement.where(task.c.state == word("open"), _of_these(task, below, above=True))
        rows = self._connection.execute(statement.order_by(task.c.due_at, task.c.id))
        return [BoardTask._make(row) for row in rows]

    def timers(self, below: CasesBelow) -> list[BoardTimer]:
        """Return the time limits on their diagrams that the cases and the one above them wait for, soonest first."""
        statement = sa.select(*_columns_of(work_item, BoardTimer)).where(
            *_RUNS, _of_these(work_item, below, above=True)
        )
        rows = self._connection.execute(statement.order_by(work_item.c.due_at, work_item.c.id))
        return [BoardTimer._make(row) for row in rows]

    def facts(self, case_ids: Collection[int]) -> dict[int, Json]:
        """Return the facts of the cases, by their numbers."""
        statement = sa.select(case.c.id, case.c.facts).where(case.c.id.in_(list(case_ids)))
        return {int(row[0]): row[1] for row in self._connection.execute(statement)}

    def waits(self, case_ids: Collection[int]) -> list[CaseWait]:
        """Return the steps at which cases wait for people, and where for a day or a condition, each with the case; people first."""
        open_tasks = (task.c.state == word("open"),)
        with_people = (task.c.role, name_of(body, task.c.body_id).label("body"), task.c.due_at, task.c.due_reason)
        nobody = (sa.literal("").label("role"), sa.literal("").label("body"), sa.null(), sa.null())
        ways = (
            (task, task.c.id, with_people, open_tasks),
            (work_item, work_item.c.id, nobody, _RUNS),
            (subscription, sa.literal(0), nobody, _BARRED),
        )
        every = sa.union_all(
            *(
                sa.select(
                    table.c.case_id,
                    table.c.process_id,
                    table.c.element,
                    *people,
                    sa.literal(order).label("order"),
                    number.label("number"),
                ).where(table.c.case_id.in_(list(case_ids)), *where)
                for order, (table, number, people, where) in enumerate(ways)
            )
        )
        found = self._connection.execute(every.order_by("order", "number"))
        return [CaseWait._make(row[:-2]) for row in found]

    def beside(self, below: CasesBelow) -> list[tuple[int, str]]:
        """Return what is open beside the cases: "" for an incident, else the kind of a case below it, such as an objection."""
        lower = case.alias("lower")
        these = sa.select(case.c.id).where(*_match_below(below))
        troubled = sa.select(incident.c.case_id, sa.literal("")).where(
            incident.c.resolved_at.is_(None), _of_these(incident, below)
        )
        opened = sa.select(lower.c.parent_id, lower.c.process).where(
            lower.c.status != word("ended"), lower.c.parent_id.in_(these)
        )
        return [(int(row[0]), str(row[1])) for row in self._connection.execute(sa.union(troubled, opened))]


_RUNS = (work_item.c.kind == "timer", work_item.c.state == "waiting", work_item.c.element.is_not(None))
_BARRED = (subscription.c.barrier.is_not(None),)


def _columns_of(table: sa.Table, of: type[BoardCase | BoardTask | BoardTimer]) -> list[sa.Column[Any]]:
    return [table.c[name] for name in of._fields if name in table.c]


def _match_below(below: CasesBelow) -> Sequence[sa.ColumnElement[bool]]:
    conditions = not_about(below.recused) if below.recused else []
    return [case.c.parent_id == below.parent, case.c.process == below.process, *conditions]


def _of_these(table: sa.Table, below: CasesBelow, *, above: bool = False) -> sa.ColumnElement[bool]:
    statement = sa.select(case.c.id).where(*_match_below(below))
    itself = sa.select(sa.literal(below.parent, case.c.id.type))
    return table.c.case_id.in_(sa.union_all(statement, itself) if above else statement)


class Surroundings(NamedTuple):
    """What stands beside a case: the title of the one above, the organisation it is about, whether a panel reviews it.

    ``code`` is the organisation's; None of a person.
    """

    above: str | None
    about: str | None
    code: str | None
    reviewed: bool


class Belongings(NamedTuple):
    """What stands beside a case, and what belongs to it: most cases have little, which need not be asked for then."""

    above: str | None
    about: str | None
    code: str | None
    children: bool
    notices: bool
    findings: bool
    ballots: bool
    conditions: bool
    reviewed: bool
    incidents: int


class TaskWithCase(NamedTuple):
    """A task, its locked case, whether anybody may keep a draft of the task's form, and what was submitted in the case.

    ``forms`` are those that were not taken back, oldest first; None where the case was changed while its lock was waited
    for, so that they may be more by now.
    """

    task: TaskRow
    case: CaseRow
    drafted: bool
    forms: list[FormResultRow] | None


_ABOVE = case.alias("above")
_CODE = sa.case((body.c.kind == word("organisation"), body.c.key), else_=None)
_NAMES = (_ABOVE.c.title.label("above"), body.c.name.label("about"), _CODE.label("code"))
_OUTER = case.outerjoin(_ABOVE, _ABOVE.c.id == case.c.parent_id).outerjoin(body, body.c.id == case.c.subject_id)
_REVIEWED = sa.or_(*(sa.exists().where(table.c.case_id == case.c.id) for table in (panel, panel_case)))
_THIS_CASE = case.c.id == sa.bindparam("case_id")
BESIDE = sa.select(*_NAMES, _REVIEWED).select_from(_OUTER).where(_THIS_CASE)
_BELOW = case.alias("below")
_OPEN_INCIDENTS = sa.select(sa.func.count()).where(incident.c.case_id == case.c.id, incident.c.resolved_at.is_(None))
BELONGINGS = (
    sa.select(
        *_NAMES,
        sa.exists().where(_BELOW.c.parent_id == case.c.id),
        *(sa.exists().where(table.c.case_id == case.c.id) for table in (notice, finding, ballot)),
        sa.exists().where(subscription.c.case_id == case.c.id, subscription.c.barrier.is_not(None)),
        _REVIEWED,
        _OPEN_INCIDENTS.scalar_subquery(),
    )
    .select_from(_OUTER)
    .where(_THIS_CASE)
)
PARTIES = sa.select(case_party.c.role, *body.c).join(body, body.c.id == case_party.c.body_id).order_by(body.c.id)
PARTIES = PARTIES.where(case_party.c.case_id == sa.bindparam("case_id"))
_SEEN = case.alias("seen")
_DRAFTED = sa.exists(sa.select(draft.c.task_id).where(draft.c.task_id == task.c.id))


@cache
def locked_of_task(dialect: str) -> sa.Executable:
    """Return the statement for a task with its case, which it locks, and with what was submitted there.

    The task itself is not locked: who changed it meanwhile is found by its version. PostgreSQL shows the case as it is once
    the lock is there, and all else as it was before: the case's version of then tells whether that may be old.
    """
    return (
        sa.select(*task.c, *case.c, _DRAFTED, _SEEN.c.version, _select_submissions(dialect))
        .select_from(task.join(case, case.c.id == task.c.case_id).join(_SEEN, _SEEN.c.id == case.c.id))
        .where(task.c.id == sa.bindparam("id"))
        .with_for_update(key_share=True, of=case)
    )


def _select_submissions(dialect: str) -> sa.ColumnElement[Any]:
    """Return the submissions of a case as a JSON text, each a list of its columns with its document as a text."""
    many, each = ("json_agg", "json_build_array") if dialect == "postgresql" else ("json_group_array", "json_array")
    columns = (sa.cast(column, sa.Text) if isinstance(column.type, Encrypted) else column for column in form_result.c)
    listed = getattr(sa.func, many)(getattr(sa.func, each)(*columns))
    of_case = (form_result.c.case_id == case.c.id, form_result.c.taken_back_at.is_(None))
    return sa.select(sa.cast(listed, sa.Text)).where(*of_case).scalar_subquery()


TASK_IN_CASE = sa.select(*task.c, *case.c, *_NAMES, _REVIEWED).where(task.c.id == sa.bindparam("task_id"))
TASK_IN_CASE = TASK_IN_CASE.select_from(task.join(_OUTER, case.c.id == task.c.case_id))


def split_task_and_case(values: Sequence[Any]) -> tuple[TaskRow, CaseRow]:
    """Return the columns of a task and those of its case, in their order, as rows."""
    width = len(task.c)
    return row_of(TaskRow, task, values[:width]), row_of(CaseRow, case, values[width:])


def task_with_case(values: Sequence[Any], keys: DataKeys | None) -> TaskWithCase:
    """Return a row of `locked_of_task` as what it holds; ``keys`` open what is encrypted."""
    row, of = split_task_and_case(values[:-3])
    drafted, seen, submitted = values[-3:]
    forms = _forms_of(submitted, keys) if seen == of.version else None
    return TaskWithCase(row, of, bool(drafted), forms)


def _forms_of(listed: str | None, keys: DataKeys | None) -> list[FormResultRow]:
    """Return what `_submitted` listed as rows, oldest first."""
    stored_rows: Any = from_text(listed) if listed else []
    rows = (
        FormResultRow(**{c.name: _read_value(c, value, keys) for c, value in zip(form_result.c, row, strict=True)})
        for row in stored_rows
    )
    return sorted(rows, key=lambda row: row.id)


def _read_value(column: sa.Column[Any], listed: Any, keys: DataKeys | None) -> Any:
    """Return the value of a column that was listed in JSON."""
    if listed is None:
        return None
    if isinstance(column.type, Encrypted):
        return column.type.from_database(from_text(listed), keys)
    return instant_of(listed) if isinstance(column.type, Instant) else listed
