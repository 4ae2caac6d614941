"""What a person has done, by when it was done."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from service.store.models.cases import task
from service.store.queries.base import word
from service.store.queries.tasks.task_filter import TaskFilter
from service.store.queries.tasks.task_list import After, branch
from service.store.queries.tasks.task_ways import ways

_PLACE = (task.c.done_at, task.c.id)


def done(chosen: TaskFilter, before: After | None, limit: int, *, oldest: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for one page of what ``chosen.person_id`` has done, votes apart, newest or ``oldest`` first.

    ``before`` is when the last task of the page above was done, and its number.
    """
    found = _found(chosen).with_only_columns(*task.c)
    if before is not None:
        here, last = sa.tuple_(*_PLACE), sa.tuple_(*before, types=[column.type for column in _PLACE])
        found = found.where(here > last if oldest else here < last)
    return found.order_by(*(column.asc() if oldest else column.desc() for column in _PLACE)).limit(limit)


def newest_ids(chosen: TaskFilter, limit: int) -> sa.Select[int]:
    """Return the statement for the ids of the newest of them."""
    newest = _found(chosen).with_only_columns(task.c.id)
    return newest.order_by(*(column.desc() for column in _PLACE)).limit(limit)


def _found(chosen: TaskFilter) -> sa.Select[*tuple[Any, ...]]:
    (way,) = ways(chosen)
    return branch(way, chosen).where(task.c.kind != word("ballot")).order_by(None)
