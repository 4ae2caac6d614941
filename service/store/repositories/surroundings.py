"""A case with the names that stand beside it on every page, and a task with its case: one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.rows import CaseRow, TaskRow
from service.store.rows.cases import case, task
from service.store.rows.people import body


class Surroundings(NamedTuple):
    """What stands beside a case: the title of the one above, and the organisation it is about."""

    above: str | None
    about: str | None


_ABOVE = case.alias("above")
_NAMES = (_ABOVE.c.title.label("above"), body.c.name.label("about"))
_OUTER = case.outerjoin(_ABOVE, _ABOVE.c.id == case.c.parent_id).outerjoin(body, body.c.id == case.c.subject_id)
BESIDE = sa.select(*_NAMES).select_from(_OUTER).where(case.c.id == sa.bindparam("id"))
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
