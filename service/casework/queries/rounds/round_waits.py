"""What holds a card of the board up: the soonest limit of its own, or what the round itself waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from service.casework.queries.limits import NO_LIMIT, TimeLimit, time_limit
from service.catalog import Package
from service.domain.calendar import WorkingCalendar
from service.store import BoardTask, BoardTimer

Row = TypeVar("Row", BoardTask, BoardTimer)
_ITSELF = "申报组织"
_MOST = 3
"""So many of the steps that a round waits for are named."""


@dataclass(frozen=True, slots=True)
class RoundWaits:
    """What a round waits for, by which every application below it with nothing else to wait for is held up.

    ``holder`` are the roles that have something to do, never who of them: of a ballot nobody learns who has not voted.
    ``since`` is when the first of it began to wait.
    """

    holder: str
    what: str
    since: datetime
    limit: TimeLimit


def soonest(
    calendar: WorkingCalendar,
    now: datetime,
    state: str,
    tasks: Sequence[BoardTask],
    timers: Sequence[BoardTimer],
) -> TimeLimit:
    """Return the limit of the first task, else that of the first timer; `NO_LIMIT` where neither has a day."""
    found = (time_limit(calendar, t.due_at, t.due_reason, now, state) for t in tasks[:1])
    other = (time_limit(calendar, t.due_at, t.payload, now, state) for t in timers[:1])
    return next((one for one in (*found, *other) if one.last_day is not None), NO_LIMIT)


def round_waits(
    package: Package,
    process: str,
    calendar: WorkingCalendar,
    now: datetime,
    state: str,
    tasks: Sequence[BoardTask],
    timers: Sequence[BoardTimer],
) -> RoundWaits | None:
    """Return what a round waits for by its own open ``tasks`` and ``timers``, soonest first; None where by neither.

    Beside tasks only the days of its own diagram, ``process``, are told: others are the limits of those tasks.
    """
    named = [(timer, timer_name(package, timer)) for timer in timers if not tasks or timer.process_id == process]
    shown = [timer for timer, name in named if name]
    names = list(dict.fromkeys([task.title for task in tasks] + [name for _, name in named if name]))
    if not names:
        return None
    roles = [package.jurisdiction.roles.get(task.role) for task in tasks]
    return RoundWaits(
        "、".join(dict.fromkeys(role.name for role in roles if role is not None)),
        f"等待本届{''.join(f'“{name}”' for name in names[:_MOST])}",
        min([task.created_at for task in tasks] + [timer.created_at for timer in shown]),
        soonest(calendar, now, state, tasks, shown),
    )


def timer_name(package: Package, timer: BoardTimer) -> str:
    """Return the name of the element at which a timer waits, "" where it has none."""
    element = package.diagram(timer.process_id).elements.get(timer.element)
    return element.name if element is not None and element.name else ""


def by_case(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Return tasks or timers by the case that they belong to, in their order."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row.case_id, []).append(row)
    return found


def holder(package: Package, task: BoardTask, applicant: str, *, named: bool) -> str:
    """Return with whom a task is: the ``applicant`` itself, a body or a role, and the person where they are ``named``."""
    if task.body == applicant:
        return _ITSELF
    role = package.jurisdiction.roles.get(task.role)
    where = task.body or (role.name if role is not None else task.role)
    return f"{where}（{task.assignee}）" if task.assignee and named else where
