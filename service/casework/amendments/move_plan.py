"""Dry run of moving a running case to the current version; nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import Actor
from service.casework.amendments.reach import Reach, ValueChange, moved_parameters, reach_of, value_changes
from service.casework.amendments.renames import Renames, for_engine
from service.casework.desk.desk import Desk
from service.casework.step.closing_ballots import ballots_cut_short
from service.casework.step.element_label import timer_label
from service.casework.step.instants import as_instant
from service.casework.step.step import Step
from service.casework.step.task_row import NO_DUE_DATE
from service.casework.step.time_limits import last_day_before, statutory
from service.catalog import Package
from service.domain.calendar import Window, local_date
from service.domain.text import Text
from service.engine import Obstacle, PersonTask
from service.store import Transaction
from service.store.models import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class DateChange:
    """A time limit that moves: of task ``task``, or of timer ``timer``; ``passed`` where the new one is over already."""

    name: str
    old: date
    new: date
    passed: bool
    due: datetime
    window: Window | None
    task: int | None = None
    timer: str | None = None


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What moving one case would do: nothing where it stays, for the ``reasons`` given.

    ``altered``: only what it has reached keeps it, because the version alters that.
    """

    case: CaseRow
    target: Package
    reach: Reach
    reasons: tuple[Text, ...]
    parameters: Mapping[str, Any]
    values: tuple[ValueChange, ...]
    dates: tuple[DateChange, ...]
    renames: Renames = field(default_factory=dict)
    altered: bool = False

    @property
    def moves(self) -> bool:
        """Whether the case may move."""
        return not self.reasons


def plan_move(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    case: CaseRow,
    target: Package,
    moved: Collection[int] = (),
    renames: Renames = MappingProxyType({}),
) -> MovePlan:
    """Return what moving ``case`` (with its state) to ``target`` would do; nothing is written.

    A child case stays where its parent stays. ``moved`` are cases assumed to have moved, ``renames`` says which elements
    only have another id.
    """
    today = local_date(desk.clock.now())
    before = Step(desk, tx, case, actor)
    reach = reach_of(desk, tx, case.definition, target, today)
    reasons: tuple[Text, ...] = () if reach.allowed else (reach.why,)
    if case.status == "ended":
        reasons = (Text("办件已经结束。", "The case has ended."),)
    reasons += tuple(_above(tx, case, target, moved))
    altered = not reasons
    names = for_engine(before.package, renames)
    obstacles = desk.engine.obstacles(case.definition, target.version, before.engine_state, names)
    reasons += tuple(dict.fromkeys(_in_words(before.package, o) for o in obstacles))
    if reasons:
        return MovePlan(case, target, reach, reasons, case.parameters, (), (), renames, altered)
    before.instance = desk.engine.restore(case.definition, before.engine_state, before.environment)
    parameters = moved_parameters(tx, before.package, target, case, today)
    after = moved_step(before, target, parameters, renames)
    values = value_changes(before.package, target, case.parameters, parameters)
    dates = tuple(changed_dates(before, after, renames))
    reasons = tuple(dict.fromkeys(_votes_cut_short(before, dates)))
    return MovePlan(case, target, reach, reasons, parameters, tuple(values), dates, renames, altered=bool(reasons))


def _votes_cut_short(before: Step, dates: Collection[DateChange]) -> Iterator[Text]:
    """Yield a reason for each ballot that is open and would end sooner: who has not voted yet has until then."""
    running = {timer.id: timer for timer in before.instance.timers()}
    for change in dates:
        timer = running.get(change.timer or "")
        for ballot in ballots_cut_short(before, timer, change.due) if timer is not None else ():
            yield Text(
                f"“{ballot.title}”正在投票，修订不能把截止时间提前：办件保留原版本，投票结束后再适用。",
                f"“{ballot.title}” is being voted on: no amendment makes it end sooner. The case keeps its version until the vote is over.",
            )


def _above(tx: Transaction, case: CaseRow, target: Package, moved: Collection[int]) -> Iterator[Text]:
    """Yield a reason when the running parent case keeps another version."""
    if case.parent_id is None or case.parent_id in moved:
        return
    parent = tx.cases.get(case.parent_id)
    if parent.status != "ended" and parent.definition != target.version:
        yield Text(
            f"所属的“{parent.title}”保留原版本，其下的办件随它办理。",
            f"“{parent.title}” above it keeps its version; what is below follows it.",
        )


def _in_words(package: Package, obstacle: Obstacle) -> Text:
    """Name the obstacle by its name on the diagram, by its id only where it has none."""
    ident, diagram = obstacle.element_id, package.processes.get(obstacle.process_id)
    drawn = diagram.elements.get(ident) if diagram else None
    name = (drawn.name if drawn else "") or ident
    sentence = obstacle.message
    return Text(sentence.zh.replace(f"“{ident}”", f"“{name}”"), sentence.en.replace(f"“{ident}”", f"“{name}”"))


def moved_step(before: Step, target: Package, parameters: Mapping[str, Any], renames: Renames) -> Step:
    """Return a step on the case as it would be: new version, new values, the instance where it stood.

    Raises CannotMove when the instance has reached something that the new version alters.
    """
    desk, case = before.desk, before.case
    row = replace(case, definition=target.version, parameters=dict(parameters))
    after = Step(desk, before.tx, row, before.actor)
    after.stored = before.stored
    names = for_engine(before.package, renames)
    state = desk.engine.move(case.definition, target.version, before.engine_state, names)
    rename_projection(after, renames)
    after.instance = desk.engine.restore(target.version, state, after.environment)
    return after


def rename_projection(step: Step, renames: Renames) -> None:
    """Let what the tables show of a case be known under the ids that its elements have now."""
    merged = {before: after for names in renames.values() for before, after in names.items()}
    visits, entries = step.projection.visits, step.projection.entries
    step.projection.visits = {
        _renamed(place, renames.get(place.partition("/")[0], {})): n for place, n in visits.items()
    }
    step.projection.entries = {_renamed(place, merged): n for place, n in entries.items()}


def _renamed(place: str, names: Mapping[str, str]) -> str:
    above, slash, element = place.rpartition("/")
    return f"{above}{slash}{names.get(element, element)}"


def changed_dates(before: Step, after: Step, renames: Renames = MappingProxyType({})) -> Iterator[DateChange]:
    """Yield time limits that change, of those that the old rules reproduce as they stand."""
    rows = {row.id: row for row in before.tx.tasks.open_of_case(before.case.id)}
    for task in after.instance.person_tasks():
        row = rows.get(before.projection.tasks.get(task.id, 0))
        if row is not None:
            yield from _task_date(before, after, row, task, renames)
    started = {str(w.payload.get("engine_id")): w.payload.get("set_at") for w in before.tx.work.of_case(before.case.id)}
    for timer in after.instance.timers():
        since = started.get(timer.id)
        if since:
            yield from _timer_date(before, after, timer.id, timer.due, datetime.fromisoformat(str(since)))


def _task_date(before: Step, after: Step, row: TaskRow, task: PersonTask, renames: Renames) -> Iterator[DateChange]:
    usual, _ = _due(before, row, row.element, task.data)
    now = renames.get(row.process_id, {}).get(row.element, row.element)
    new, window = _due(after, row, now, task.data)
    stands, _ = statutory(row)
    if usual == stands and new != usual and NO_DUE_DATE not in (usual, new):
        yield _change(after, row.title, stands, new, window, task=row.id)


def _due(step: Step, row: TaskRow, element: str, data: dict[str, object]) -> tuple[datetime, Window | None]:
    """Return when a task is due that began to wait when this one did."""
    expression = step.element(row.process_id, element).properties.get("due")
    if not expression:
        return NO_DUE_DATE, None
    value, windows = step.instance.evaluate_as_of(expression, data, row.created_at)
    return as_instant(value) or NO_DUE_DATE, windows[-1] if windows else None


def _timer_date(before: Step, after: Step, timer: str, due: datetime, since: datetime) -> Iterator[DateChange]:
    usual, new = before.instance.timer_as_of(timer, since), after.instance.timer_as_of(timer, since)
    if usual is None or new is None or usual[0] != due or new[0] == due:
        return
    waiting = next(t for t in after.instance.timers() if t.id == timer)
    name = timer_label(after.package, waiting)
    yield _change(after, name, due, new[0], new[1], timer=timer)


def _change(
    step: Step,
    name: str,
    old: datetime,
    new: datetime,
    window: Window | None,
    *,
    task: int | None = None,
    timer: str | None = None,
) -> DateChange:
    return DateChange(name, last_day_before(old), last_day_before(new), new <= step.now, new, window, task, timer)
