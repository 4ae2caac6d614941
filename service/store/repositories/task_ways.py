"""The ways into a list of tasks: each leads into an index that has its rows in the list's own order."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from service.store.repositories.base import word
from service.store.repositories.task_filter import TaskFilter, TaskSeat
from service.store.rows.cases import task


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
    ours = [own_only(way, chosen) for seat in seats if seat.body_id is not None for way in of_body(seat)]
    if chosen.scope == "overseen":
        return [also(_of_all(seat), task.c.kind != word("ballot")) for seat in seats if seat.body_id is None]
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
    return [*mine, *ours, *(_of_all(seat) for seat in seats if seat.body_id is None)]


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
