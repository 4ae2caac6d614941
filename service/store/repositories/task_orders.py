"""Task lists in another order than by due date: no index has it, so only lists that can be counted are put in it."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.repositories.task_filter import CAP, TaskFilter
from service.store.repositories.task_list import Prepared, branch, prepared
from service.store.repositories.task_ways import ways
from service.store.rows.cases import task

ORDERS = ("came", "case", "step")
"""By when it came, by whom it is about, by the step."""

_COLUMNS: dict[str, tuple[sa.Column[Any], ...]] = {
    "came": (task.c.created_at,),
    "case": (task.c.subject,),
    "step": (task.c.process_id, task.c.element),
}


class Ordered(NamedTuple):
    """An order (one of `ORDERS`), or the same turned round, and how many tasks are passed over before the page."""

    by: str
    down: bool = False
    skip: int = 0


def ordered(chosen: TaskFilter, order: Ordered, limit: int) -> Prepared[sa.Select[*tuple[Any, ...]] | None]:
    """Return the statement for one page of the first `CAP` tasks in ``order``, or None when nothing can be in it."""
    build = prepared(
        chosen, None, (_ordered, order.by, order.down), lambda shape, _after: _ordered(shape, order.by, order.down)
    )
    return Prepared(build.statement, {**build.values, "skip": order.skip, "most": limit})


def _ordered(chosen: TaskFilter, by: str, down: bool) -> sa.Select[*tuple[Any, ...]] | None:
    found = ways(chosen)
    if not found:
        return None
    keys = sa.union(*(sa.select(branch(way, chosen).limit(CAP).subquery()) for way in found)).subquery()
    first = sa.select(keys.c.id).order_by(keys.c.due_at, keys.c.id).limit(CAP).scalar_subquery()
    columns = [column.desc() if down else column for column in _COLUMNS[by]]
    page = sa.select(task).where(task.c.id.in_(first)).order_by(*columns, task.c.due_at, task.c.id)
    return page.limit(sa.bindparam("most")).offset(sa.bindparam("skip"))
