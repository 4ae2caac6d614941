"""Move time limits: whatever makes one end on another day, what goes by it moves in the same act, and who must act is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.casework.step.instants import explain_window
from service.casework.step.limits.changes import LimitChange, change_of, record_change, tell_changes
from service.casework.step.limits.days import Limit, find_limit_day, get_display_limit, last_day_before
from service.casework.step.limits.given_days import keep_moved
from service.casework.step.limits.notices import list_running_notices, settle_notice
from service.casework.step.limits.reminders import renew_reminder
from service.casework.step.limits.running import (
    Counted,
    LimitGroup,
    RunningLimit,
    count_limit,
    group_of,
    is_fixed,
    running_limits,
)
from service.casework.step.limits.useful_days import may_be_too_late, renew_limits
from service.casework.step.limits.votes import KIND, ballots_closing, move_closing
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.domain.text import Text
from service.store.models import NoticeRow, TaskRow


@dataclass(frozen=True, slots=True)
class LimitMove:
    """Limits that ended together and end as ``counted`` from now on.

    ``facts``: days on record that say the same; ``notices`` end with them (a window is needed then), ``recounted`` where
    the window counts them anew from their own beginning.
    """

    limits: tuple[RunningLimit, ...]
    counted: Counted
    facts: tuple[str, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    recounted: bool = False

    @property
    def day(self) -> date:
        """The last day from now on."""
        return last_day_before(self.counted[0])

    @property
    def statutory(self) -> Limit:
        """The limit of a task that moves, as its row keeps it."""
        due, window = self.counted
        return due, explain_window(window) or None

    def days_on_record(self, step: Step) -> dict[str, object]:
        """Return the facts that say when it ends, as they are afterwards."""
        due, window = self.counted
        recorded: dict[str, object] = {}
        for name in self.facts:
            recorded |= {name: self.day.isoformat(), f"{name}_at": due.isoformat()}
            if f"{name}_provisional" in step.facts:
                recorded[f"{name}_provisional"] = window is not None and window.provisional
        return recorded


def plan_moves(step: Step, days: Mapping[str, Counted]) -> list[LimitMove]:
    """Return what moves where limits were counted anew: ``days`` by "task:" and number or "timer:" and id.

    What ended together and comes to the same instant is one move. A day on record follows where it was counted with one
    of them, and with it what is counted from that day. A limit that does not run any more is left out.
    """
    remaining, moves = dict(days), list[LimitMove]()
    for ident, counted in days.items():
        group = group_of(step, ident) if ident in remaining else None
        if group is None:
            continue
        going = [limit for limit in group.limits if remaining.get(limit.ident, (None,))[0] == counted[0]]
        facts = [day for day in group.days if any(day.counts(limit) for limit in going)]
        after = [limit for limit in group.limits if limit.ident not in days and any(day.counts(limit) for day in facts)]
        for limit in going:
            del remaining[limit.ident]
        moves.append(LimitMove((*going, *after), counted, tuple(dict.fromkeys(day.name for day in facts))))
    return moves


def with_notices(step: Step, move: LimitMove) -> LimitMove:
    """Return a move with the running notices that end with one of its timers; a task ends no notice."""
    ends = [limit.at for limit in move.limits if limit.timer is not None]
    return replace(move, notices=tuple(list_running_notices(step, ends))) if move.counted[1] else move


def give_day(step: Step, group: LimitGroup, window: Window) -> LimitMove:
    """Return the move of a group to a day that somebody gives it; what is counted the same way later ends on it too."""
    for limit in group.limits:
        if is_fixed(step, limit):
            keep_moved(step, limit.place, limit.at, window)
    return LimitMove(group.limits, (window.ends_at, window), group.facts)


def move_limits(step: Step, moves: Sequence[LimitMove], why: Text, *, recorded: bool = True) -> list[LimitChange]:
    """Move limits and what goes by them, and tell whoever must act; returns what changed: of each task its very own day.

    ``recorded`` as in `tell_changes`.
    """
    former = find_display_days(step)
    ballots = [
        (ballot, move)
        for move in moves
        for limit in move.limits
        if limit.timer is not None
        for ballot in ballots_closing(step, limit.timer)
    ]
    for move in moves:
        _move_ends(step, move)
    for ballot, move in ballots:
        move_closing(step, ballot, *move.counted)
    renew_limits(step, {limit.row.id: move.statutory for move in moves for limit in move.limits if limit.row})
    changes = [*changed_tasks(step, former), *_iterate_other_changes(step, moves)]
    tell_changes(step, changes, why, recorded=recorded)
    return changes


def _move_ends(step: Step, move: LimitMove) -> None:
    """Move timers, notices and days on record, from which last useful days are counted."""
    due, window = move.counted
    timers = [limit.timer.id for limit in move.limits if limit.timer is not None]
    for timer in timers:
        step.instance.move_timer(timer, due, window)
    question_ids = [t.id for t in step.tx.tasks.open_of_case(step.case.id) if t.engine_id in timers] if timers else []
    step.tx.tasks.cancel(question_ids, step.now)
    for notice in move.notices:
        assert window is not None, "a notice ends with a window"
        settle_notice(step, notice, window, recounted=move.recounted)
    if move.facts:
        step.set_facts(move.days_on_record(step))


def _iterate_other_changes(step: Step, moves: Sequence[LimitMove]) -> Iterator[LimitChange]:
    """Yield notices, and the timers with which no task's own limit moved: whoever holds a task there learns of it, else the office."""
    for move in moves:
        for notice in move.notices:
            if notice.last_day != move.day:  # else its first day alone moved
                yield LimitChange(f"notice:{notice.id}", notice.title, notice.last_day, move.day, move.counted[0])
        if not move.notices and all(limit.row is None for limit in move.limits):
            yield from (change_of(step, limit, move.counted) for limit in move.limits)


def find_display_days(step: Step) -> dict[int, date | None]:
    """Return the day that each open task shows as its last, by its number."""
    return {row.id: find_limit_day(get_display_limit(row)) for row in step.tx.tasks.open_of_case(step.case.id)}


def changed_tasks(step: Step, former: Mapping[int, date | None]) -> Iterator[LimitChange]:
    """Yield the open tasks that showed another day before, by their numbers; each is reminded of the new one from now on."""
    for row in step.tx.tasks.open_of_case(step.case.id):
        old, new = former.get(row.id), find_limit_day(get_display_limit(row))
        if old is not None and new is not None and old != new:
            if row.kind != KIND:
                renew_reminder(step, row.id)
            yield LimitChange(f"task:{row.id}", row.title, old, new, row.due_at, task=row)


PUT_OFF = Text("截止日期已经改定，期限随之改变。", "The deadline was changed, and the limit with it.")


def restart_periods(step: Step, day: str, why: Text) -> int:
    """Count the running limits of the case anew whose formula reads ``day``; return how many moved.

    ``day`` is a fact of the case (``case.deadline``) or of the one above by its name (``round.deadline``).
    A notice that ended with one of them ends on the new day.

    Those who must act are notified of the new day and ``why``; the history keeps both. A provisional day the office is
    asked to confirm need not be confirmed any more.
    """
    path, days = tuple(day.split(".")), dict[str, Counted]()
    for limit in running_limits(step):
        reads = any(read[:2] == path for read in limit.paths)
        counted = count_limit(step, limit) if reads else None
        if counted is not None and counted[0] != limit.at:
            days[limit.ident] = counted
    moves = [with_notices(step, move) for move in plan_moves(step, days)]
    if moves:
        move_limits(step, moves, why)
    changes = [change_of(step, limit, move.counted) for move in moves for limit in move.limits]
    for change in changes:
        record_change(step, change, why.zh)
    return len(changes)


_VALUE_CHANGED = Text(
    "办件的数据有变动，其后的期限随之改变", "a value of the case changed, and with it the limits that follow"
)


def follow_facts(step: Step, fresh: Collection[TaskRow]) -> None:
    """Count the last useful days of tasks that were open before the step again; who holds one that moved is told.

    ``fresh`` are the tasks that this step opened: they know the facts as they are now.
    """
    new = {row.engine_id for row in fresh}
    before = [task for task in step.instance.person_tasks() if task.id not in new]
    if step.instance.completed or not any(may_be_too_late(step, task) for task in before):
        return
    former = find_display_days(step)
    renew_limits(step)
    tell_changes(step, list(changed_tasks(step, former)), _VALUE_CHANGED)
