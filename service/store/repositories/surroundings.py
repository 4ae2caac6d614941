"""A case with the names that stand beside it on every page, what belongs to it, and a task with its case: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.rows import CaseRow, TaskRow
from service.store.rows.ballots import ballot
from service.store.rows.cases import case, task
from service.store.rows.history import incident
from service.store.rows.panels import panel, panel_case
from service.store.rows.people import body
from service.store.rows.register import notice
from service.store.rows.submissions import finding


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
    reviewed: bool
    incidents: int


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
        sa.or_(
            sa.exists(sa.select(panel.c.id).where(panel.c.case_id == case.c.id)),
            sa.exists(sa.select(panel_case.c.panel_id).where(panel_case.c.case_id == case.c.id)),
        ),
        _OPEN_INCIDENTS.scalar_subquery(),
    )
    .select_from(_OUTER)
    .where(case.c.id == sa.bindparam("id"))
)
OF_TASK = (
    sa.select(*task.c, *case.c, *_NAMES)
    .select_from(task.join(_OUTER, case.c.id == task.c.case_id))
    .where(task.c.id == sa.bindparam("id"))
)


def names_beside(found: Sequence[sa.Row[Any]]) -> Surroundings:
    """Return what `BESIDE` found."""
    return Surroundings._make(found[0]) if found else Surroundings(None, None)


def task_in_case(found: Sequence[Any]) -> tuple[TaskRow, CaseRow, Surroundings]:
    """Return a row of `OF_TASK` as what it holds."""
    first, second = len(task.c), len(task.c) + len(case.c)
    row = TaskRow(**dict(zip(task.c.keys(), found[:first], strict=True)))
    of = CaseRow(**dict(zip(case.c.keys(), found[first:second], strict=True)))
    return row, of, Surroundings._make(found[second:])
