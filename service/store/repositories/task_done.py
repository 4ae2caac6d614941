"""What a person has done, newest first."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import word
from service.store.repositories.task_filter import TaskFilter
from service.store.repositories.task_list import After, branch
from service.store.repositories.task_ways import ways
from service.store.rows.cases import task


def done(chosen: TaskFilter, before: After | None, limit: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for one page of what ``chosen.person_id`` has done, votes apart, newest first.

    ``before`` is when the last task of the page above was done, and its number.
    """
    (way,) = ways(chosen)
    place = (task.c.done_at, task.c.id)
    found = branch(way, chosen).with_only_columns(*task.c).where(task.c.kind != word("ballot"))
    if before is not None:
        found = found.where(sa.tuple_(*place) < sa.tuple_(*before, types=[column.type for column in place]))
    return found.order_by(None).order_by(*(column.desc() for column in place)).limit(limit)
