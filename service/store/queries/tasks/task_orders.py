"""Task lists in another order than by due date: no index has it, so only lists that can be counted are put in it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from service.store.models.cases import task
from service.store.models.people import body, person
from service.store.queries.base import Ordered, arranged, name_of
from service.store.queries.tasks.task_filter import CAP, TaskFilter
from service.store.queries.tasks.task_list import Prepared, branch, prepared
from service.store.queries.tasks.task_ways import ways

ORDERS = ("came", "case", "step", "matter", "body", "who")
"""By when it came, by whom it is about, by the step, by what is to be done, by the names of the body and of who holds it."""

DONE_ORDERS = ("matter", "case", "step")
"""Those that the list of what somebody has done knows besides by when it was done."""


_COLUMNS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "came": (task.c.created_at,),
    "case": (task.c.subject,),
    "step": (task.c.process_id, task.c.element),
    "matter": (task.c.title,),
    "body": (name_of(body, task.c.body_id),),
    "who": (name_of(person, task.c.assignee_id),),
}


def found(order: Ordered) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that puts tasks, given by their ids, in ``order``."""
    return arranged([*task.c], task.c.id, _COLUMNS[order.by], down=order.down)


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
