"""Move limits: whatever makes a running limit end on another day, what goes by it moves in the same act, and who must act is told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.casework.access.actor import office_role
from service.casework.step.behind_gateway import get_timed_element
from service.casework.step.fill import in_english, in_words
from service.casework.step.instants import explain_window
from service.casework.step.limit_group import RunningLimit, group_of
from service.casework.step.post import add_page_link, list_responsible_people, queue_to
from service.casework.step.reminders import last_day_of, renew_reminder
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, get_statutory_limit, last_day_before, limit_of, renew_limits
from service.catalog import Kind
from service.domain.calendar import RestDayRule, StartRule, Window, calendar_window, local_date, working_window
from service.domain.text import Text, join_sentences
from service.engine import MessageWait, PersonTask, TimerWait
from service.store.models import BallotRow, NoticeRow, PersonRow, TaskRow

KIND = "ballot"
"""Kind of the task by which a member is asked to vote."""
_OPEN = "open"
_PASSED = frozenset(
    {Kind.SERVICE_TASK, Kind.RULE_TASK, Kind.SCRIPT_TASK, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE}
)
"""Kinds of elements at which nothing waits."""


def ballots_closing(step: Step, timer: TimerWait) -> list[BallotRow]:
    """Return the open ballots that close when ``timer`` fires: one of its diagram, else any that closes at that instant."""
    closing = [b for b in step.tx.ballots.select(case_id=step.case.id) if b.state == _OPEN and b.closes_at == timer.due]
    if not closing:
        return []
    near = {t.process_id for t in step.instance.timers() if t.due == timer.due}
    return [b for b in closing if b.process_id == timer.process_id or b.process_id not in near]


def ballots_cut_short(step: Step, timer: TimerWait, due: datetime) -> list[BallotRow]:
    """Return the open ballots that would end sooner if ``timer`` fired at ``due`` instead of when it is due.

    Those that close with it, and those inside of an activity that it cuts off: who has not voted yet has until then.
    """
    if due >= timer.due:
        return []
    closing = {ballot.id for ballot in ballots_closing(step, timer)}
    return [
        ballot
        for ballot in step.tx.ballots.select(case_id=step.case.id)
        if ballot.state == _OPEN
        and (ballot.closes_at is None or due < ballot.closes_at)
        and (ballot.id in closing or _ends_by(step, timer, ballot))
    ]


def _ends_by(step: Step, timer: TimerWait, ballot: BallotRow) -> bool:
    """Return whether a ballot without a day of its own waits for a timer, or a timer cuts off the activity around it."""
    if ballot.closes_at is None and timer.id in {each.id for each in closing_timers(step, ballot)}:
        return True
    return timer.interrupting is True and any(
        _cuts_off(step, timer, path, ballot) for path in _iterate_call_paths(step, ballot)
    )


def _iterate_call_paths(step: Step, ballot: BallotRow) -> Iterator[tuple[str, ...]]:
    """Yield the calls by which the diagram of a ballot runs, as what waits in it or below it says."""
    instance = step.instance
    waits: tuple[TimerWait | MessageWait | PersonTask, ...]
    waits = (*instance.timers(), *instance.message_waits(), *instance.person_tasks())
    yield from {tuple(wait.call_path) for wait in waits if wait.process_id == ballot.process_id}


def _cuts_off(step: Step, timer: TimerWait, path: Sequence[str], ballot: BallotRow) -> bool:
    """Return whether the activity that ``timer`` bounds holds a ballot whose diagram was called by ``path``."""
    bounds, timer_path = step.element(timer.process_id, timer.element_id).attached_to, tuple(timer.call_path)
    if timer_path == tuple(path) and timer.process_id == ballot.process_id:
        elements, ident = step.package.processes[ballot.process_id].elements, ballot.element
        while ident in elements:
            if ident == bounds:
                return True
            ident = elements[ident].parent or ""
        return False
    return (
        len(path) > len(timer_path) and tuple(path[: len(timer_path)]) == timer_path and path[len(timer_path)] == bounds
    )


def closing_timers(step: Step, ballot: BallotRow) -> list[TimerWait]:
    """Return the running timers that come next after the element that opened a ballot, whenever they are due."""
    diagram = step.package.processes.get(ballot.process_id)
    if diagram is None or ballot.element not in diagram.elements:
        return []
    ahead, seen, places = [ballot.element], set[str](), set[str]()
    while ahead:
        ident = ahead.pop()
        for target in (flow.target for flow in diagram.flows.values() if flow.source == ident):
            if target not in seen:
                seen.add(target)
                passed = diagram.elements[target].kind in _PASSED
                ahead += [target] if passed else []
                places |= (
                    set() if passed else {target, *(e.id for e in diagram.elements.values() if e.attached_to == target)}
                )
    return [t for t in step.instance.timers() if t.process_id == ballot.process_id and t.element_id in places]


def voting_tasks(step: Step, ballot: int) -> list[TaskRow]:
    """Return the tasks of the members who have not voted yet."""
    rows = step.tx.tasks.open_of_case(step.case.id)
    return [row for row in rows if row.kind == KIND and (row.note or {}).get("ballot") == ballot]


def move_closing(step: Step, ballot: BallotRow, due: datetime, window: Window | None) -> None:
    """Let a ballot close at ``due``, and the tasks of those who have not voted end with it."""
    step.tx.ballots.change(ballot.id, closes_at=due)
    for row in voting_tasks(step, ballot.id):
        step.tx.tasks.step(row.id, row.version, due_at=due, due_reason=explain_window(window) or None)


@dataclass(frozen=True, slots=True)
class Moved:
    """A time limit called ``name`` that ended with ``old`` and now ends with ``new``; ``task`` None for a timer.

    A timer is notified to the holder of the task at ``attached_to``; one without a task, to the office.
    """

    name: str
    old: date
    new: date
    task: TaskRow | None = None
    attached_to: str = ""


def notify_moved_dates(step: Step, moved: Sequence[Moved], why: Text, *, noted: bool = True) -> None:
    """Queue one letter per person about what moved in this step, in its transaction; nothing where no day changed.

    ``noted``: the history says so in a line of its own; else the line of what moved it does.
    """
    moves_by_person: dict[int, tuple[PersonRow, dict[str, Moved]]] = {}
    for move in moved:
        if move.old == move.new:
            continue
        for name, person in _iterate_audience(step, move):
            _, lines = moves_by_person.setdefault(person.id, (person, {}))
            lines.setdefault(f"{name}/{move.old}/{move.new}", Moved(name, move.old, move.new))
    for person, lines in moves_by_person.values():
        _send_letter(step, person, list(lines.values()), why)
    if moves_by_person and noted:
        step.audit("told", f"期限有变动，已告知{len(moves_by_person)}人：{why.zh}")


def notify_suspension(step: Step, reason: str, *, halted: bool, inside: str = "") -> frozenset[int]:
    """Notify everyone with a task of the case that it is suspended, or resumed, and that the days stay as they are.

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


def _iterate_audience(step: Step, move: Moved) -> Iterator[tuple[str, PersonRow]]:
    tasks = [move.task] if move.task else _list_bounded_tasks(step, move)
    for task in tasks:
        for person in list_responsible_people(step.tx, step.package, step.case, task, step.now):
            yield task.title, person
    if not tasks:
        for person in step.tx.deputies.reached(step.case.jurisdiction, office_role(step.package), None, step.now):
            yield move.name, person


def _list_bounded_tasks(step: Step, move: Moved) -> list[TaskRow]:
    rows = step.tx.tasks.open_of_case(step.case.id) if move.attached_to else []
    return [row for row in rows if row.element == move.attached_to]


def _send_letter(step: Step, person: PersonRow, lines: Sequence[Moved], why: Text) -> None:
    first = lines[0]
    more, more_en = (f"等{len(lines)}项", f", {len(lines)} limits") if len(lines) > 1 else ("", "")
    subject = Text(
        f"期限变更：“{first.name}”改为{in_words(first.new)}{more}",
        f"Time limit changed: “{first.name}” is due {in_english(first.new)}{more_en}",
    )
    sentences = [
        Text(
            f"“{line.name}”（{step.case.title}）的期限由{in_words(line.old)}改为{in_words(line.new)}。",
            f"“{line.name}” ({step.case.title}) was due {in_english(line.old)}, is now due {in_english(line.new)}.",
        )
        for line in lines
    ]
    text = join_sentences([*sentences, Text(f"原因：{why.zh}", f"Why: {why.en}")], "\n")
    queue_to(step, [person], f"moved:{step.case.version}", subject, add_page_link(text, f"/cases/{step.case.id}"))


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
    due, reason = get_statutory_limit(task)
    if due == NO_DUE_DATE:
        return Text(f"“{task.title}”没有期限。", f"“{task.title}” has no limit.")
    day = date.fromisoformat((reason or {}).get("last_day") or local_date(due).isoformat())
    return Text(
        f"“{task.title}”的期限不变，仍为{in_words(day)}。", f"The limit of “{task.title}” stays: {in_english(day)}."
    )


FIRST_END = "first_end"
"""Name, in the period of a notice, of the day on which it ended before a later one was named."""


def settle_notice(step: Step, notice: NoticeRow, window: Window, *, recounted: bool = False) -> None:
    """Let a notice end as ``window`` says.

    One that is ``recounted`` from its own beginning, on a corrected calendar, takes both its days from the window. Else a
    window that begins after the notice ends names a later day, and the day on which the notice first ended is kept.
    """
    if recounted:
        step.tx.notices.change(notice.id, first_day=window.first_day)
    period = {**notice.period, **explain_window(window)}
    first_end = period.pop(FIRST_END, None)
    if window.first_day > notice.last_day and not recounted:
        period[FIRST_END] = first_end or notice.last_day.isoformat()
    step.tx.notices.change(notice.id, last_day=window.last_day, ends_at=window.ends_at, period=period)


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
    remaining, limit_moves = dict(days), list[LimitMove]()
    for ident in days:
        if ident not in remaining:
            continue
        due, window = remaining[ident]
        group = group_of(step, ident)
        if group is None:
            continue
        going = [group_limit for group_limit in group.limits if remaining.get(group_limit.ident, (None,))[0] == due]
        facts = tuple(
            dict.fromkeys(fact.name for fact in group.days if any(fact.counts(group_limit) for group_limit in going))
        )
        after = [
            group_limit
            for group_limit in group.limits
            if group_limit.ident not in days
            and any(fact.counts(group_limit) for fact in group.days if fact.name in facts)
        ]
        for limit in going:
            del remaining[limit.ident]
        limit_moves.append(LimitMove((*going, *after), due, window, facts))
    return limit_moves


def move_limits(step: Step, moves: Sequence[LimitMove]) -> list[Moved]:
    """Move limits and what goes by them; return what to tell: to each holder of a task the day of that very task."""
    days_by_task = {row.id: find_display_day(row) for row in step.tx.tasks.open_of_case(step.case.id)}
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
    return [*moved_tasks(step, days_by_task), *_iterate_other_moves(moves)]


def days_on_record(step: Step, move: LimitMove) -> dict[str, object]:
    """Return the facts that say when a moved limit ends, as they are afterwards."""
    recorded_values: dict[str, object] = {}
    for name in move.facts:
        recorded_values |= {name: last_day_before(move.due).isoformat(), f"{name}_at": move.due.isoformat()}
        if f"{name}_provisional" in step.facts:
            recorded_values[f"{name}_provisional"] = move.window is not None and move.window.provisional
    return recorded_values


def find_display_day(row: TaskRow) -> date | None:
    """Return the day that a task shows as its last, None where it has no limit."""
    return None if row.due_at == NO_DUE_DATE else last_day_of(row.due_at, row.due_reason)


def moved_tasks(step: Step, former_days: Mapping[int, date | None]) -> Iterator[Moved]:
    """Yield the open tasks that showed another day before, by their ids; each is reminded of the new one from now on."""
    for row in step.tx.tasks.open_of_case(step.case.id):
        before, after = former_days.get(row.id), find_display_day(row)
        if before is not None and after is not None and before != after:
            if row.kind != KIND:
                renew_reminder(step, row.id)
            yield Moved(row.title, before, after, row)


def _move_ends(step: Step, move: LimitMove) -> None:
    """Move timers, notices and days on record, from which last useful days are counted."""
    timers = [limit.timer.id for limit in move.limits if limit.timer is not None]
    for timer in timers:
        step.instance.move_timer(timer, move.due, move.window)
    question_ids = [t.id for t in step.tx.tasks.open_of_case(step.case.id) if t.engine_id in timers] if timers else []
    step.tx.tasks.cancel(question_ids, step.now)
    for notice in move.notices:
        assert move.window is not None, "a notice ends with a window"
        settle_notice(step, notice, move.window, recounted=move.recounted)
    if move.facts:
        step.set_facts(days_on_record(step, move))


def _move_task(step: Step, limit: RunningLimit, move: LimitMove) -> None:
    if limit.row is None or limit.task is None:
        return
    at, reason = limit_of(step, limit.task, move.due, move.window, limit.row.created_at)
    step.tx.tasks.step(limit.row.id, limit.row.version, due_at=at, due_reason=reason)


def _iterate_other_moves(moves: Sequence[LimitMove]) -> Iterator[Moved]:
    """Yield notices, and the timers with which no task's own limit moved: whoever holds a task there learns of it, else the office."""
    for move in moves:
        day = last_day_before(move.due)
        for notice in move.notices:
            if notice.last_day != day:  # else its first day alone moved
                yield Moved(notice.title, notice.last_day, day)
        if not move.notices and all(limit.row is None for limit in move.limits):
            for limit in move.limits:
                yield Moved(limit.name, last_day_before(limit.at), day, attached_to=limit.bounds)


_END = re.compile(r"\bends_at\b")
"""What `notice.post` calls the end of the notice in its result."""


def counted_again(step: Step, notice: NoticeRow) -> Window:
    """Return the period of a notice as the calendar gives it now, from its day of posting."""
    env, length = step.environment, int(notice.period["length"])
    rule = StartRule(notice.period.get("day_one", env.counting.notice.value))
    roll = RestDayRule(notice.period.get("roll", env.counting.roll.value))
    if notice.period["unit"] == "working_days":
        return working_window(env.calendar, notice.posted_at, length, rule)
    return calendar_window(env.calendar, notice.posted_at, length, rule, roll)


def window_of(step: Step, timer: TimerWait) -> Window | None:
    """Return why a timer is due then: what its formula counted, or the period of the running notice whose end it reads."""
    if timer.window is not None:
        return timer.window
    drawn = get_timed_element(step.package, timer.process_id, timer.element_id).timer
    if drawn is None or not _END.search(drawn.expression):
        return None
    ending = (n for n in step.notices() if n.state == "running" and n.ends_at == timer.due)
    windows = (counted_again(step, notice) for notice in ending)
    return next((window for window in windows if window.ends_at == timer.due), None)
