"""Which cases a list keeps, and the conditions that say so in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.store.models.cases import call, case, case_party, subscription, task
from service.store.models.submissions import START_FORM, form_result
from service.store.models.work import work_item
from service.store.queries.base import word
from service.store.searching import words_of

STILL_TO_COME = ("waiting", "held")
"""States of a work item that waits for time, or for a person who lets it go on."""


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases to list; ``jurisdictions`` None means all, ``live`` leaves out ended ones, ``ended`` keeps them alone.

    ``body_id`` keeps cases that are about that body or to which it is party, and with ``begun_by`` those that this person
    began for it, with ``roles`` those in which a task waits for it in one of them or was done in one by ``person_id``;
    ``recused`` are organisations whose cases are left out; ``ids`` keeps only these cases, ``waits_at`` those in which a task, a message or a timer
    waits at that element (process id, element id), or that are in it where it is a call activity.
    """

    jurisdictions: Sequence[str] | None = None
    process: str | None = None
    body_id: int | None = None
    live: bool = False
    text: str = ""
    recused: Sequence[int] = ()
    ids: Sequence[int] | None = None
    waits_at: tuple[str, str] | None = None
    ended: bool = False
    award: str | None = None
    status: str | None = None
    within: Sequence[str] | None = None
    """Processes in one of which a task, a message or a timer waits."""
    voting: bool = False
    """Only those in which somebody has a vote to cast."""
    awaiting: bool = False
    """Only those that wait for a message."""
    ended_since: datetime | None = None
    """With ``ended``, only those that ended then or later."""
    holder: int | None = None
    """The person who has claimed an open task of the case."""
    started_by: int | None = None
    """The person who began the case."""
    begun_by: int | None = None
    roles: Collection[str] = ()
    person_id: int | None = None


def match_case_filter(chosen: CaseFilter) -> list[sa.ColumnElement[bool]]:
    """Return a filter as SQL."""
    criteria: list[sa.ColumnElement[bool]] = []
    if chosen.jurisdictions is not None:
        criteria.append(case.c.jurisdiction.in_(chosen.jurisdictions))
    if chosen.process is not None:
        criteria.append(case.c.process == chosen.process)
    if chosen.live:
        criteria.append(case.c.status != word("ended"))
    if chosen.ended:
        criteria.append(case.c.status == word("ended"))
    if chosen.body_id is not None:
        criteria.append(case.c.id.in_(select_body_cases(chosen.body_id, chosen)))
    if chosen.recused:
        criteria += not_about(chosen.recused)
    if chosen.ids is not None:
        criteria.append(case.c.id.in_(chosen.ids))
    if chosen.waits_at is not None:
        criteria.append(case.c.id.in_(waiting_ids(*chosen.waits_at)))
    if chosen.award is not None:
        criteria.append(case.c.award == chosen.award)
    if chosen.status is not None:
        criteria.append(case.c.status == chosen.status)
    if chosen.within is not None:
        criteria.append(case.c.id.in_(_waiting_within(chosen.within)))
    if chosen.voting:
        criteria.append(case.c.id.in_(_select_voting_cases()))
    if chosen.awaiting:
        criteria.append(sa.exists().where(subscription.c.case_id == case.c.id))
    if chosen.ended_since is not None:
        criteria.append(sa.func.coalesce(case.c.ended_at, case.c.changed_at) >= chosen.ended_since)
    if chosen.holder is not None:
        holder_conditions = (task.c.assignee_id == chosen.holder, task.c.state == word("open"))
        criteria.append(case.c.id.in_(sa.select(task.c.case_id).where(*holder_conditions)))
    if chosen.started_by is not None:
        criteria.append(case.c.started_by == chosen.started_by)
    texts = (sa.func.lower(case.c.title), sa.func.lower(case.c.number))
    for each in words_of(chosen.text):
        criteria.append(sa.or_(*(column.contains(each, autoescape=True) for column in texts)))
    return criteria


_KEPT: dict[sa.Table, tuple[str, ...]] = {task: ("open",), subscription: (), work_item: STILL_TO_COME}
"""The tables of what waits, each with the states in which it does."""

_STANDING = (*_KEPT, call)
"""The tables of where cases stand: where something waits, and the call activities that they are in."""


def select_body_cases(body_id: int, chosen: CaseFilter) -> sa.CompoundSelect[int]:
    """Return the ids of the cases that are about a body, to which it is party, that were begun for it or in which it has tasks.

    Votes and what is for one person alone are no tasks of the body.
    """
    about = case.alias("about")
    statements = [
        sa.select(case_party.c.case_id).where(case_party.c.body_id == body_id),
        sa.select(about.c.id).where(about.c.subject_id == body_id),
    ]
    if chosen.begun_by is not None:
        sent = (form_result.c.person_id == chosen.begun_by, form_result.c.body_id == body_id)
        statements.append(sa.select(form_result.c.case_id).where(*sent, form_result.c.element == word(START_FORM)))
    if chosen.roles:
        shared = (task.c.kind != word("ballot"), task.c.personal.is_(False))
        theirs = sa.select(task.c.case_id).where(task.c.role.in_(chosen.roles), task.c.body_id == body_id, *shared)
        statements.append(theirs.where(task.c.state == word("open")))
        statements.append(theirs.where(task.c.state == word("done"), task.c.done_by == chosen.person_id))
    return sa.union_all(*statements)


def not_about(bodies: Collection[int]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that leave out cases about ``bodies``."""
    return [sa.or_(case.c.subject_id.is_(None), case.c.subject_id.not_in(bodies))]


def waiting_at(process_id: str, element: str) -> list[tuple[sa.Table, list[sa.ColumnElement[bool]]]]:
    """Return the tables that know who stands at an element, each with the conditions that find it there."""
    return [
        (table, [table.c.process_id == process_id, table.c.element == element, *match_still_open(table)])
        for table in _STANDING
    ]


def match_still_open(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    """Return the condition that something still stands there."""
    if table is call:
        return [call.c.left_at.is_(None)]
    states = _KEPT[table]
    return [_match_states(table.c.state, states)] if states else []


def _match_states(column: sa.Column[str], states: Sequence[str]) -> sa.ColumnElement[bool]:
    """Return the condition in the words of the partial indexes: of one state by itself, of several by a list."""
    return column == word(states[0]) if len(states) == 1 else column.in_([word(state) for state in states])


def _select_voting_cases() -> sa.Select[int]:
    return sa.select(task.c.case_id).where(task.c.state == word("open"), task.c.kind == word("ballot"))


def _waiting_within(processes: Sequence[str]) -> sa.CompoundSelect[int]:
    return sa.union_all(
        *(
            sa.select(table.c.case_id).where(table.c.process_id.in_(processes), *match_still_open(table))
            for table in _KEPT
        )
    )


def waiting_ids(process_id: str, element: str) -> sa.CompoundSelect[int]:
    """Return the ids of the cases that stand at an element: something waits there, or it is a call they are in."""
    return sa.union_all(*(sa.select(table.c.case_id).where(*where) for table, where in waiting_at(process_id, element)))
