"""Suspend and resume a case, as interventions.

What passed while a case stood still does not lapse by itself: whoever resumes it decides on each such limit, as after a
time when the program was away.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor, office_role
from service.casework.access.guards import guarded
from service.casework.ballots.box import OPEN
from service.casework.desk.desk import Desk
from service.casework.interventions.change_due import require_inside, window_until
from service.casework.interventions.effect import CaseChange, Effect
from service.casework.interventions.given import LONGEST, day_of
from service.casework.interventions.intervene import Done, InterventionAsked, apply_intervention
from service.casework.step.fill import in_english, in_words
from service.casework.step.limits.changes import LimitChange
from service.casework.step.limits.days import find_limit_day, get_statutory_limit, last_day_before
from service.casework.step.limits.move import LimitMove, give_day, move_limits, with_notices
from service.casework.step.limits.running import LimitGroup, RunningLimit, group_of, running_limits
from service.casework.step.post import list_responsible_people, queue_to
from service.casework.step.step import Step
from service.catalog.scenarios.scenario_terms import day_text
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text, join_sentences
from service.store.models import PersonRow, TaskRow

PASSED = "passed"
"""Name under which it is given what becomes of the limits that passed: "lapse", or the new last day."""
LAPSE, DAY = "lapse", "day"

_LIMIT = Text("期限", "Time limit")
_AT_ONCE = Text("经决定，恢复后随即届满", "ends at once, as decided")


@guarded("case.suspend")
def suspend_by_intervention(
    desk: Desk,
    actor: Actor,
    case_id: int,
    request: InterventionAsked,
    values: Mapping[str, Any],  # noqa: ARG001  every kind of intervention takes it
) -> Effect:
    """Stop a case until it is resumed; raises Conflict unless it runs, and while members may vote in it."""

    def halt_case(step: Step) -> Done:
        ballots = [ballot for ballot in step.tx.ballots.select(case_id=step.case.id) if ballot.state == OPEN]
        if any(ballot.closes_at is None or ballot.closes_at > step.now for ballot in ballots):
            raise Conflict(
                Text(
                    "正在表决，暂停会缩短成员投票的时间。请等表决截止，或者由办公室写明原因在表决页提前截止。",
                    "A ballot is open, and a pause would shorten the time its members have: wait for its close, or for"
                    " the office to close it early on its page, with a reason.",
                )
            )
        if step.case.status != "running":
            raise Conflict(Text("只有办理中的办件可以暂停。", "Only a running case can be suspended."))
        step.change(status="suspended")
        informed_count = _tell_suspension(step, request.told, halted=True, inside=request.reason.strip())
        return Done(Text("暂停办理。", "was suspended."), already_notified=True, reached=informed_count)

    return apply_intervention(desk, actor, case_id, request, halt_case)


@guarded("case.suspend")
def resume_by_intervention(
    desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]
) -> Effect:
    """Let a suspended case go on; what passed meanwhile lapses or gets a new day, as is decided for each.

    ``values``: passed, "lapse" or the new last day for all such limits; passed-ID for one and what
    belongs to it, passed-why-ID the reason for that.

    Raises:
        Conflict: it is not suspended, nobody decided on a limit that passed, or not the same for what belongs together.
        Invalid: a day is over or a rest day.
    """

    def let_go_case(step: Step) -> Done:
        over = passed_limits(step) if step.case.status != "running" else []
        decisions = [(group, _get_decision(values, group)) for group in over]
        if step.case.status != "suspended":
            raise Conflict(Text("办件没有暂停。", "The case is not suspended."))
        step.change(status="running")
        step.tx.work.release(step.case.id)
        informed_count = _tell_suspension(step, request.told, halted=False, inside=request.reason.strip())
        lapsing = [limit for group, decision in decisions if decision == LAPSE for limit in group.timers]
        for group, decision in decisions:
            if decision == LAPSE:
                _record_decision(step, values, group, Text("届满", "lapses"))
        moves = [_extend_limit(step, values, group, day) for group, day in decisions if day != LAPSE]
        why = Text(
            f"办件暂停期间届满，管理员恢复办理时另定{_format_story(request)}",
            f"It passed during a pause{_format_story(request)}",
        )
        moved = move_limits(step, moves, why, recorded=False) if moves else []
        require_inside(step, [limit for move in moves for limit in move.limits])
        follows = tuple(
            CaseChange(_LIMIT, limit.name, day_text(last_day_before(limit.at)), _AT_ONCE) for limit in lapsing
        )
        return Done(_going_on(lapsing, moved), already_notified=True, follows=follows, reached=informed_count)

    return apply_intervention(desk, actor, case_id, request, let_go_case)


def passed_limits(step: Step) -> list[LimitGroup]:
    """Return the timers that passed already, by due time: they end as soon as a suspended case goes on.

    What belongs together in time stands together and is decided on as one.
    """
    groups: list[LimitGroup] = []
    seen: set[str] = set()
    for limit in sorted(running_limits(step), key=lambda limit: limit.at):
        group = (
            group_of(step, limit.ident) if limit.timer and limit.at <= step.now and limit.ident not in seen else None
        )
        if group is not None:
            groups.append(group)
            seen |= {each.ident for each in group.limits}
    return groups


def passed_label(group: LimitGroup) -> str:
    """Return the names of passed limits that belong together."""
    return "、".join(dict.fromkeys(limit.name for limit in group.timers))


def _read_timer_values(values: Mapping[str, Any], group: LimitGroup, name: str) -> list[str]:
    """Return what was typed for each timer of a group under ``name``."""
    return [_read_choice(values, f"{name}-{limit.timer.id}") for limit in group.timers if limit.timer]


def _get_decision(values: Mapping[str, Any], group: LimitGroup) -> str:
    """Return "lapse" or the day that was chosen for limits; raises Conflict where nothing was, or not one thing."""
    choices = set(_read_timer_values(values, group, PASSED)) - {""} or {_read_choice(values, PASSED)} - {""}
    if len(choices) == 1:
        return choices.pop()
    name, day = passed_label(group), group.last_day
    if choices:
        raise Conflict(
            Text(
                f"“{name}”的期限同属一个期限（{in_words(day)}），只能一起届满，或者一起另定同一天，请作同一决定。",
                f"“{name}” are one limit ({format_full_day(day).en}): decide the same for all, that they lapse or the same new day.",
            )
        )
    raise Conflict(
        Text(
            f"“{name}”的期限在暂停期间已过（{in_words(day)}）。请决定是让它届满，还是另定最后一天，不能不作决定就恢复。",
            f"“{name}” passed during the pause ({format_full_day(day).en}): choose whether it lapses or gets a new day.",
        )
    )


def _read_choice(values: Mapping[str, Any], name: str) -> str:
    """Return what was chosen under ``name``: "lapse", a day, or "" for nothing."""
    choice = str(values.get(name) or "").strip()
    return (str(values.get(f"{name}-{DAY}") or "").strip() or DAY) if choice == DAY else choice


def _extend_limit(step: Step, values: Mapping[str, Any], group: LimitGroup, decision: str) -> LimitMove:
    day = day_of({"day": decision}, "day")
    why = Text("办件暂停期间届满，管理员另定", "It passed during a pause and got another day")
    _record_decision(step, values, group, Text(f"顺延至{in_words(day)}", f"runs until {format_full_day(day).en}"))
    return with_notices(step, give_day(step, group, window_until(step, day, why)))


def _record_decision(step: Step, values: Mapping[str, Any], group: LimitGroup, what: Text) -> None:
    """Put on record what was decided about limits that passed."""
    reason = "；".join(dict.fromkeys(each for each in _read_timer_values(values, group, f"{PASSED}-why") if each))
    if len(reason) > LONGEST:
        raise Invalid(Text(f"理由请控制在{LONGEST}字以内。", f"At most {LONGEST} characters for a reason."))
    name, element = passed_label(group), group.timers[0].element
    data = {"limit": name, "decided": what.en, **({"because": reason} if reason else {})}
    story = f"“{name}”的期限（{in_words(group.last_day)}）在暂停期间已过，决定：{what.zh}"
    step.audit("lapse_decided", story, element, data)


def _format_story(request: InterventionAsked) -> str:
    return f"：{request.told}" if request.told else ""


def _going_on(lapsing: list[RunningLimit], moved: list[LimitChange]) -> Text:
    zh, en = ["恢复办理。"], ["goes on."]
    if lapsing:
        names = [limit.name for limit in lapsing]
        zh.append(f"暂停期间已过、经决定随即届满的期限：{'、'.join(names)}。")
        en.append(f"Limits that passed meanwhile end at once, as decided: {', '.join(names)}.")
    if moved:
        zh.append(f"另定最后一天的期限：{'、'.join(f'{m.name}（{in_words(m.new)}）' for m in moved)}。")
        en.append(f"With a new last day: {', '.join(f'{m.name} ({m.new})' for m in moved)}.")
    return Text("".join(zh), " ".join(en))


def _tell_suspension(step: Step, reason: str, *, halted: bool, inside: str = "") -> frozenset[int]:
    """Tell everyone with a task of the case that it is suspended, or resumed, and that the days stay as they are.

    The office reads the reason ``inside`` it, where there is one. Returns the people told.
    """
    office = {p.id for p in step.tx.deputies.reached(step.case.jurisdiction, office_role(step.package), None, step.now)}
    tasks_by_person: dict[int, tuple[PersonRow, list[TaskRow]]] = {}
    for task in step.tx.tasks.open_of_case(step.case.id):
        for person in list_responsible_people(step.tx, step.package, step.case, task, step.now):
            tasks_by_person.setdefault(person.id, (person, []))[1].append(task)
    what = Text("已暂停办理", "is suspended") if halted else Text("已恢复办理", "goes on")
    for person, tasks in tasks_by_person.values():
        subject = Text(f"{what.zh}：{step.case.title}", f"“{step.case.title}” {what.en}")
        why = (inside or reason) if person.id in office else reason
        text = join_sentences(
            [_describe_halt(step, what, why, halted), *(_describe_unchanged_limit(task) for task in tasks)], "\n"
        )
        queue_to(step, [person], f"{'halted' if halted else 'resumed'}:{step.case.version}", subject, text)
    return frozenset(tasks_by_person)


def _describe_halt(step: Step, what: Text, reason: str, halted: bool) -> Text:
    zh = (
        "期间不能提交，期限届满也不会自动前进，直到恢复。"
        if halted
        else "现在可以继续办理，暂停期间到期的事项随即处理。"
    )
    en = "Nothing can be submitted until it goes on." if halted else "It can be worked on again."
    why, why_en = (f"：{reason}", f": {reason}") if reason else ("。", ".")
    return Text(f"“{step.case.title}”{what.zh}{why}\n{zh}", f"“{step.case.title}” {what.en}{why_en}\n{en}")


def _describe_unchanged_limit(task: TaskRow) -> Text:
    day = find_limit_day(get_statutory_limit(task))
    if day is None:
        return Text(f"“{task.title}”没有期限。", f"“{task.title}” has no limit.")
    return Text(
        f"“{task.title}”的期限不变，仍为{in_words(day)}。", f"The limit of “{task.title}” stays: {in_english(day)}."
    )
