"""Change the due date of a task or of a running time limit, on a legal ground, and tell those concerned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import OPEN
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect, label
from service.casework.interventions.given import day_of, text_of
from service.casework.interventions.intervene import Done, InterventionAsked, intervene
from service.casework.interventions.open_task import chosen_task, demand_no_bodys, not_there
from service.casework.step.fill import in_words
from service.casework.step.notify_moved_dates import Moved, notify_moved_dates
from service.casework.step.reminders import first_reminder, last_day_of
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, limit_of, renew_limits, statutory
from service.domain.calendar import Window, local_date
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.engine import TimerWait
from service.store.rows import TaskRow

_GROUND = Text("改期的法律依据", "the legal ground")


@guarded("due.change")
def change_due(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:
    """Give a task or a running time limit another last day.

    ``given``: limit ("task:…", "timer:…" or "element:…"), day, ground.

    Raises:
        Invalid: the day is over, or no ground is named.
        NotAllowed: the limit belongs to a ballot or to a public notice.
        Conflict: it does not wait any more, or what surrounds the task ends earlier.
    """
    what, _, ident = text_of(given, "limit", Text("要改的期限", "the time limit")).partition(":")
    ground, day = text_of(given, "ground", _GROUND), day_of(given, "day")

    def change(step: Step) -> Done:
        if day < step.today:
            raise Invalid(
                Text(
                    f"新的期限不能早于今天（{in_words(step.today)}）。",
                    f"The new day must not lie before {step.today}.",
                )
            )
        window = _window(step, day, ground, asked.reason.strip())
        moved = _moved(step, what, ident, window)
        if moved.old == moved.new:
            raise Conflict(Text("期限本来就是这一天。", "It ends on that day already."))
        notify_moved_dates(step, [moved], window.reason)
        zh = f"“{moved.name}”的期限由{in_words(moved.old)}改为{in_words(moved.new)}。依据：{ground}。"
        return Done(Text(zh, f"“{moved.name}” ends on {moved.new}. Ground: {ground}."), told_already=True)

    return intervene(desk, actor, case_id, asked, change)


def _moved(step: Step, what: str, ident: str, window: Window) -> Moved:
    if what == "timer":
        return _timer(step, ident, window)
    if what == "element" and all(t.element != ident for t in step.tx.tasks.open_of_case(step.case.id)):
        here = [t.id for t in step.instance.timers() if t.element_id == ident]
        if len(here) != 1:
            raise Conflict(not_there())
        return _timer(step, here[0], window)
    return _task(step, {"task": f"element:{ident}" if what == "element" else ident}, window)


def _window(step: Step, day: date, ground: str, reason: str) -> Window:
    why = Text(f"管理员改期，依据：{ground}；{reason}", f"Changed by an administrator. Ground: {ground}; {reason}")
    named = step.named_day(day)
    if named.last_day != day:
        raise Invalid(
            Text(
                f"{in_words(day)}是休息日，本市的期限不在休息日届满，请改为{in_words(named.last_day)}。",
                f"{day} is a rest day, on which no limit ends here: use {named.last_day}.",
            )
        )
    return Window(day, day, False, why, closes=named.closes)


def _task(step: Step, given: Mapping[str, Any], window: Window) -> Moved:
    row = chosen_task(step, given)
    if row.kind == "ballot":
        demand_no_bodys(row)
    waiting = next((t for t in step.instance.person_tasks() if t.id == row.engine_id), None)
    due, law = statutory(row)
    if due == NO_DUE_DATE:
        raise Conflict(
            Text(
                f"“{row.title}”没有期限；法规没有规定的期限，管理员不能加上。",
                f"“{row.title}” has no limit, and an administrator may not add one that the law does not give.",
            )
        )
    if waiting is None:
        raise Conflict(Text(f"“{row.title}”的期限不能单独改动。", f"The limit of “{row.title}” stands by itself."))
    at, reason = limit_of(step, waiting, window.ends_at, window)
    if (reason or {}).get("useful"):
        raise Conflict(
            Text(
                f"“{row.title}”之外的期限更早届满，请先改那一个：{(reason or {}).get('zh', '')}",
                f"A limit around “{row.title}” ends earlier; change that one first: {(reason or {}).get('en', '')}",
            )
        )
    step.tx.tasks.update(row.id, row.version, due_at=at, due_reason=reason)
    fresh = step.tx.tasks.get(row.id)
    _remind_again(step, fresh)
    return Moved(row.title, last_day_of(due, law), window.last_day, fresh)


def _remind_again(step: Step, row: TaskRow) -> None:
    """Call off what still reminds of the old day, and plan the first reminder of the new one."""
    queued = step.tx.work.of_case(step.case.id)
    old = [w.effect_key for w in queued if w.kind == "escalation" and w.payload.get("task") == row.id]
    step.tx.work.cancel(old, step.now)
    reminder = first_reminder(step, row)
    if reminder is not None:  # a day that comes back must not meet the reminder that was called off
        step.pending.work.append(reminder._replace(effect_key=f"{reminder.effect_key}:{step.case.version}"))


def _timer(step: Step, timer_id: str, window: Window) -> Moved:
    timer = next((t for t in step.instance.timers() if t.id == timer_id), None)
    if timer is None:
        raise Conflict(Text("这个期限已经不再计时，请重新选择。", "This time limit no longer runs: choose again."))
    _demand_changeable(step, timer)
    name = label(step.package, timer.process_id, timer.element_id)
    old = local_date(timer.due - timedelta(seconds=1))
    step.instance.move_timer(timer.id, window.ends_at, window)
    renew_limits(step)
    drawn = step.element(timer.process_id, timer.element_id)
    return Moved(name, old, window.last_day, attached_to=drawn.attached_to)


def _demand_changeable(step: Step, timer: TimerWait) -> None:
    refusal = timer_refusal(step, timer)
    if refusal:
        raise NotAllowed(refusal)


def timer_refusal(step: Step, timer: TimerWait) -> Text | None:
    """Return why a running limit may not be changed by an administrator, None where it may."""
    if any(b.state == OPEN and b.closes_at == timer.due for b in step.tx.ballots.of_case(step.case.id)):
        return Text(
            "这是表决的截止时间，表决中的期限管理员不能改动。",
            "This limit closes a ballot; an administrator may not change a running ballot.",
        )
    if any(n.state == "running" and n.ends_at == timer.due for n in step.tx.notices.of_case(step.case.id)):
        return Text(
            "这是公示期的届满时间，公示期已经对外公布，只能由发布单位更正或者收回公示。",
            "This limit ends a public notice; only the body that posted it corrects or recalls it.",
        )
    return None
