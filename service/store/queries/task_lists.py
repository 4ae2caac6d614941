"""Which tasks a list shows, and its statements: every way into a list is an index in the list's own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from service.store.models.cases import case, task
from service.store.models.people import person
from service.store.queries.base import Ordered, name_of, word

CAP = 1000
"""Counting stops here: "1000 or more" is all a badge can say."""


ANYWHERE = "*"
"""What a seat says in place of a jurisdiction, or of a role."""


class TaskSeat(NamedTuple):
    """A right to see tasks: a role in a jurisdiction for one body, or for all of them (None).

    Jurisdiction ``*`` (organisations) means wherever this body takes part; role ``*`` without a body
    means everything in the jurisdiction (supervision). ``lender`` is the person in whose place the right is exercised:
    what they have claimed is seen with it, ballots are not, since nobody votes for another.
    """

    jurisdiction: str
    role: str
    body_id: int | None = None
    lender: int | None = None


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks to list.

    ``scope``: "mine" (assigned to ``person_id``, or to a lender of a seat), "body" (those of my seats with a body:
    addressed to the body or to every body with the role), "unclaimed" (those of them that nobody holds), "to_do" (mine
    and unclaimed), "visible" (mine, the body's, and whatever seats without a body may see) or "overseen" (the last
    alone, ballots apart).
    ``state`` other than "open" needs ``case_id``, or lists what ``person_id`` has done.
    ``round_id`` keeps what stands in a round or below it, however deep.
    ``recused`` are organisations whose cases are left out.
    ``due_from`` keeps what is due then or later; ``due_before`` and ``overdue`` (the present instant) both keep only
    XX
    """

    memberships: Sequence[TaskSeat | tuple[str, str, int | None]] = ()
    person_id: int | None = None
    scope: str = "visible"
    text: str = ""
    process: str | None = None
    element: str | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    overdue: datetime | None = None
    state: str = "open"
    case_id: int | None = None
    round_id: int | None = None
    recused: Sequence[int] = ()
    jurisdiction: str | None = None
    sort: str | None = None
    award: str | None = None


class TaskCounts(NamedTuple):
    """Sizes of the scopes, none above `CAP`."""

    mine: int
    body: int
    visible: int
    unclaimed: int

    @property
    def to_do(self) -> int:
        """Return how many are mine or unclaimed: no task is both."""
        return min(CAP, self.mine + self.unclaimed)


class Way(NamedTuple):
    """Conditions that lead into an index, and the columns before (due_at, id) that PostgreSQL must be told of."""

    conditions: tuple[sa.ColumnElement[bool], ...]
    leading: tuple[sa.ColumnElement[object], ...] = ()


_NO_WAY = Way((sa.false(),))


def build_task_ways(chosen: TaskFilter) -> list[Way]:
    """Return every way into a list, one at least; one task may be found by several."""
    if chosen.case_id is not None:
        ways = [Way((task.c.case_id == chosen.case_id, task.c.state == word(chosen.state)))]
    elif chosen.state != "open":
        ways = [Way((task.c.done_by == chosen.person_id, task.c.state == word(chosen.state)))]
    else:
        ways = _list_ways_by_scope(chosen)[chosen.scope]
    return ways or [_NO_WAY]


def _list_ways_by_scope(chosen: TaskFilter) -> dict[str, list[Way]]:
    """Return the ways into the open tasks of each scope; what two scopes share is the same way."""
    mine = [build_open_way(task.c.assignee_id == chosen.person_id)] if chosen.person_id is not None else []
    seats = [TaskSeat(*seat) for seat in dict.fromkeys(chosen.memberships)]
    ours = [exclude_others_tasks(way, chosen) for seat in seats if seat.body_id is not None for way in of_body(seat)]
    all_of = [_of_all(seat) for seat in seats if seat.body_id is None]
    personal_ways = [*mine, *(_in_place_of(seat) for seat in seats if seat.lender is not None)]
    unclaimed = [restrict_way(way, task.c.assignee_id.is_(None)) for way in ours]
    return {
        "mine": personal_ways,
        "body": ours,
        "unclaimed": unclaimed,
        "to_do": [*personal_ways, *unclaimed],
        "visible": [*mine, *ours, *all_of],
        "overseen": [restrict_way(way, task.c.kind != word("ballot")) for way in all_of],
    }


def of_body(seat: TaskSeat) -> list[Way]:
    """Return the ways to tasks addressed to the body; and those addressed to every body with the role in its jurisdiction."""
    if seat.lender is not None:
        ways_in = of_body(seat._replace(lender=None))
        return [restrict_way(way, task.c.kind != word("ballot")) for way in ways_in]
    role = task.c.role == seat.role
    if seat.jurisdiction == ANYWHERE:
        return [build_open_way(role, task.c.body_id == seat.body_id)]
    place = task.c.jurisdiction == seat.jurisdiction
    everyone = build_open_way(role, task.c.body_id.is_(None), place)
    # IS NULL is no equality to PostgreSQL's planner: the order must name the column to match the index.
    return [build_open_way(role, task.c.body_id == seat.body_id, place), everyone._replace(leading=(task.c.body_id,))]


def _in_place_of(seat: TaskSeat) -> Way:
    """What a lender of a seat has claimed by it, without what nobody does in place of another."""
    ours = [task.c.role == seat.role, sa.or_(task.c.body_id == seat.body_id, task.c.body_id.is_(None))]
    ours += [] if seat.jurisdiction == ANYWHERE else [task.c.jurisdiction == seat.jurisdiction]
    return build_open_way(
        task.c.assignee_id == seat.lender, *ours, task.c.kind != word("ballot"), sa.not_(task.c.personal)
    )


def _of_all(seat: TaskSeat) -> Way:
    place = task.c.jurisdiction == seat.jurisdiction
    if seat.role == ANYWHERE:
        return build_open_way(
            place, task.c.kind != word("ballot")
        )  # who supervises sees turnout, not who is still to vote
    return build_open_way(place, task.c.role == seat.role)


def restrict_way(way: Way, condition: sa.ColumnElement[bool]) -> Way:
    """Return the way to those tasks for which ``condition`` holds too."""
    return way._replace(conditions=(*way.conditions, condition))


def exclude_others_tasks(way: Way, chosen: TaskFilter) -> Way:
    """Leave out what is for another person alone."""
    mine = sa.or_(sa.not_(task.c.personal), task.c.assignee_id == chosen.person_id)
    return restrict_way(way, mine)


def build_open_way(*conditions: sa.ColumnElement[bool]) -> Way:
    """Return the way to the open tasks for which the conditions hold."""
    return Way((*conditions, task.c.state == word("open")))


After: TypeAlias = tuple[datetime, int]
"""The last task on the page above: when it is due, and its number."""


_BRANCH = sa.select(task.c.due_at, task.c.id)
_DUE_AT, _ID = sa.column("due_at", task.c.due_at.type), sa.column("id", task.c.id.type)
"""What branches give, by name alone: each list is put together when it is asked for."""


def select_page(chosen: TaskFilter, after: After | None, limit: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for one page by (due_at, id)."""
    ids = _first_ids(chosen, limit, after).scalar_subquery()
    return sa.select(task).where(task.c.id.in_(ids)).order_by(task.c.due_at, task.c.id)


def _first_ids(chosen: TaskFilter, limit: int, after: After | None = None) -> sa.Select[int]:
    branches = (select_way_branch(way, chosen, after).limit(limit) for way in build_task_ways(chosen))
    keys = sa.union(*(sa.select(_DUE_AT, _ID).select_from(each.subquery()) for each in branches))
    return sa.select(_ID).select_from(keys.subquery()).order_by(_DUE_AT, _ID).limit(limit)


def count_scopes(chosen: TaskFilter) -> sa.Select[*tuple[Any, ...]]:
    """Return one statement with one capped count per scope of open tasks."""
    ways = _list_ways_by_scope(chosen)
    # A way that several scopes share is asked once: each costs PostgreSQL a plan, and a walk along its index.
    branches: dict[Way, sa.CTE] = {}

    def ask_once(way: Way) -> sa.CTE:
        if way not in branches:
            branches[way] = select_way_branch(way, chosen).limit(CAP).cte(f"branch{len(branches)}")
        return branches[way]

    counts = {scope: _count_capped([ask_once(way) for way in ways[scope] or [_NO_WAY]]) for scope in TaskCounts._fields}
    return sa.select(*(count.label(scope) for scope, count in counts.items()))


def count_all(chosen: TaskFilter) -> sa.Select[int]:
    """Count everything that the pages of a list hold together."""
    keys = sa.union(
        *(sa.select(select_way_branch(way, chosen).order_by(None).subquery().c.id) for way in build_task_ways(chosen))
    )
    return sa.select(sa.func.count()).select_from(keys.subquery())


def count_newer(chosen: TaskFilter, task_id: int) -> sa.Select[int]:
    """Count the newest tasks in the scope with a greater id, looking at no more than `CAP` of them."""
    recent = sa.select(task.c.id).where(task.c.id > task_id).order_by(task.c.id.desc()).limit(CAP).scalar_subquery()
    scope = sa.or_(*(sa.and_(*way.conditions) for way in build_task_ways(chosen)))
    return sa.select(sa.func.count()).where(task.c.id.in_(recent), scope, *_match_extra(chosen))


def select_way_branch(way: Way, chosen: TaskFilter, after: After | None = None) -> sa.Select[datetime, int]:
    """Return what one way finds as (due_at, id), in the order of lists."""
    statement = _BRANCH.where(*way.conditions, *_match_extra(chosen))
    if after is not None:
        place = (task.c.due_at, task.c.id)
        statement = statement.where(sa.tuple_(*place) > sa.tuple_(*after, types=[column.type for column in place]))
    return statement.order_by(*way.leading, task.c.due_at, task.c.id)


def _match_extra(chosen: TaskFilter) -> list[sa.ColumnElement[bool]]:
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
        conditions.append(task.c.round_id == chosen.round_id)
    if chosen.recused:
        away = sa.select(case.c.id).where(case.c.subject_id.in_(chosen.recused))
        conditions.append(task.c.case_id.not_in(away))
    conditions += [task.c.due_at < limit for limit in (chosen.due_before, chosen.overdue) if limit is not None]
    if chosen.text:
        columns = (task.c.title, task.c.subject)
        conditions.append(sa.or_(*(column.contains(chosen.text, autoescape=True) for column in columns)))
    return conditions


def count(chosen: TaskFilter) -> sa.ScalarSelect[int]:
    """Count the tasks of a list, none above `CAP`."""
    return _count_capped([select_way_branch(way, chosen).limit(CAP).subquery() for way in build_task_ways(chosen)])


def _count_capped(branches: Sequence[sa.FromClause]) -> sa.ScalarSelect[int]:
    capped = sa.union(*(sa.select(_ID).select_from(branch) for branch in branches)).limit(CAP)
    return sa.select(sa.func.count()).select_from(capped.subquery()).scalar_subquery()


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


def select_facets(chosen: TaskFilter, ends: Sequence[datetime]) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that counts the first `CAP` tasks by step, round and period.

    ``ends`` are the ends of the periods, growing: the last period, after all of them, has the number ``len(ends)``.
    """
    first = _first_ids(chosen, CAP).subquery()
    above = case.alias("above")
    period = sa.case(*((task.c.due_at < end, n) for n, end in enumerate(ends)), else_=len(ends)).label("period")
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
        .join(above, above.c.id == task.c.round_id)
        .group_by(*kinds)
    )


def count_each(lists: Sequence[TaskFilter]) -> sa.Select[*tuple[Any, ...]]:
    """Return one statement with the capped count of each list."""
    return sa.select(*map(count, lists))


COLUMNS: dict[str, tuple[sa.ColumnElement[Any], ...]] = {
    "came": (task.c.created_at,),
    "case": (task.c.subject,),
    "step": (task.c.process_id, task.c.element),
    "matter": (task.c.title,),
    "who": (name_of(person, task.c.assignee_id),),
}


def select_ordered(chosen: TaskFilter, order: Ordered, limit: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for one page of the first `CAP` tasks in ``order``."""
    first = _first_ids(chosen, CAP).scalar_subquery()
    columns = [column.desc() if order.down else column for column in COLUMNS[order.by]]
    page = sa.select(task).where(task.c.id.in_(first)).order_by(*columns, task.c.due_at, task.c.id)
    return page.limit(limit).offset(order.skip)


_DONE_PLACE = (task.c.done_at, task.c.id)


def select_done(chosen: TaskFilter, before: After | None, limit: int, *, oldest: bool) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for one page of what ``chosen.person_id`` has done, votes apart, newest or ``oldest`` first.

    ``before`` is when the last task of the page above was done, and its number.
    """
    statement = _done_by(chosen).with_only_columns(*task.c)
    if before is not None:
        position, last = sa.tuple_(*_DONE_PLACE), sa.tuple_(*before, types=[column.type for column in _DONE_PLACE])
        statement = statement.where(position > last if oldest else position < last)
    return statement.order_by(*(column.asc() if oldest else column.desc() for column in _DONE_PLACE)).limit(limit)


def select_newest_done(chosen: TaskFilter, limit: int) -> sa.Select[int]:
    """Return the statement for the ids of the newest of them."""
    newest = _done_by(chosen).with_only_columns(task.c.id)
    return newest.order_by(*(column.desc() for column in _DONE_PLACE)).limit(limit)


def _done_by(chosen: TaskFilter) -> sa.Select[*tuple[Any, ...]]:
    (way,) = build_task_ways(chosen)
    return select_way_branch(way, chosen).where(task.c.kind != word("ballot")).order_by(None)
