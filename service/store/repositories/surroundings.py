"""A case with the names that stand beside it on every page, what belongs to it, and a task with its case: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import row_of
from service.store.rows import CaseRow, TaskRow
from service.store.rows.ballots import ballot
from service.store.rows.cases import case, subscription, task
from service.store.rows.history import incident
from service.store.rows.panels import panel, panel_case
from service.store.rows.people import body
from service.store.rows.register import notice
from service.store.rows.submissions import draft, finding


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
    """A task, its locked case, and whether anybody may keep a draft of the task's form."""

    task: TaskRow
    case: CaseRow
    drafted: bool


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
LOCKED_OF_TASK = (
    sa.select(*task.c, *case.c, sa.exists(sa.select(draft.c.task_id).where(draft.c.task_id == task.c.id)))
    .select_from(task.join(case, case.c.id == task.c.case_id))
    .where(task.c.id == sa.bindparam("id"))
    .with_for_update(key_share=True, of=case)
)
"""The task itself is not locked: who changed it meanwhile is found by its version."""
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


def task_with_case(found: Sequence[Any]) -> TaskWithCase:
    """Return a row of `LOCKED_OF_TASK` as what it holds."""
    first = len(task.c)
    return TaskWithCase(row_of(TaskRow, task, found[:first]), row_of(CaseRow, case, found[first:-1]), bool(found[-1]))
