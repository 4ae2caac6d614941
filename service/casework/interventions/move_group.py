"""Let what belongs together in time end on another day, and say to each whose task it is what day that very task got."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from service.casework.interventions.limit_group import LimitGroup, RunningLimit, is_fixed
from service.casework.step.fill import in_words
from service.casework.step.moved_limits import keep_moved
from service.casework.step.notify_moved_dates import Moved
from service.casework.step.reminders import last_day_of, renew_reminder
from service.casework.step.settle_notice import settle_notice
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, limit_of, renew_limits
from service.domain.calendar import Window, local_date
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store.rows import NoticeRow, TaskRow


def window_until(step: Step, day: date, why: Text) -> Window:
    """Return the window that ends with a named day; raises Invalid where it is over or no limit ends on it here."""
    if day < step.today:
        raise Invalid(
            Text(
                f"新的期限不能早于今天（{in_words(step.today)}）。",
                f"The new day must not lie before {step.today}.",
            )
        )
    named = step.named_day(day)
    if named.last_day != day:
        raise Invalid(
            Text(
                f"{in_words(day)}是休息日，本市的期限不在休息日届满，请改为{in_words(named.last_day)}。",
                f"{day} is a rest day, on which no limit ends here: use {named.last_day}.",
            )
        )
    return Window(day, day, False, why, closes=named.closes)


def notices_ending(step: Step, group: LimitGroup) -> list[NoticeRow]:
    """Return the running notices that end with a timer of a group; a task that ends on the same day ends no notice."""
    ends = {limit.at for limit in group.limits if limit.timer is not None}
    return [n for n in step.tx.notices.of_case(step.case.id) if n.state == "running" and n.ends_at in ends]


def move_group(step: Step, group: LimitGroup, window: Window, notices: Sequence[NoticeRow] = ()) -> list[Moved]:
    """Move every limit of a group, and return what to tell: to each holder of a task the day of that very task.

    ``notices`` end on the new day too: only where it is decided about what passed, nobody else changes a public notice.
    """
    shown = {row.id: _shown(row) for row in step.tx.tasks.open_of_case(step.case.id)}
    fixed = [limit for limit in group.limits if is_fixed(step, limit)]
    for limit in fixed:
        keep_moved(step, limit.place, limit.at, window)
    for limit in group.limits:
        if limit.timer is not None:
            step.instance.move_timer(limit.timer.id, window.ends_at, window)
    for notice in notices:
        settle_notice(step, notice, window)
    for limit in group.limits:
        if limit.row is not None:
            _move_task(step, limit, window)
    renew_limits(step)
    days = {"": window.last_day.isoformat(), "_at": window.ends_at.isoformat()}
    step.set_facts({f"{name}{end}": value for name in group.facts for end, value in days.items()})
    return [*_tasks_told(step, shown), *_timers_told(group, window)]


def _move_task(step: Step, limit: RunningLimit, window: Window) -> None:
    row = limit.row
    assert row is not None
    assert limit.task is not None
    at, reason = limit_of(step, limit.task, window.ends_at, window)
    if (reason or {}).get("useful"):
        raise Conflict(
            Text(
                f"“{row.title}”之外的期限更早届满，请先改那一个：{(reason or {}).get('zh', '')}",
                f"A limit around “{row.title}” ends earlier; change that one first: {(reason or {}).get('en', '')}",
            )
        )
    step.tx.tasks.update(row.id, row.version, due_at=at, due_reason=reason)


def _tasks_told(step: Step, shown: Mapping[int, date | None]) -> Iterator[Moved]:
    """Yield the tasks whose day is otherwise now, each reminded of the new one."""
    for row in step.tx.tasks.open_of_case(step.case.id):
        before, after = shown.get(row.id), _shown(row)
        if before is not None and after is not None and before != after:
            renew_reminder(step, row.id)
            yield Moved(row.title, before, after, row)


def _timers_told(group: LimitGroup, window: Window) -> Iterator[Moved]:
    """Yield the timers that bound no task of the group: the office learns of them."""
    if any(limit.row is not None for limit in group.limits):
        return
    for limit in group.limits:
        yield Moved(limit.name, last_day_before(limit.at), window.last_day)


def _shown(row: TaskRow) -> date | None:
    return None if row.due_at == NO_DUE_DATE else last_day_of(row.due_at, row.due_reason)


def last_day_before(due: datetime) -> date:
    """Return the last day of a limit that ends at ``due``."""
    return local_date(due - timedelta(seconds=1))
