"""Let what belongs together in time end on another day, and say to each whose task it is what day that very task got."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from service.casework.step.fill import in_words
from service.casework.step.limit_group import LimitGroup, is_fixed
from service.casework.step.move_limits import LimitMove, move_limits
from service.casework.step.moved_limits import keep_moved
from service.casework.step.notify_moved_dates import Moved
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.domain.calendar.dates import full
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store.models import NoticeRow, TaskRow


def window_until(step: Step, day: date, why: Text) -> Window:
    """Return the window that ends with a named day; raises Invalid where it is over or no limit ends on it here."""
    if day < step.today:
        raise Invalid(
            Text(
                f"新的期限不能早于今天（{in_words(step.today)}）。",
                f"The new day must not lie before {full(step.today).en}.",
            )
        )
    named = step.named_day(day)
    if named.last_day != day:
        raise Invalid(
            Text(
                f"{in_words(day)}是休息日，本市的期限不在休息日届满，请改为{in_words(named.last_day)}。",
                f"{full(day).en} is a rest day, on which no limit ends here: use {full(named.last_day).en}.",
            )
        )
    return Window(day, day, False, why, closes=named.closes)


def notices_ending(step: Step, group: LimitGroup) -> list[NoticeRow]:
    """Return the running notices that end with a timer of a group; a task that ends on the same day ends no notice."""
    ends = {limit.at for limit in group.limits if limit.timer is not None}
    return [n for n in step.notices() if n.state == "running" and n.ends_at in ends]


def move_group(
    step: Step, group: LimitGroup, window: Window, notices: Sequence[NoticeRow] = (), *, inside: bool = True
) -> list[Moved]:
    """Move every limit of a group, and return what to tell: to each holder of a task the day of that very task.

    ``notices`` end on the new day too: only where it is decided about what passed, nobody else changes a public notice.
    Raises Conflict where what surrounds a task ends earlier, unless that is no matter (not ``inside``).
    """
    for limit in [one for one in group.limits if is_fixed(step, one)]:
        keep_moved(step, limit.place, limit.at, window)
    told = move_limits(step, [LimitMove(group.limits, window.ends_at, window, group.facts, tuple(notices))])
    for limit in group.limits:
        if inside and limit.row is not None:
            _demand_inside(step.tx.tasks.get(limit.row.id))
    return told


def _demand_inside(row: TaskRow) -> None:
    reason = row.due_reason or {}
    if reason.get("useful"):
        raise Conflict(
            Text(
                f"“{row.title}”之外的期限更早届满，请先改那一个：{reason.get('zh', '')}",
                f"A limit around “{row.title}” ends earlier; change that one first: {reason.get('en', '')}",
            )
        )
