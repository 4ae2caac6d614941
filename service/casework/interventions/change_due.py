"""Change the last day of a limit on a legal ground: what belongs together in time moves in one act, and each is told of their own day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import CaseChange, Effect
from service.casework.interventions.given import day_of, text_of
from service.casework.interventions.intervene import Done, InterventionAsked, apply_intervention
from service.casework.interventions.tasks import chosen_task, not_there, require_no_bodys
from service.casework.step.fill import in_words
from service.casework.step.limits.days import NO_DUE_DATE, get_statutory_limit
from service.casework.step.limits.move import give_day, move_limits
from service.casework.step.limits.notices import list_running_notices
from service.casework.step.limits.running import LimitGroup, RunningLimit, group_of
from service.casework.step.limits.votes import ballots_closing, ballots_cut_short
from service.casework.step.step import Step
from service.domain.calendar import Window
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.engine import TimerWait
from service.store.models import TaskRow


def window_until(step: Step, day: date, why: Text) -> Window:
    """Return the window that ends with a named day; raises Invalid where it is over or no limit ends on it here."""
    if day < step.today:
        raise Invalid(
            Text(
                f"新的期限不能早于今天（{in_words(step.today)}）。",
                f"The new day must not lie before {format_full_day(step.today).en}.",
            ),
            field="day",
        )
    named = step.named_day(day)
    if named.last_day != day:
        raise Invalid(
            Text(
                f"{in_words(day)}是休息日，本市的期限不在休息日届满，请改为{in_words(named.last_day)}。",
                f"{format_full_day(day).en} is a rest day, on which no limit ends here: use {format_full_day(named.last_day).en}.",
            ),
            field="day",
        )
    return Window(day, day, False, why, closes=named.closes)


def require_inside(step: Step, limits: Sequence[RunningLimit]) -> None:
    """Raise Conflict where what surrounds a task of ``limits`` that were moved ends earlier."""
    for row in [step.tx.tasks.get(limit.row.id) for limit in limits if limit.row is not None]:
        reason = row.due_reason or {}
        if reason.get("useful"):
            raise Conflict(
                Text(
                    f"“{row.title}”之外的期限更早届满，请先改那一个：{reason.get('zh', '')}",
                    f"A limit around “{row.title}” ends earlier; change that one first: {reason.get('en', '')}",
                )
            )


_GROUND = Text("改期的法律依据", "the legal ground")
_AHEAD, _BELOW = Text("以后的环节", "Step ahead"), Text("下属办件", "Cases below it")


@guarded("due.change")
def change_due(desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]) -> Effect:
    """Give a limit another last day, and with it what belongs together: tasks, timers, reminders, days on record.

    ``values``: limit ("task:…", "timer:…" or "element:…"), day, ground.

    Raises:
        Invalid: the day is over, or no ground is named.
        NotAllowed: it belongs to a ballot or to a public notice, or something that ends with it does.
        Conflict: it does not wait any more, or what surrounds the task ends earlier.
    """

    def move_due(step: Step) -> Done:
        ident = text_of(values, "limit", Text("要改的期限", "the time limit"))
        ground, day = text_of(values, "ground", _GROUND), day_of(values, "day")
        story = f"；{request.told}" if request.told else ""
        why = Text(f"管理员改期，依据：{ground}{story}", f"Changed by an administrator. Ground: {ground}{story}")
        window = window_until(step, day, why)
        group = _get_limit_group(step, ident)
        _require_changeable(step, group)
        old = group.limits[0].at
        if old == window.ends_at:
            raise Conflict(Text("期限本来就是这一天。", "It ends on that day already."))
        _require_votes_not_shortened(step, group, window)
        below = _count_cases_below(step, group)
        move_limits(step, [give_day(step, group, window)], window.reason, recorded=False)
        require_inside(step, group.limits)
        names = list(dict.fromkeys(limit.name for limit in group.limits))
        zh, en = "、".join(f"“{name}”" for name in names), ", ".join(f"“{name}”" for name in names)
        before, after = in_words(group.last_day), in_words(day)
        text = Text(
            f"{zh}的期限由{before}改为{after}。依据：{ground}。",
            f"The limit of {en} ends on {format_full_day(day).en}. Ground: {ground}.",
        )
        return Done(text, already_notified=True, follows=(*_iterate_followers(group, window), *below))

    return apply_intervention(desk, actor, case_id, request, move_due)


def _get_limit_group(step: Step, ident: str) -> LimitGroup:
    """Return what moves with what was chosen; raises Conflict where it does not run, or an element has several."""
    kind, _, name = ident.partition(":")
    if kind == "element" and all(t.element != name for t in step.tx.tasks.open_of_case(step.case.id)):
        timer_ids = [t.id for t in step.instance.timers() if t.element_id == name]
        if len(timer_ids) != 1:
            raise Conflict(not_there())
        kind, name = "timer", timer_ids[0]
    if kind == "timer":
        group = group_of(step, f"timer:{name}")
        if group is None:
            raise Conflict(Text("这个期限已经不再计时，请重新选择。", "This time limit no longer runs: choose again."))
        return group
    row = chosen_task(step, {"task": ident if kind == "element" else name})
    if row.kind == "ballot":
        require_no_bodys(row)
    group = group_of(step, f"task:{row.id}") or _find_bounding_group(step, row)
    if group is None and get_statutory_limit(row)[0] == NO_DUE_DATE:
        raise Conflict(
            Text(
                f"“{row.title}”没有期限；法规没有规定的期限，管理员不能加上。",
                f"“{row.title}” has no limit, and an administrator may not add one that the law does not give.",
            )
        )
    if group is None:
        raise Conflict(Text(f"“{row.title}”的期限不能单独改动。", f"The limit of “{row.title}” stands by itself."))
    return group


def _find_bounding_group(step: Step, row: TaskRow) -> LimitGroup | None:
    """Return what moves with the one timer that bounds a task without a day of its own."""
    path = tuple(row.call_path or ())
    path_timers = [t for t in step.instance.timers() if (t.process_id, tuple(t.call_path)) == (row.process_id, path)]
    bounding = [t for t in path_timers if step.element(t.process_id, t.element_id).attached_to == row.element]
    return group_of(step, f"timer:{bounding[0].id}") if len(bounding) == 1 else None


def _require_changeable(step: Step, group: LimitGroup) -> None:
    for limit in group.limits:
        refusal = timer_refusal(step, limit.timer) if limit.timer else None
        if refusal:
            raise NotAllowed(refusal)


def _require_votes_not_shortened(step: Step, group: LimitGroup, window: Window) -> None:
    """Raise NotAllowed where a limit around an open ballot would cut it off sooner."""
    for limit in group.limits:
        for ballot in ballots_cut_short(step, limit, window.ends_at):
            raise NotAllowed(
                Text(
                    f"“{ballot.title}”正在投票，这个期限一提前，投票就提前截止，管理员不能这样改动。",
                    f"“{ballot.title}” is being voted on, and would be cut off sooner by this: an administrator may not do that.",
                )
            )


def limit_refusal(step: Step, ident: str) -> Text | None:
    """Return why the limit ``ident`` ("task:…", "timer:…") may not be changed, None where it may."""
    try:
        _require_changeable(step, _get_limit_group(step, ident))
    except (Conflict, NotAllowed) as refused:
        return refused.message
    return None


def _iterate_followers(group: LimitGroup, window: Window) -> Iterator[CaseChange]:
    """Yield what is counted the same way and has not begun: it will end on the new day too."""
    old, new = in_words(group.last_day), in_words(window.last_day)
    for element in group.ahead:
        yield CaseChange(
            _AHEAD,
            element.name or element.id,
            Text(f"{old}届满", f"ends {format_full_day(group.last_day).en}"),
            Text(f"到时也在{new}届满", f"will end on {format_full_day(window.last_day).en} too"),
        )


def _count_cases_below(step: Step, group: LimitGroup) -> tuple[CaseChange, ...]:
    """Return, where a day on record moves, how many cases below have a limit on the old day: each is changed by itself."""
    if not group.facts:
        return ()
    at = group.limits[0].at
    running = [child.id for child in step.tx.cases.select(parent_id=step.case.id) if child.status != "ended"]
    behind = sum(1 for case in running if any(w.kind == "timer" and w.due_at == at for w in step.tx.work.of_case(case)))
    if not behind:
        return ()
    day = in_words(group.last_day)
    words = Text(
        f"仍在{day}届满，这次不随之改动；需要的，请随后批量改期",
        f"still end on {format_full_day(group.last_day).en}; change them in a batch afterwards where needed",
    )
    return (CaseChange(_BELOW, f"{behind} 件", Text(f"{day}届满", f"end {format_full_day(group.last_day).en}"), words),)


def timer_refusal(step: Step, timer: TimerWait) -> Text | None:
    """Return why a running limit may not be changed by an administrator, None where it may."""
    if ballots_closing(step, timer):
        return Text(
            "这是表决的截止时间，表决中的期限管理员不能改动。",
            "This limit closes a ballot; an administrator may not change a running ballot.",
        )
    if list_running_notices(step, [timer.due]):
        return Text(
            "它与公示期同时届满，公示期已经对外公布，只能由发布单位更正或者收回公示。",
            "It ends together with a public notice, which only the body that posted it corrects or recalls.",
        )
    return None
