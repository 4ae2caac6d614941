"""A case with the names that stand beside it on every page, what belongs to it, and a task with its case: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.data_keys import DataKeys
from service.store.models import CaseRow, FormResultRow, TaskRow
from service.store.models.ballots import ballot
from service.store.models.cases import case, subscription, task
from service.store.models.log import incident
from service.store.models.people import body
from service.store.models.register import notice
from service.store.models.review import panel, panel_case
from service.store.models.submissions import draft, finding, form_result
from service.store.queries.base import row_of, rows_of
from service.store.types import Encrypted, Instant, from_text, instant_of


class Surroundings(NamedTuple):
    """What stands beside a case: the title of the one above, and the organisation it is about."""

    above: str | None
    about: str | None


class Belongings(NamedTuple):
    """What stands beside a case, and what belongs to it: most cases have little, which need not be asked for then."""

    above: str | None
    about: str | None
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
_NAMES = (_ABOVE.c.title.label("above"), body.c.name.label("about"))
_OUTER = case.outerjoin(_ABOVE, _ABOVE.c.id == case.c.parent_id).outerjoin(body, body.c.id == case.c.subject_id)
BESIDE = sa.select(*_NAMES).select_from(_OUTER).where(case.c.id == sa.bindparam("id"))
_BELOW = case.alias("below")
_OPEN_INCIDENTS = sa.select(sa.func.count()).where(incident.c.case_id == case.c.id, incident.c.resolved_at.is_(None))
BELONGINGS = (
    sa.select(
        *_NAMES,
        sa.exists(sa.select(_BELOW.c.id).where(_BELOW.c.parent_id == case.c.id)),
        sa.exists(sa.select(notice.c.id).where(notice.c.case_id == case.c.id)),
        sa.exists(sa.select(finding.c.id).where(finding.c.case_id == case.c.id)),
        sa.exists(sa.select(ballot.c.id).where(ballot.c.case_id == case.c.id)),
        sa.exists(
            sa.select(subscription.c.case_id).where(
                subscription.c.case_id == case.c.id, subscription.c.barrier.is_not(None)
            )
        ),
        sa.or_(
            sa.exists(sa.select(panel.c.id).where(panel.c.case_id == case.c.id)),
            sa.exists(sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == case.c.id)),
        ),
        _OPEN_INCIDENTS.scalar_subquery(),
    )
    .select_from(_OUTER)
    .where(case.c.id == sa.bindparam("id"))
)
_SEEN = case.alias("seen")
_DRAFTED = sa.exists(sa.select(draft.c.task_id).where(draft.c.task_id == task.c.id))


@cache
def locked_of_task(dialect: str) -> sa.Executable:
    """Return the statement for a task with its case, which it locks, and with what was submitted there.

    The task itself is not locked: who changed it meanwhile is found by its version. PostgreSQL shows the case as it is once
    the lock is there, and all else as it was before: the case's version of then tells whether that may be old.
    """
    return (
        sa.select(*task.c, *case.c, _DRAFTED, _SEEN.c.version, _submitted(dialect))
        .select_from(task.join(case, case.c.id == task.c.case_id).join(_SEEN, _SEEN.c.id == case.c.id))
        .where(task.c.id == sa.bindparam("id"))
        .with_for_update(key_share=True, of=case)
    )


def _submitted(dialect: str) -> sa.ColumnElement[Any]:
    """Return the submissions of a case as a JSON text, each a list of its columns with its document as a text."""
    many, each = ("json_agg", "json_build_array") if dialect == "postgresql" else ("json_group_array", "json_array")
    columns = (sa.cast(column, sa.Text) if isinstance(column.type, Encrypted) else column for column in form_result.c)
    listed = getattr(sa.func, many)(getattr(sa.func, each)(*columns))
    of_case = (form_result.c.case_id == case.c.id, form_result.c.taken_back_at.is_(None))
    return sa.select(sa.cast(listed, sa.Text)).where(*of_case).scalar_subquery()


OF_TASK = (
    sa.select(*task.c, *case.c, *_NAMES)
    .select_from(task.join(_OUTER, case.c.id == task.c.case_id))
    .where(task.c.id == sa.bindparam("id"))
)


def names_beside(found: Sequence[Sequence[Any]]) -> Surroundings:
    """Return what `BESIDE` found."""
    return Surroundings._make(found[0]) if found else Surroundings(None, None)


def task_in_case(found: Sequence[Any]) -> tuple[TaskRow, CaseRow, Surroundings]:
    """Return a row of `OF_TASK` as what it holds."""
    first, second = len(task.c), len(task.c) + len(case.c)
    row, of = row_of(TaskRow, task, found[:first]), row_of(CaseRow, case, found[first:second])
    return row, of, Surroundings._make(found[second:])


def task_with_case(found: Sequence[Any], keys: DataKeys | None) -> TaskWithCase:
    """Return a row of `locked_of_task` as what it holds; ``keys`` open what is encrypted."""
    first, second = len(task.c), len(task.c) + len(case.c)
    row, of = row_of(TaskRow, task, found[:first]), row_of(CaseRow, case, found[first:second])
    drafted, seen, submitted = found[second:]
    forms = _forms_of(submitted, keys) if seen == of.version else None
    return TaskWithCase(row, of, bool(drafted), forms)


def _forms_of(listed: str | None, keys: DataKeys | None) -> list[FormResultRow]:
    """Return what `_submitted` listed as rows, oldest first."""
    found: Any = from_text(listed) if listed else []
    rows = [[_read(column, value, keys) for column, value in zip(form_result.c, one, strict=True)] for one in found]
    return sorted(rows_of(FormResultRow, tuple(form_result.c.keys()), rows), key=lambda row: row.id)


def _read(column: sa.Column[Any], listed: Any, keys: DataKeys | None) -> Any:
    """Return the value of a column that was listed in JSON."""
    if listed is None:
        return None
    if isinstance(column.type, Encrypted):
        return column.type.from_database(from_text(listed), keys)
    return instant_of(listed) if isinstance(column.type, Instant) else listed
