"""The ways into a list of tasks: each leads into an index that has its rows in the list's own order."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from service.store.models.cases import case, task
from service.store.queries.base import word
from service.store.queries.case_tree import stands_in, top_of
from service.store.queries.tasks.task_filter import TaskFilter, TaskSeat


class Way(NamedTuple):
    """Conditions that lead into an index, and the columns before (due_at, id) that PostgreSQL must be told of.

    ``hint`` is the index that SQLite, which keeps no statistics, must be told of where the conditions fit several.
    """

    conditions: tuple[sa.ColumnElement[bool], ...]
    leading: tuple[sa.ColumnElement[object], ...] = ()
    hint: str = ""


def ways(chosen: TaskFilter) -> list[Way]:
    """Return every way into a list; one task may be found by several."""
    if chosen.case_id is not None:
        return [Way((task.c.case_id == chosen.case_id, task.c.state == word(chosen.state)))]
    if chosen.state != "open":
        return [Way((task.c.done_by == chosen.person_id, task.c.state == word(chosen.state)))]
    mine = [waiting(task.c.assignee_id == chosen.person_id)] if chosen.person_id is not None else []
    seats = [TaskSeat(*seat) for seat in dict.fromkeys(chosen.memberships)]
    addressed = [own_only(way, chosen) for seat in seats if seat.body_id is not None for way in of_body(seat)]
    ours = [way for one in addressed for way in _by_round(one, chosen, "ix_task_round_seat")]
    all_of = [
        way for seat in seats if seat.body_id is None for way in _by_round(_of_all(seat), chosen, "ix_task_round")
    ]
    if chosen.scope == "overseen":
        return [also(way, task.c.kind != word("ballot")) for way in all_of]
    if chosen.scope == "body":
        return ours
    held = [*mine, *(_in_place_of(seat) for seat in seats if seat.lender is not None)]
    if chosen.scope == "mine":
        return held
    unclaimed = [also(way, task.c.assignee_id.is_(None)) for way in ours]
    if chosen.scope == "unclaimed":
        return unclaimed
    if chosen.scope == "to_do":
        return [*held, *unclaimed]
    return [*mine, *ours, *all_of]


def in_round(top: int) -> sa.ColumnElement[bool]:
    """Return the condition that a task stands in a case or below it, however deep.

    The cases above a task are looked at only where ``top`` is no round, or where the round of the task is not noted yet.
    """
    is_below = sa.exists().where(case.c.id == top, case.c.parent_id.is_not(None)).correlate(None)
    unclear = sa.or_(task.c.round_id.is_(None), is_below)
    return sa.or_(task.c.round_id == top, sa.and_(unclear, stands_in(task.c.case_id, top, task)))


def _by_round(way: Way, chosen: TaskFilter, index: str) -> list[Way]:
    """Return the ways into an index by round: to tasks of the one asked for, and to those whose round is not noted yet."""
    if chosen.round_id is None:
        return [way]
    placed = also(way, task.c.round_id == top_of(chosen.round_id))._replace(hint=index)
    unplaced = also(way, task.c.round_id.is_(None))
    return [placed, unplaced._replace(leading=(task.c.round_id, *way.leading), hint=index)]


def of_body(seat: TaskSeat) -> list[Way]:
    """Return the ways to tasks addressed to the body; and those addressed to every body with the role in its jurisdiction."""
    if seat.lender is not None:
        ways_in = of_body(seat._replace(lender=None))
        return [also(way, task.c.kind != word("ballot")) for way in ways_in]
    role = task.c.role == seat.role
    if _is_any(seat.jurisdiction):
        return [waiting(role, task.c.body_id == seat.body_id)]
    place = task.c.jurisdiction == seat.jurisdiction
    everyone = waiting(role, task.c.body_id.is_(None), place)
    # IS NULL is no equality to PostgreSQL's planner: the order must name the column to match the index.
    return [waiting(role, task.c.body_id == seat.body_id, place), everyone._replace(leading=(task.c.body_id,))]


def _in_place_of(seat: TaskSeat) -> Way:
    """What a lender of a seat has claimed by it, without what nobody does in place of another."""
    ours = [task.c.role == seat.role, sa.or_(task.c.body_id == seat.body_id, task.c.body_id.is_(None))]
    ours += [] if _is_any(seat.jurisdiction) else [task.c.jurisdiction == seat.jurisdiction]
    way = waiting(task.c.assignee_id == seat.lender, *ours, task.c.kind != word("ballot"), sa.not_(task.c.personal))
    return way._replace(hint="ix_task_mine")


def _of_all(seat: TaskSeat) -> Way:
    place = task.c.jurisdiction == seat.jurisdiction
    if _is_any(seat.role):
        return waiting(place, task.c.kind != word("ballot"))  # who supervises sees turnout, not who is still to vote
    return waiting(place, task.c.role == seat.role)


def also(way: Way, condition: sa.ColumnElement[bool]) -> Way:
    """Return the way to those tasks for which ``condition`` holds too."""
    return way._replace(conditions=(*way.conditions, condition))


def _is_any(word: object) -> bool:
    """Return whether a seat says "wherever": the name of a value that is still to come says nothing yet."""
    return isinstance(word, str) and word == "*"


def own_only(way: Way, chosen: TaskFilter) -> Way:
    """Leave out what is for another person alone."""
    mine = sa.or_(sa.not_(task.c.personal), task.c.assignee_id == chosen.person_id)
    return also(way, mine)


def waiting(*conditions: sa.ColumnElement[bool]) -> Way:
    """Return the way to the open tasks for which the conditions hold."""
    return Way((*conditions, task.c.state == word("open")))
