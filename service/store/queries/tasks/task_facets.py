"""What the tasks of a list are: at which steps, in which rounds, due when, and how many of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from service.store.models.cases import case, task
from service.store.queries.case_tree import top_of
from service.store.queries.tasks.task_filter import CAP, TaskFilter
from service.store.queries.tasks.task_list import Prepared, branch, count, prepared
from service.store.queries.tasks.task_ways import ways

MOST = CAP
"""Tasks that are looked at: where a list holds more, its first ones by due date."""


class Facet(NamedTuple):
    """How many tasks wait at one step of one round and fall due in one period (its number among those asked for).

    The round is the case below which the task's case stands, however deep, and which is below none; ``sort`` is its
    kind of case.
    """

    jurisdiction: str
    process: str
    element: str
    round_id: int
    round_title: str
    award: str
    sort: str
    period: int
    tasks: int


def facets(chosen: TaskFilter, ends: Sequence[datetime]) -> Prepared[sa.Select[*tuple[Any, ...]] | None]:
    """Return the statement that counts the first `MOST` tasks by step, round and period.

    ``ends`` are the ends of the periods, growing: the last period, after all of them, has the number ``len(ends)``.
    """
    built = prepared(chosen, None, (_facets, len(ends)), lambda shape, _after: _facets(shape, len(ends)))
    return Prepared(built.statement, {**built.values, **{f"end{n}": end for n, end in enumerate(ends)}})


def _facets(chosen: TaskFilter, periods: int) -> sa.Select[*tuple[Any, ...]] | None:
    found = ways(chosen)
    if not found:
        return None
    keys = sa.union(*(sa.select(branch(way, chosen).limit(MOST).subquery()) for way in found)).subquery()
    first = sa.select(keys.c.id).order_by(keys.c.due_at, keys.c.id).limit(MOST).subquery()
    above = case.alias("above")
    top = sa.func.coalesce(task.c.round_id, top_of(task.c.case_id, task))
    ends = [sa.bindparam(f"end{n}", type_=task.c.due_at.type) for n in range(periods)]
    period = sa.case(*((task.c.due_at < end, n) for n, end in enumerate(ends)), else_=periods).label("period")
    kinds = (
        task.c.jurisdiction,
        task.c.process_id,
        task.c.element,
        above.c.id,
        above.c.title,
        above.c.award,
        above.c.process,
        period,
    )
    return (
        sa.select(*kinds, sa.func.count())
        .select_from(first)
        .join(task, task.c.id == first.c.id)
        .join(above, above.c.id == top)
        .group_by(*kinds)
    )


def count_each(lists: Sequence[TaskFilter]) -> Prepared[sa.Select[*tuple[Any, ...]]]:
    """Return one statement with the capped count of each list."""
    asked = [prepared(one, None, count, lambda shape, _after: count(shape), f"list{n}_") for n, one in enumerate(lists)]
    parts = [one.statement for one in asked]
    values = {name: value for one in asked for name, value in one.values.items()}
    if any(one.text or one.recused for one in lists):
        return Prepared(sa.select(*parts), values)
    return Prepared(_together(parts), values)


def _together(parts: Sequence[sa.ScalarSelect[int]]) -> sa.Select[*tuple[Any, ...]]:
    key = tuple(id(part) for part in parts)
    if key not in _TOGETHER:
        if len(_TOGETHER) >= _MOST_TOGETHER:
            _TOGETHER.clear()
        _TOGETHER[key] = parts, sa.select(*parts)
    return _TOGETHER[key][1]


_MOST_TOGETHER = 100
_TOGETHER: dict[tuple[int, ...], tuple[Sequence[sa.ScalarSelect[int]], sa.Select[*tuple[Any, ...]]]] = {}
"""Statements of several counts, by their parts, which are kept so that no others take their ids."""
