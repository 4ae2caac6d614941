"""Which tasks a list shows, and its statements: every way into a list is an index in the list's own order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from service.domain.signatures import BEFORE, SENT
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
    and unclaimed), "visible" (mine, the body's, and whatever seats without a body may see), "overseen" (the last
    alone, ballots apart) or "others" (of those what is with bodies other than those of my seats).
    ``state`` other than "open" needs ``case_id``, or lists what ``person_id`` has done.
    ``round_id`` keeps what stands in a round or below it, however deep.
    ``recused`` are organisations whose cases are left out.
    ``due_from`` keeps what is due then or later; ``due_before`` and ``overdue`` (the present instant) both keep only
    what is due earlier. ``signed_first`` keeps what others sign before it goes on and is due then or later; ``ready``
    leaves that out.
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
    signed_first: datetime | None = None
    ready: datetime | None = None


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
_OPEN, _NO_BALLOT = task.c.state == word("open"), task.c.kind != word("ballot")
_UNCLAIMED, _IMPERSONAL = task.c.assignee_id.is_(None), sa.not_(task.c.personal)
_TO_EVERY_BODY = task.c.body_id.is_(None)
_WAITS_FOR_SIGNERS = task.c.signs_open.in_([word(BEFORE), word(SENT)])
_KINDS_OF_WAYS = {
    "mine": ("own", "lent"),
    "body": ("body",),
    "unclaimed": ("unclaimed",),
    "to_do": ("own", "lent", "unclaimed"),
    "visible": ("own", "body", "all"),
    "overseen": ("overseen",),
    "others": ("others",),
}
"""What leads into the open tasks of each scope."""


def build_task_ways(chosen: TaskFilter) -> list[Way]:
    """Return every way into a list, one at least; one task may be found by several."""
    if chosen.case_id is not None:
        ways = [Way((task.c.case_id == chosen.case_id, task.c.state == word(chosen.state)))]
    elif chosen.state != "open":
        ways = [Way((task.c.done_by == chosen.person_id, task.c.state == word(chosen.state)))]
    else:
        by_kind = _list_ways_by_kind(chosen)
        ways = [way for kind in _KINDS_OF_WAYS[chosen.scope] for way in by_kind[kind]]
    return ways or [_NO_WAY]


def _list_ways_by_kind(chosen: TaskFilter) -> dict[str, list[Way]]:
    """Return the ways into open tasks by their kind, of which scopes are made."""
    is_own = task.c.assignee_id == chosen.person_id
    seats = [TaskSeat(*seat) for seat in dict.fromkeys(chosen.memberships)]
    not_others = sa.or_(_IMPERSONAL, is_own)
    ours = [restrict_way(way, not_others) for seat in seats if seat.body_id is not None for way in of_body(seat)]
    all_of = [_of_all(seat) for seat in seats if seat.body_id is None]
    elsewhere = task.c.body_id.not_in(sorted({seat.body_id for seat in seats if seat.body_id is not None}))
    return {
        "own": [build_open_way(is_own)] if chosen.person_id is not None else [],
        "lent": [_in_place_of(seat) for seat in seats if seat.lender is not None],
        "body": ours,
        "unclaimed": [restrict_way(way, _UNCLAIMED) for way in ours],
        "all": all_of,
        "overseen": [restrict_way(way, _NO_BALLOT) for way in all_of],
        "others": [restrict_way(restrict_way(way, _NO_BALLOT), elsewhere) for way in all_of],
    }


def of_body(seat: TaskSeat) -> list[Way]:
    """Return the ways to tasks addressed to the body; and those addressed to every body with the role in its jurisdiction."""
    if seat.lender is not None:
        ways_in = of_body(seat._replace(lender=None))
        return [restrict_way(way, _NO_BALLOT) for way in ways_in]
    role = task.c.role == seat.role
    if seat.jurisdiction == ANYWHERE:
        return [build_open_way(role, task.c.body_id == seat.body_id)]
    place = task.c.jurisdiction == seat.jurisdiction
    everyone = build_open_way(role, _TO_EVERY_BODY, place)
    # IS NULL is no equality to PostgreSQL's planner: the order must name the column to match the index.
    return [build_open_way(role, task.c.body_id == seat.body_id, place), everyone._replace(leading=(task.c.body_id,))]


def _in_place_of(seat: TaskSeat) -> Way:
    """What a lender of a seat has claimed by it, without what nobody does in place of another."""
    ours = [task.c.role == seat.role, sa.or_(task.c.body_id == seat.body_id, _TO_EVERY_BODY)]
    ours += [] if seat.jurisdiction == ANYWHERE else [task.c.jurisdiction == seat.jurisdiction]
    return build_open_way(task.c.assignee_id == seat.lender, *ours, _NO_BALLOT, _IMPERSONAL)


def _of_all(seat: TaskSeat) -> Way:
    place = task.c.jurisdiction == seat.jurisdiction
    if seat.role == ANYWHERE:
        return build_open_way(place, _NO_BALLOT)  # who supervises sees turnout, not who is still to vote
    return build_open_way(place, task.c.role == seat.role)


def restrict_way(way: Way, condition: sa.ColumnElement[bool]) -> Way:
    """Return the way to those tasks for which ``condition`` holds too."""
    return way._replace(conditions=(*way.conditions, condition))


def build_open_way(*conditions: sa.ColumnElement[bool]) -> Way:
    """Return the way to the open tasks for which the conditions hold."""
    return Way((*conditions, _OPEN))


After: TypeAlias = tuple[datetime, int]
"""The last task on the page above: when it is due, and its number."""


_PLACE = (task.c.due_at, task.c.id)
_BRANCH, _PAGE = sa.select(*_PLACE).order_by(*_PLACE), sa.select(task).order_by(*_PLACE)
_CAP = sa.literal(CAP, sa.Integer)
_DUE_AT, _ID, _KIND = (
    sa.column("due_at", task.c.due_at.type),
    sa.column("id", task.c.id.type),
    sa.column("kind", sa.String),
)
"""What branches give, by name alone: each list is put together when it is asked for, of parts that are written once."""
_KEYS, _FIRST = sa.select(_DUE_AT, _ID), sa.select(_ID).order_by(_DUE_AT, _ID)
_COUNTED = {kind: sa.select(_ID, word(kind).label("kind")) for kind in ("own", "lent", "body", "unclaimed", "all")}
_NOTHING = sa.select(sa.null().label("id"), sa.null().label("kind"))
_COUNTS = sa.select(
    *(
        sa.func.count(sa.distinct(sa.case((_KIND.in_([word(kind) for kind in _KINDS_OF_WAYS[scope]]), _ID))))
        for scope in TaskCounts._fields
    )
)


def select_page(chosen: TaskFilter, after: After | None, limit: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for one page by (due_at, id)."""
    return _PAGE.where(task.c.id.in_(_first_ids(chosen, limit, after)))


def _first_ids(chosen: TaskFilter, limit: int, after: After | None = None) -> sa.ScalarSelect[int]:
    most = sa.literal(limit, sa.Integer)
    branches = (select_way_branch(way, chosen, after).limit(most) for way in build_task_ways(chosen))
    keys = sa.union(*(_KEYS.select_from(each.subquery()) for each in branches))
    return _FIRST.select_from(keys.subquery()).limit(most).scalar_subquery()


def count_scopes(chosen: TaskFilter) -> sa.Select[*tuple[Any, ...]]:
    """Return one statement with one count per scope of open tasks; each way into one is asked for no more than `CAP`."""
    kinds = [(kind, way) for kind, ways in _list_ways_by_kind(chosen).items() if kind in _COUNTED for way in ways]
    branches = ((kind, select_way_branch(way, chosen).limit(_CAP).subquery()) for kind, way in kinds)
    found = sa.union_all(*(_COUNTED[kind].select_from(branch) for kind, branch in branches), _NOTHING)
    return _COUNTS.select_from(found.subquery())


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
        statement = statement.where(sa.tuple_(*_PLACE) > sa.tuple_(*after, types=[column.type for column in _PLACE]))
    return statement.order_by(None).order_by(*way.leading, *_PLACE) if way.leading else statement


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
    if chosen.signed_first is not None:
        conditions.append(sa.and_(_WAITS_FOR_SIGNERS, task.c.due_at >= chosen.signed_first))
    if chosen.ready is not None:
        signed = sa.or_(task.c.signs_open.is_(None), sa.not_(_WAITS_FOR_SIGNERS))
        conditions.append(sa.or_(signed, task.c.due_at < chosen.ready))
    if chosen.text:
        columns = (task.c.title, task.c.subject)
        conditions.append(sa.or_(*(column.contains(chosen.text, autoescape=True) for column in columns)))
    return conditions


def count(chosen: TaskFilter) -> sa.ScalarSelect[int]:
    """Count the tasks of a list, none above `CAP`."""
    return _count_capped([select_way_branch(way, chosen).limit(_CAP).subquery() for way in build_task_ways(chosen)])


def _count_capped(branches: Sequence[sa.FromClause]) -> sa.ScalarSelect[int]:
    capped = sa.union(*(sa.select(_ID).select_from(branch) for branch in branches)).limit(_CAP)
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


_ABOVE = case.alias("above")
_PERIODS = 4
_PERIOD = sa.case(*((task.c.due_at < sa.bindparam(f"end{n}"), n) for n in range(_PERIODS)), else_=_PERIODS).label(
    "period"
)
_OF_ROUND = (_ABOVE.c.id, _ABOVE.c.title, _ABOVE.c.award, _ABOVE.c.process)
_KINDS = (task.c.jurisdiction, task.c.process_id, task.c.element, *_OF_ROUND, _PERIOD)
_FACETS = sa.select(*_KINDS, sa.func.count()).join_from(task, _ABOVE, _ABOVE.c.id == task.c.round_id).group_by(*_KINDS)


def select_facets(chosen: TaskFilter) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement that counts the first `CAP` tasks by step, round and period; where periods end is given to it."""
    return _FACETS.where(task.c.id.in_(_first_ids(chosen, CAP)))


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
    columns = [column.desc() if order.down else column for column in COLUMNS[order.by]]
    page = sa.select(task).where(task.c.id.in_(_first_ids(chosen, CAP))).order_by(*columns, *_PLACE)
    return page.limit(limit).offset(order.skip)


_SENT_BACK = sa.cast(task.c.note, sa.Text).contains('"sent_back_by"')
_HOLDS_A_ROUND = sa.and_(task.c.case_id == task.c.round_id, sa.exists().where(_ABOVE.c.parent_id == task.c.case_id))


def select_foremost(chosen: TaskFilter, soon: datetime, limit: int) -> sa.Select[*tuple[Any, ...]]:
    """Return the statement for what comes first of the first `CAP` tasks: what is due before ``soon``, then what was sent back.

    With the latter what a whole round waits for: both often have no day, by which they would stand last.
    """
    rank = sa.case((task.c.due_at < soon, 0), (sa.or_(_SENT_BACK, _HOLDS_A_ROUND), 1), else_=2)
    return sa.select(task).where(task.c.id.in_(_first_ids(chosen, CAP))).order_by(rank, *_PLACE).limit(limit)


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
    return select_way_branch(way, chosen).where(_NO_BALLOT).order_by(None)
