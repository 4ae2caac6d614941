"""The applications of a round: one light line for each by its stage, and what they wait for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from service.casework.queries.limits import NO_LIMIT, TimeLimit, time_limit
from service.casework.reading.stages import collect_reachable_elements
from service.casework.step.limits.days import last_day_of
from service.catalog import Kind, Package, ProcessInfo
from service.catalog.stages import Stage
from service.domain.calendar import WorkingCalendar
from service.store import NEVER, BoardCase, BoardTask, BoardTimer, CasesBelow, Transaction
from service.store.models import SubscriptionRow


def came_to(
    tx: Transaction, package: Package, kind: ProcessInfo, below: CasesBelow
) -> Mapping[int, Mapping[str, datetime]]:
    """Return the ids of the stages that each case came to, those it passed without waiting too, and when it first did."""
    calls = [call.id for call in package.diagram(kind.process).calls]
    days_by_case: dict[int, dict[str, datetime]] = {}
    for case_id, element, at in tx.board.came(below, kind.process, calls):
        days_by_case.setdefault(case_id, {})[element] = at
    return days_by_case


def round_stages(package: Package, kind: ProcessInfo, entered: Collection[str]) -> tuple[Stage, ...]:
    """Return the stages of the main path, and those off it that are in ``entered``, each before what it leads to."""
    diagram = package.diagram(kind.process)
    stages = list(package.stages(kind.key))
    for ident in sorted(set(entered) - {stage.id for stage in stages}):
        element = diagram.elements.get(ident)
        name, called = (element.name, element.called) if element is not None else (ident, "")
        after = collect_reachable_elements(diagram, ident) if element is not None else set()
        at = next((n for n, stage in enumerate(stages) if stage.id in after), len(stages))
        stages.insert(at, Stage(ident, name, called))
    return tuple(stages)


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


def get_soonest_limit(
    calendar: WorkingCalendar,
    now: datetime,
    state: str,
    tasks: Sequence[BoardTask],
    timers: Sequence[BoardTimer],
) -> TimeLimit:
    """Return the limit of the first task, else that of the first timer; `NO_LIMIT` where neither has a day."""
    task_limits = (time_limit(calendar, t.due_at, t.due_reason, now, state) for t in tasks[:1])
    other = (time_limit(calendar, t.due_at, t.payload, now, state) for t in timers[:1])
    return next((limit for limit in (*task_limits, *other) if limit.last_day is not None), NO_LIMIT)


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

    Beside tasks only the days of its own diagram, ``process``, are told: others are the limits of those tasks. A day there
    after which nobody has anything to do, as that on which the regulation lapses, holds nothing up.
    """
    waits = [timer for timer in timers if (_leads_on(package, timer) if timer.process_id == process else not tasks)]
    named = [(timer, timer_name(package, timer)) for timer in waits]
    named_timers = [timer for timer, name in named if name]
    names = list(dict.fromkeys([task.title for task in tasks] + [name for _, name in named if name]))
    if not names:
        return None
    roles = [package.jurisdiction.roles.get(task.role) for task in tasks]
    return RoundWaits(
        "、".join(dict.fromkeys(role.name for role in roles if role is not None)),
        f"等待本届{''.join(f'“{name}”' for name in names[:_MOST])}",
        min([task.created_at for task in tasks] + [timer.created_at for timer in named_timers]),
        get_soonest_limit(calendar, now, state, tasks, named_timers),
    )


def find_awaited_condition(package: Package, awaited: Sequence[SubscriptionRow]) -> RoundWaits | None:
    """Return the condition that a round came to last and waits for, as that objections are settled; None without one."""
    named = [
        (row.created_at, element.name)
        for row in awaited
        if row.barrier
        and (element := package.diagram(row.process_id).elements.get(row.element)) is not None
        and element.name
        and not element.attached_to
    ]
    since, name = max(named, default=(None, ""))
    return RoundWaits("", f"等待本届“{name}”", since, NO_LIMIT) if since is not None else None


def _leads_on(package: Package, timer: BoardTimer) -> bool:
    diagram = package.diagram(timer.process_id)
    after = (diagram.elements[ident] for ident in collect_reachable_elements(diagram, timer.element))
    return any(element.kind is Kind.USER_TASK or element.called for element in after)


def timer_name(package: Package, timer: BoardTimer) -> str:
    """Return the name of the element at which a timer waits, "" where it has none."""
    element = package.diagram(timer.process_id).elements.get(timer.element)
    return element.name if element is not None and element.name else ""


def by_case(rows: Sequence[Row]) -> dict[int, list[Row]]:
    """Return tasks or timers by the case that they belong to, in their order."""
    rows_by_case: dict[int, list[Row]] = {}
    for row in rows:
        rows_by_case.setdefault(row.case_id, []).append(row)
    return rows_by_case


def describe_task_holder(package: Package, task: BoardTask, applicant: str, *, named: bool) -> str:
    """Return with whom a task is: the ``applicant`` itself, a body or a role, and the person where they are ``named``."""
    if task.body == applicant:
        return _ITSELF
    role = package.jurisdiction.roles.get(task.role)
    where = task.body or (role.name if role is not None else task.role)
    return f"{where}（{task.assignee}）" if task.assignee and named else where


OUTCOME = "outcome:"
"""How the id of the column of an outcome begins."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """An application as far as it is counted and ordered; ``stage`` is the id of a column.

    ``since`` is when it came to whom it waits for. ``last_day`` is that of its own limit, None without one. ``bare``:
    it has nothing of its own to wait for and waits for what its round waits for. ``came`` as on its card, ``reached``
    when it first came there; ``started_at`` when its organisation applied.
    """

    id: int
    name: str
    number: str
    status: str
    stage: str
    since: datetime
    last_day: date | None
    holder: str
    bare: bool
    came: tuple[str, ...]
    reached: tuple[datetime, ...]
    started_at: datetime

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.status == "ended"


@dataclass(frozen=True, slots=True)
class InStage:
    """The lines that stand in one column, the most urgent first; those that wait for the round apart, longest first.

    ``days`` are the last days of ``lines`` that have one.
    """

    lines: Sequence[BoardLine]
    bare: Sequence[BoardLine]
    days: Sequence[date]


@dataclass(frozen=True, slots=True)
class RoundLines:
    """The lines of a round, oldest first and by column; how many ever ``came`` to the same stages.

    ``tasks`` and ``timers`` are what is waited for, by case, the round's own too.
    """

    lines: Sequence[BoardLine]
    stages: Mapping[str, InStage]
    came: Mapping[tuple[str, ...], int]
    tasks: Mapping[int, Sequence[BoardTask]]
    timers: Mapping[int, Sequence[BoardTimer]]


def round_lines(tx: Transaction, package: Package, kind: ProcessInfo, below: CasesBelow) -> RoundLines:
    """Return the lines of the applications ``below`` a round, as they stand in this unit of work."""
    tasks, timers = by_case(tx.board.tasks(below)), by_case(tx.board.timers(below))
    came = came_to(tx, package, kind, below)
    lines = [
        _build_board_line(package, row, tasks.get(row.id, []), timers.get(row.id, []), came.get(row.id, {}))
        for row in tx.board.cases(below, kind.process)
    ]
    here: dict[str, list[BoardLine]] = {}
    for line in sorted(lines, key=lambda line: (line.last_day is None, line.last_day or date.min, line.since)):
        here.setdefault(line.stage, []).append(line)
    stages = {
        stage: InStage(
            [line for line in found if not line.bare],
            [line for line in found if line.bare],
            [line.last_day for line in found if line.last_day is not None],
        )
        for stage, found in here.items()
    }
    return RoundLines(lines, stages, Counter(line.came for line in lines), tasks, timers)


def _build_board_line(
    package: Package,
    row: BoardCase,
    tasks: Sequence[BoardTask],
    timers: Sequence[BoardTimer],
    came: Mapping[str, datetime],
) -> BoardLine:
    name, ended = row.subject or row.title, row.status == "ended"
    since = min((task.created_at for task in tasks), default=row.entered_at or row.started_at)
    return BoardLine(
        row.id,
        name,
        row.number or "",
        row.status,
        f"{OUTCOME}{row.outcome or ''}" if ended else (row.stage or ""),
        (row.ended_at or since) if ended else since,
        None if ended else _last_day(tasks, timers),
        "、".join(dict.fromkeys(describe_task_holder(package, task, name, named=False) for task in tasks)),
        row.status == "running" and not tasks and not timers,
        tuple(sorted(came)),
        tuple(came[stage] for stage in sorted(came)),
        row.started_at,
    )


def _last_day(tasks: Sequence[BoardTask], timers: Sequence[BoardTimer]) -> date | None:
    """Return the day that `soonest` finds."""
    dues = [(task.due_at, task.due_reason) for task in tasks[:1]] + [(t.due_at, t.payload) for t in timers[:1]]
    return next((last_day_of(at, reason) for at, reason in dues if at < NEVER), None)
