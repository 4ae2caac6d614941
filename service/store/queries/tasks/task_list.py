"""The statements of task lists: every access path is an index in the list's own order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeAlias, TypeVar

import sqlalchemy as sa

from service.store.models.cases import case, case_party, task
from service.store.queries.base import is_among, word
from service.store.queries.tasks.task_filter import CAP, TaskCounts, TaskFilter, TaskSeat
from service.store.queries.tasks.task_ways import Way, in_round, ways

After: TypeAlias = tuple[datetime, int]
"""The last task on the page above: when it is due, and its number."""

Built = TypeVar("Built", bound="sa.Select[*tuple[Any, ...]] | sa.ScalarSelect[int] | None")


@dataclass(frozen=True, slots=True)
class Prepared(Generic[Built]):
    """A statement, and the values it asks for by name."""

    statement: Built
    values: dict[str, Any]


_SEAT = TaskSeat._fields
_PLAIN = (
    "person_id",
    "process",
    "element",
    "due_from",
    "due_before",
    "overdue",
    "case_id",
    "round_id",
    "jurisdiction",
    "sort",
    "award",
)
_MOST_KNOWN = 300
_KNOWN: dict[tuple[object, ...], Any] = {}
"""Statements by their shape: putting one together costs more than running it."""


def page(chosen: TaskFilter, after: After | None, limit: int) -> Prepared[sa.Select[*tuple[Any, ...]] | None]:
    """Return the statement for one page by (due_at, id), or None when nothing can be in it."""
    return prepared(chosen, after, (_page, limit), lambda shape, place: _page(shape, place, limit))


def counts(chosen: TaskFilter) -> Prepared[sa.Select[*tuple[Any, ...]]]:
    """Return one statement with one capped count per scope."""
    return prepared(chosen, None, _counts, lambda shape, _after: _counts(shape))


def prepared(
    chosen: TaskFilter,
    after: After | None,
    kind: object,
    build: Callable[[TaskFilter, After | None], Built],
    prefix: str = "",
) -> Prepared[Built]:
    """Return a statement of this shape, put together once, with the values of ``chosen``.

    The names of the values begin with ``prefix``, so that several lists fit into one statement. What is searched for
    as text, and who keeps away from organisations, is put together anew.
    """
    if chosen.text or chosen.recused:
        return Prepared(build(chosen, after), {})
    seats = list(dict.fromkeys(TaskSeat(*seat) for seat in chosen.memberships))
    held = {f"seat{n}_{name}": value for n, seat in enumerate(seats) for name, value in zip(_SEAT, seat, strict=True)}
    plain = {name: getattr(chosen, name) for name in _PLAIN}
    given = {**held, **plain, "after_due": after and after[0], "after_id": after and after[1]}
    values = {name: value for name, value in given.items() if value is not None and value != "*"}
    key = (kind, prefix, chosen.scope, chosen.state, len(seats), *(_mark(value) for value in given.values()))
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) >= _MOST_KNOWN:
            _KNOWN.clear()
        named: dict[str, Any] = {
            name: _named(prefix + name) if name in values else value for name, value in given.items()
        }
        shape = replace(
            chosen,
            memberships=[TaskSeat(*(named[f"seat{n}_{name}"] for name in _SEAT)) for n in range(len(seats))],
            **{name: named[name] for name in _PLAIN},
        )
        found = _KNOWN[key] = build(shape, (named["after_due"], named["after_id"]) if after else None)
    return Prepared(found, {prefix + name: value for name, value in values.items()})


def _mark(value: object) -> str:
    return "" if value is None else "*" if value == "*" else "?"


def _named(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(
        name, type_=task.c.due_at.type if name.endswith(("due", "due_from", "before", "overdue")) else None
    )


def _page(chosen: TaskFilter, after: After | None, limit: int) -> sa.Select[*tuple[Any, ...]] | None:
    found = ways(chosen)
    if not found:
        return None
    branches = [branch(way, chosen, after).limit(limit) for way in found]
    keys = sa.union(*(sa.select(b.subquery()) for b in branches)).subquery()
    chosen_ids = sa.select(keys.c.id).order_by(keys.c.due_at, keys.c.id).limit(limit)
    return sa.select(task).where(task.c.id.in_(chosen_ids.scalar_subquery())).order_by(task.c.due_at, task.c.id)


def _counts(chosen: TaskFilter) -> sa.Select[*tuple[Any, ...]]:
    shared = _Shared()
    scopes = [_with_scope(chosen, scope) for scope in TaskCounts._fields]
    return sa.select(*(count(one, shared.keys).label(one.scope) for one in scopes))


class _Shared:
    """What several counts of one statement ask alike, told once: each way costs PostgreSQL a plan, and a walk along its index."""

    def __init__(self) -> None:
        self._known: list[tuple[sa.Select[datetime, int], sa.CTE]] = []

    def keys(self, asked: sa.Select[datetime, int]) -> sa.CTE:
        """Return what ``asked`` finds, under the name that it was given first."""
        for known, named in self._known:
            if known.compare(asked):
                return named
        named = asked.cte(f"branch{len(self._known)}")
        self._known.append((asked, named))
        return named


def exact_count(chosen: TaskFilter) -> sa.Select[int]:
    """Count everything that the pages of a list hold together."""
    found = ways(chosen)
    if not found:
        return sa.select(sa.literal(0))
    keys = sa.union(*(sa.select(branch(way, chosen).order_by(None).subquery().c.id) for way in found))
    return sa.select(sa.func.count()).select_from(keys.subquery())


def newer(chosen: TaskFilter, task_id: int) -> sa.Select[int]:
    """Count the newest tasks in the scope with a greater id, looking at no more than `CAP` of them."""
    recent = sa.select(task).where(task.c.id > task_id).order_by(task.c.id.desc()).limit(CAP).subquery()
    conditions = [sa.and_(*(_over(recent, c) for c in way.conditions)) for way in ways(chosen)]
    extra = [_over(recent, c) for c in _extra(chosen)]
    return sa.select(sa.func.count()).select_from(recent).where(sa.or_(sa.false(), *conditions), *extra)


def branch(way: Way, chosen: TaskFilter, after: After | None = None) -> sa.Select[datetime, int]:
    """Return what one way finds as (due_at, id), in the order of lists."""
    statement = sa.select(task.c.due_at, task.c.id).where(*way.conditions, *_extra(chosen))
    if way.hint:
        statement = statement.with_hint(task, f"INDEXED BY {way.hint}", "sqlite")
    if after is not None:
        place = (task.c.due_at, task.c.id)
        statement = statement.where(sa.tuple_(*place) > sa.tuple_(*after, types=[column.type for column in place]))
    return statement.order_by(*way.leading, task.c.due_at, task.c.id)


def _extra(chosen: TaskFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if chosen.process is not None:
        conditions.append(task.c.process_id == chosen.process)
    if chosen.element is not None:
        conditions.append(task.c.element == chosen.element)
    if chosen.jurisdiction is not None:
        conditions.append(task.c.jurisdiction == chosen.jurisdiction)
    if chosen.sort is not None:
        conditions.append(sa.exists().where(case.c.id == task.c.case_id, case.c.process == chosen.sort))
    if chosen.award is not None:
        conditions.append(sa.exists().where(case.c.id == task.c.case_id, case.c.award == chosen.award))
    if chosen.due_from is not None:
        conditions.append(task.c.due_at >= chosen.due_from)
    if chosen.round_id is not None:
        conditions.append(in_round(chosen.round_id))
    if chosen.recused:
        away = sa.select(case.c.id).where(is_among(case.c.subject_id, chosen.recused))
        joined = sa.select(case_party.c.case_id).where(
            is_among(case_party.c.body_id, chosen.recused), case_party.c.role == word("partner")
        )
        conditions += [task.c.case_id.not_in(away), task.c.case_id.not_in(joined)]
    conditions += [task.c.due_at < limit for limit in (chosen.due_before, chosen.overdue) if limit is not None]
    if chosen.text:
        found = (task.c.title, task.c.subject)
        conditions.append(sa.or_(*(column.contains(chosen.text, autoescape=True) for column in found)))
    return conditions


def count(
    chosen: TaskFilter, keys_of: Callable[[sa.Select[datetime, int]], sa.FromClause] = sa.Select.subquery
) -> sa.ScalarSelect[int]:
    """Count the tasks of a list, none above `CAP`; ``keys_of`` says under which name each way is asked."""
    found = ways(chosen)
    if not found:
        return sa.select(sa.literal(0)).scalar_subquery()
    branches = [keys_of(branch(way, chosen).limit(CAP)) for way in found]
    keys = sa.union(*(sa.select(b.c.id) for b in branches)).subquery()
    capped = sa.select(keys).limit(CAP).subquery()
    return sa.select(sa.func.count()).select_from(capped).scalar_subquery()


def _with_scope(chosen: TaskFilter, scope: str) -> TaskFilter:
    return replace(chosen, scope=scope)


def _over(recent: sa.Subquery, condition: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Say the same of the newest tasks instead of all of them."""
    adapted: sa.ColumnElement[bool] = sa.sql.util.ClauseAdapter(recent).traverse(condition)
    return adapted
