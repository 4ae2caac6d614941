"""Move limits: whatever makes a running limit end on another day, what goes by it moves in the same act.

That is the timer or the task itself, the notice or the ballot that ends with it, the members' tasks, the day on record
that says the same, the last useful days of the tasks inside, and the reminders of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.casework.step.closing_ballots import KIND, ballots_closing, move_closing
from service.casework.step.limit_group import RunningLimit, group_of
from service.casework.step.notify_moved_dates import Moved
from service.casework.step.reminders import last_day_of, renew_reminder
from service.casework.step.settle_notice import settle_notice
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, last_day_before, limit_of, renew_limits
from service.domain.calendar import Window
from service.store.models import NoticeRow, TaskRow


@dataclass(frozen=True, slots=True)
class LimitMove:
    """Limits that ended together and end at ``due`` from now on, as ``window`` explains.

    ``facts``: days on record that say the same; ``notices`` end with them (a window is needed then), ``recounted`` where
    the window counts them anew from their own beginning.
    """

    limits: tuple[RunningLimit, ...]
    due: datetime
    window: Window | None
    facts: tuple[str, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    recounted: bool = False


def counted_moves(step: Step, days: Mapping[str, tuple[datetime, Window | None]]) -> list[LimitMove]:
    """Return what moves where limits were counted anew: ``days`` by "task:" and number or "timer:" and id.

    What ended together and comes to the same instant is one move. A day on record follows where it was counted with one
    of them, and with it what is counted from that day. A limit that does not run any more is left out.
    """
    left, found = dict(days), list[LimitMove]()
    for ident in days:
        if ident not in left:
            continue
        due, window = left[ident]
        group = group_of(step, ident)
        if group is None:
            continue
        going = [one for one in group.limits if left.get(one.ident, (None,))[0] == due]
        facts = tuple(dict.fromkeys(fact.name for fact in group.days if any(fact.counts(one) for one in going)))
        after = [
            one
            for one in group.limits
            if one.ident not in days and any(fact.counts(one) for fact in group.days if fact.name in facts)
        ]
        for one in going:
            del left[one.ident]
        found.append(LimitMove((*going, *after), due, window, facts))
    return found


def move_limits(step: Step, moves: Sequence[LimitMove]) -> list[Moved]:
    """Move limits and what goes by them; return what to tell: to each holder of a task the day of that very task."""
    shown = {row.id: shown_day(row) for row in step.tx.tasks.open_of_case(step.case.id)}
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
        move_closing(step, ballot, move.due, move.window)
    for move in moves:
        for limit in move.limits:
            _move_task(step, limit, move)
    renew_limits(step)
    return [*moved_tasks(step, shown), *_others_told(moves)]


def days_on_record(step: Step, move: LimitMove) -> dict[str, object]:
    """Return the facts that say when a moved limit ends, as they are afterwards."""
    found: dict[str, object] = {}
    for name in move.facts:
        found |= {name: last_day_before(move.due).isoformat(), f"{name}_at": move.due.isoformat()}
        if f"{name}_provisional" in step.facts:
            found[f"{name}_provisional"] = move.window is not None and move.window.provisional
    return found


def shown_day(row: TaskRow) -> date | None:
    """Return the day that a task shows as its last, None where it has no limit."""
    return None if row.due_at == NO_DUE_DATE else last_day_of(row.due_at, row.due_reason)


def moved_tasks(step: Step, shown: Mapping[int, date | None]) -> Iterator[Moved]:
    """Yield the open tasks that showed another day before, by their ids; each is reminded of the new one from now on."""
    for row in step.tx.tasks.open_of_case(step.case.id):
        before, after = shown.get(row.id), shown_day(row)
        if before is not None and after is not None and before != after:
            if row.kind != KIND:
                renew_reminder(step, row.id)
            yield Moved(row.title, before, after, row)


def _move_ends(step: Step, move: LimitMove) -> None:
    """Move timers, notices and days on record, from which last useful days are counted."""
    timers = [limit.timer.id for limit in move.limits if limit.timer is not None]
    for timer in timers:
        step.instance.move_timer(timer, move.due, move.window)
    asked = [t.id for t in step.tx.tasks.open_of_case(step.case.id) if t.engine_id in timers] if timers else []
    step.tx.tasks.cancel(asked, step.now)
    for notice in move.notices:
        assert move.window is not None, "a notice ends with a window"
        settle_notice(step, notice, move.window, recounted=move.recounted)
    if move.facts:
        step.set_facts(days_on_record(step, move))


def _move_task(step: Step, limit: RunningLimit, move: LimitMove) -> None:
    if limit.row is None or limit.task is None:
        return
    at, reason = limit_of(step, limit.task, move.due, move.window, limit.row.created_at)
    step.tx.tasks.update(limit.row.id, limit.row.version, due_at=at, due_reason=reason)


def _others_told(moves: Sequence[LimitMove]) -> Iterator[Moved]:
    """Yield notices, and the timers with which no task's own limit moved: whoever holds a task there learns of it, else the office."""
    for move in moves:
        day = last_day_before(move.due)
        for notice in move.notices:
            if notice.last_day != day:  # else its first day alone moved
                yield Moved(notice.title, notice.last_day, day)
        if not move.notices and all(limit.row is None for limit in move.limits):
            for limit in move.limits:
                yield Moved(limit.name, last_day_before(limit.at), day, attached_to=limit.bounds)
