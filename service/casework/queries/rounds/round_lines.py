"""What orders and counts the applications of a round: one light line for each, made anew only when its case moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from service.casework.desk.desk import Desk
from service.casework.queries.rounds.round_stages import came_to
from service.casework.queries.rounds.round_waits import by_case, holder
from service.casework.step.reminders import last_day_of
from service.catalog import Package, ProcessInfo
from service.store import NEVER, BoardCase, BoardTask, BoardTimer, CasesBelow, Transaction
from service.store.models import CaseRow

OUTCOME = "outcome:"
"""How the id of the column of an outcome begins."""

AT_ONCE = 400
"""Of more cases than these all of the round are read, sooner than by their ids."""


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
class OwnWaits:
    """What the round itself waits for."""

    tasks: Sequence[BoardTask]
    timers: Sequence[BoardTimer]


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
    """The lines of a round, oldest first and by column; how many ever ``came`` to the same stages; what it waits for itself."""

    lines: Sequence[BoardLine]
    stages: Mapping[str, InStage]
    came: Mapping[tuple[str, ...], int]
    own: OwnWaits
    ids: frozenset[int]


def round_lines(
    desk: Desk,
    tx: Transaction,
    package: Package,
    kind: ProcessInfo,
    case: CaseRow,
    below: CasesBelow,
    told: str | None = None,
) -> RoundLines:
    """Return the lines of the applications ``below`` the round ``case``, as they stand in this unit of work.

    ``told`` are their stamps, where they were asked for already.
    """

    def make(moved: Collection[int]) -> Mapping[int, BoardLine | OwnWaits]:
        some = among(below, moved)
        tasks, timers = by_case(tx.board.tasks(some)), by_case(tx.board.timers(some))
        rows, came = tx.board.cases(some, kind.process), came_to(tx, package, kind, some)
        found: dict[int, BoardLine | OwnWaits] = {
            row.id: _line(package, row, tasks.get(row.id, []), timers.get(row.id, []), came.get(row.id, {}))
            for row in rows
        }
        return {**found, case.id: OwnWaits(tasks.get(case.id, []), timers.get(case.id, []))}

    key = (case.id, case.definition, kind.key, below.recused)
    stamps = tx.board.stamps(below) if told is None else told
    return desk.kept_rounds.current(key, stamps, make, _together)


def _together(made: Mapping[int, BoardLine | OwnWaits]) -> RoundLines:
    lines = [one for one in made.values() if isinstance(one, BoardLine)]
    own = next((one for one in made.values() if isinstance(one, OwnWaits)), OwnWaits((), ()))
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
    return RoundLines(lines, stages, Counter(line.came for line in lines), own, frozenset(line.id for line in lines))


def among(below: CasesBelow, ids: Collection[int]) -> CasesBelow:
    """Return those cases of ``below`` with these ids; all of them where there are many."""
    return below if len(ids) > AT_ONCE else replace(below, only=tuple(sorted(ids)))


def _line(
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
        "、".join(dict.fromkeys(holder(package, task, name, named=False) for task in tasks)),
        row.status == "running" and not tasks and not timers,
        tuple(sorted(came)),
        tuple(came[stage] for stage in sorted(came)),
        row.started_at,
    )


def _last_day(tasks: Sequence[BoardTask], timers: Sequence[BoardTimer]) -> date | None:
    """Return the day that `soonest` finds."""
    dues = [(task.due_at, task.due_reason) for task in tasks[:1]] + [(t.due_at, t.payload) for t in timers[:1]]
    return next((last_day_of(at, reason) for at, reason in dues if at < NEVER), None)
