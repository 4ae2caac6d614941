"""What goes by a limit says the same day as that limit: ballots, days on record and last useful days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.due.calendar_moves import kept_by_decision
from service.casework.interventions.effect import names_of_days
from service.casework.soundness.fault import Underway
from service.casework.step.closing_ballots import closing_timers, voting_tasks
from service.casework.step.fill import in_words
from service.casework.step.former_useful_day import counted_before, former_steps, shown_by
from service.casework.step.limit_group import recorded_days, running_limits
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, last_day_before, limit_of, statutory
from service.domain.calendar import CHINA
from service.domain.calendar.dates import full
from service.domain.text import Text
from service.store import Transaction

_OPEN = "open"


def moved_ends(desk: Desk, tx: Transaction, case_id: int) -> Iterator[Text | Underway]:
    """Yield a sentence for each thing of a running case that says another day than the limit it goes by.

    A last useful day that the calendar gave as it was before is no fault: it waits for the correction of the calendar,
    or is kept because somebody decided so. A provisional one is left alone.
    """
    step = Step(desk, tx, tx.cases.get(case_id), SYSTEM)
    step.instance = desk.engine.restore(step.case.definition, step.engine_state, step.environment)
    yield from _ballots(step)
    yield from _recorded(step)
    yield from _useful(step)


def _ballots(step: Step) -> Iterator[Text]:
    for ballot in step.tx.ballots.of_case(step.case.id):
        if ballot.state != _OPEN:
            continue
        ends = {timer.due for timer in closing_timers(step, ballot)}
        if ballot.closes_at is not None and ends and ballot.closes_at not in ends:
            at, counted = _minute(ballot.closes_at), _minute(min(ends))
            yield Text(
                f"表决“{ballot.title}”的截止时间为{at}，计时却到{counted}",
                f"the ballot “{ballot.title}” closes at {at}, its timer fires at {counted}",
            )
        closes = ballot.closes_at or NO_DUE_DATE
        other = [row for row in voting_tasks(step, ballot.id) if row.due_at != closes]
        if other:
            yield Text(
                f"表决“{ballot.title}”有{len(other)}项投票待办的期限与截止时间不同",
                f"{len(other)} voting tasks of the ballot “{ballot.title}” are due at another time than it closes",
            )


def _recorded(step: Step) -> Iterator[Text]:
    for limit in running_limits(step):
        for day in recorded_days(step.package):
            noted = step.facts.get(day.name)
            ends = last_day_before(limit.at)
            if isinstance(noted, str) and day.ends_with(limit) and noted != ends.isoformat():
                name = names_of_days(step.package).get(day.name, day.name)
                yield Text(
                    f"“{limit.name}”的期限为{in_words(ends)}，“{name}”所记的日期却是{in_words(noted)}",
                    f"“{limit.name}” ends on {full(ends).en}, but the day on record of “{name}” is {noted}",
                )


def _useful(step: Step) -> Iterator[Text | Underway]:
    rows = {row.engine_id: row for row in step.tx.tasks.open_of_case(step.case.id)}
    for task in step.instance.person_tasks():
        row = rows.get(task.id)
        if row is None or (row.due_reason or {}).get("provisional"):
            continue
        due, reason = limit_of(step, task, statutory(row)[0], None, row.created_at)
        if not ((reason or {}).get("useful") or (row.due_reason or {}).get("useful")):
            continue
        right, shown = shown_by((due, reason)), shown_by((row.due_at, row.due_reason))
        if right is not None and right != shown and kept_by_decision(step)(f"useful:{row.id}", right):
            continue
        if right != shown and counted_before(former_steps(step), task, row):
            number = step.case.id
            yield Underway(
                Text(
                    f"办件 {number} 待办“{row.title}”的最迟办理日按现在的日历为{_said(right)}，还列为{_said(shown)}：请在“监控—日历更正”中改动",
                    f"case {number}: the last useful day of “{row.title}” is {right} by the calendar as it stands,"
                    f" {shown} is shown: move it at “Corrected calendar”",
                )
            )
        elif right != shown:
            yield Text(
                f"待办“{row.title}”的最迟办理日应为{_said(right)}，却列为{_said(shown)}",
                f"the last useful day of the task “{row.title}” is {right}, but {shown} is shown",
            )


def _said(day: date | None) -> str:
    return in_words(day) if day else "无期限"


def _minute(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
