"""What a corrected calendar would move in a running case: tasks, timers and notices that were counted by it as it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from service.casework.access.actor import Actor
from service.casework.amendments.move_plan import DateChange, changed_dates
from service.casework.desk.calendars import list_differing_states
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import names_of_days
from service.casework.step.fill import compiled
from service.casework.step.instants import as_instant
from service.casework.step.limit_group import RecordedDay, RunningLimit, is_fixed, recorded_days, running_limits
from service.casework.step.move_limits import (
    LimitMove,
    ballots_closing,
    ballots_cut_short,
    counted_again,
    counted_moves,
    days_on_record,
    find_display_day,
    voting_tasks,
)
from service.casework.step.step import Step
from service.casework.step.time_limits import (
    NO_DUE_DATE,
    data_of,
    get_statutory_limit,
    last_day_before,
    limit_of,
    rest_day_rule_of,
)
from service.casework.step.useful_days import counted_before, former_steps
from service.domain.calendar import Window, WorkingCalendar, local_date
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, NoticeRow, TaskRow


@dataclass(frozen=True, slots=True)
class CalendarMove:
    """A limit that ends on another day as the calendar stands now, with the articles it carries out.

    ``held``: the new day is over already though the old one is not; a right would end at once, so a person decides.
    ``lost`` says what that costs where nothing ends by itself: a last useful day after which the end that follows is missed.
    ``follows`` is the key of what it moves with: of itself it neither moves nor stays. ``useful``: it is the last useful
    day of a task, which follows from all that moves around it. ``begins``: it is the first day of a notice whose last day stays.
    ``stays`` says why it keeps its day whatever is decided: an open ballot would end sooner.
    """

    key: str
    change: DateChange
    articles: tuple[str, ...]
    held: bool
    notice: int | None = None
    follows: str = ""
    useful: bool = False
    begins: bool = False
    lost: Text | None = None
    stays: Text | None = None

    @property
    def shorter(self) -> bool:
        """Whether those concerned lose days."""
        return not self.begins and self.change.new < self.change.old


def limit_moves(step: Step, moves: Sequence[CalendarMove]) -> list[LimitMove]:
    """Return what moves where ``moves`` are carried out: each limit, a notice with the timers that wait for its end."""
    days = {
        m.key: (m.change.due, m.change.window) for m in moves if m.notice is None and not m.follows and not m.useful
    }
    return [*counted_moves(step, days), *(_with_timers(step, m) for m in moves if m.notice is not None)]


def _with_timers(step: Step, move: CalendarMove) -> LimitMove:
    notice, (due, window) = step.tx.notices.get(move.notice or 0), (move.change.due, move.change.window)
    timers = [
        running_limit
        for running_limit in running_limits(step)
        if running_limit.timer is not None and running_limit.at == notice.ends_at
    ]
    counted = counted_moves(step, {timer_limit.ident: (due, window) for timer_limit in timers})
    limits = tuple(limit for limit_move in counted for limit in limit_move.limits)
    facts = dict.fromkeys(fact for limit_move in counted for fact in limit_move.facts)
    return LimitMove(limits, due, window, tuple(facts), (notice,), recounted=True)


def mark_moves_during_votes(step: Step, moves: Sequence[CalendarMove]) -> Iterator[CalendarMove]:
    """Yield ``moves``, those marked that would make an open ballot end sooner, with what moves together with them."""
    stays = dict[str, Text]()
    for move in limit_moves(step, [candidate for candidate in moves if not candidate.begins]):
        cut = [
            ballot
            for limit in move.limits
            if limit.timer is not None
            for ballot in ballots_cut_short(step, limit.timer, move.due)
        ]
        if cut:
            names = [f"notice:{notice.id}" for notice in move.notices] or [limit.ident for limit in move.limits]
            stays |= dict.fromkeys(names, _voted_on(cut[0].title))
    for calendar_move in moves:
        why = stays.get(calendar_move.key) or stays.get(calendar_move.follows)
        yield replace(calendar_move, stays=why, held=False) if why is not None else calendar_move


def _voted_on(title: str) -> Text:
    return Text(
        f"“{title}”正在投票，不因日历更正提前截止：这个期限保留原来的日期。",
        f"“{title}” is being voted on: no corrected calendar makes it end sooner, and this limit keeps its day.",
    )


def map_undecided_moves(moves: Sequence[CalendarMove], lapse: Collection[str]) -> dict[str, CalendarMove]:
    """Return what waits for a decision, by key: what is held, and where that is a last useful day what it comes from.

    Whatever moves around a task is counted into its last useful day, so that a decision on this is one on all of it: on the
    other last useful days too, which were counted with it.
    """
    open_moves = [move for move in moves if move.held and move.key not in lapse]
    if any(move.useful for move in open_moves):
        open_moves += [move for move in moves if not (move.held or move.follows)]
    return {move.key: move for move in open_moves}


def articles_of(step: Step, clauses: object) -> tuple[str, ...]:
    """Return the articles of the clauses that a limit carries out."""
    assert isinstance(clauses, list | tuple)
    return tuple(dict.fromkeys(step.package.law.article(str(clause)) for clause in clauses))


def following_moves(after: Step, leading: Sequence[CalendarMove]) -> Iterator[CalendarMove]:
    """Yield what else is otherwise once ``leading`` are carried out; what waits for a decision moves nothing inside it."""
    leading = [
        move for move in leading if not move.begins and move.stays is None
    ]  # with a first day alone no end moves
    leaders = {move.key: move for move in leading}
    for move in limit_moves(after, leading):
        yield from _iterate_joint_moves(after, leaders, move)
    yield from _iterate_useful_day_moves(after, limit_moves(after, [move for move in leading if not move.held]))


def _iterate_joint_moves(step: Step, leaders: Mapping[str, CalendarMove], move: LimitMove) -> Iterator[CalendarMove]:
    names = [f"notice:{notice.id}" for notice in move.notices] or [limit.ident for limit in move.limits]
    leader = next(leaders[name] for name in names if name in leaders)

    def build_follower(key: str, name: str, articles: tuple[str, ...] = leader.articles) -> CalendarMove:
        old, new = leader.change.old, last_day_before(move.due)
        change = DateChange(name, old, new, leader.change.passed, move.due, move.window)
        return CalendarMove(key, change, articles, held=False, follows=leader.key)

    for limit in move.limits:
        if leader.notice is None and limit.ident not in leaders:
            yield build_follower(f"with:{limit.ident}", limit.name)
        for ballot in ballots_closing(step, limit.timer) if limit.timer is not None else ():
            many = len(voting_tasks(step, ballot.id))
            beside = f"（截止，连同{many}名成员的投票待办）" if many else "（截止）"
            yield build_follower(f"ballot:{ballot.id}", f"{ballot.title}{beside}", articles_of(step, ballot.clauses))
    for fact in move.facts:
        yield build_follower(f"fact:{fact}", f"{names_of_days(step.package).get(fact, fact)}（所记的日期）")


def _iterate_useful_day_moves(after: Step, moves: Sequence[LimitMove]) -> Iterator[CalendarMove]:
    """Yield the tasks whose last useful day is another one once ``moves`` are carried out, which is tried in memory alone.

    Only days that the calendar gave as it was: one that is otherwise since a fact changed is no matter of the calendar.
    """
    tried = after
    if moves:
        tried = Step(after.desk, after.tx, after.case, after.actor)
        tried.instance = tried.desk.engine.restore(after.case.definition, tried.engine_state, tried.environment)
    laws: dict[int, tuple[datetime, Window | None]] = {}
    for move in moves:
        tried.set_facts(days_on_record(tried, move))
        for limit in move.limits:
            if limit.timer is not None:
                tried.instance.move_timer(limit.timer.id, move.due, move.window)
            elif limit.row is not None:
                laws[limit.row.id] = (move.due, move.window)
    rows = {row.engine_id: row for row in after.tx.tasks.open_of_case(after.case.id)}
    former: tuple[Step, ...] | None = None
    for task in tried.instance.person_tasks():
        row = rows.get(task.id)
        if row is None:
            continue
        due, reason = limit_of(tried, task, *laws.get(row.id, (get_statutory_limit(row)[0], None)), row.created_at)
        new = _useful_day(row, due, reason)
        old = find_display_day(row)
        if old is None or new is None or new == old:
            continue
        former = former_steps(after) if former is None else former
        if counted_before(former, task, row):
            passed = due <= after.now
            change = DateChange(f"{row.title}（最迟办理日）", old, new, passed, due, None, task=row.id)
            is_pending = passed and row.due_at > after.now
            lost = Text(str((reason or {}).get("zh", "")), str((reason or {}).get("en", ""))) if is_pending else None
            articles = articles_of(after, row.clauses)
            yield CalendarMove(f"useful:{row.id}", change, articles, is_pending, useful=True, lost=lost)


def _useful_day(row: TaskRow, due: datetime, reason: Mapping[str, object] | None) -> date | None:
    """Return the day that a task would show, where it is or was a last useful day; else None."""
    useful = (reason or {}).get("useful") or (row.due_reason or {}).get("useful")
    if not useful or due == NO_DUE_DATE:
        return None
    named = (reason or {}).get("last_day")
    return date.fromisoformat(str(named)) if named else last_day_before(due)


RECOUNTED = "recounted"
"""Action of the audit entry that says from which day to which a corrected calendar moved something, by its key."""


def recorded_dates(before: Step, after: Step) -> Iterator[DateChange]:
    """Yield the limits that end with a day on record which ``before`` counts as it stands, and ``after`` otherwise.

    A day that was moved since, or that nothing in the diagram explains any more, is left alone.
    """
    for limit in running_limits(after):
        days = [day for day in recorded_days(after.package) if _has_same_end(after, day, limit)]
        fixed = _fixed_last(after, days) if days else None
        if fixed is None:
            continue
        day, on = fixed
        old, new = (_count_period(step, day, limit, on) for step in (before, after))
        if old is None or new is None or old.ends_at != limit.at or new.ends_at == limit.at:
            continue
        yield _build_date_change(after, limit, new.ends_at, new)


def dates_from_above(step: Step) -> Iterator[DateChange]:
    """Yield the limits that end with a day on record of a case above, where a corrected calendar has moved that day.

    The day above says the new one already, so that no calendar of before comes to the day on which such a limit still ends.
    """
    names = {day.name for day in recorded_days(step.package)}
    moved: Mapping[str, Collection[tuple[date, date]]] | None = None
    for limit in running_limits(step) if step.case.parent_id is not None else ():
        read = {path[1] for path in _list_expression_paths(step, limit) if len(path) > 1 and path[0] != "case"} & names
        new = _counted_now(step, limit) if read and is_fixed(step, limit) else None
        if new is None or new[0] == limit.at:
            continue
        moved = _moved_above(step) if moved is None else moved
        old, day = last_day_before(limit.at), last_day_before(new[0])
        day_moves = [move for name in read for move in moved.get(name, ())]
        if old in {before for before, _ in day_moves} and day in {after for _, after in day_moves}:
            yield _build_date_change(step, limit, new[0], new[1])


def _list_expression_paths(step: Step, limit: RunningLimit) -> Iterator[tuple[str, ...]]:
    return iter(compiled(limit.place[2], step.desk.functions).paths if limit.place[2] else ())


def _counted_now(step: Step, limit: RunningLimit) -> tuple[datetime, Window | None] | None:
    if limit.timer is not None:
        return step.instance.timer_as_of(limit.timer.id, step.now)
    assert limit.task is not None
    value, windows = step.instance.evaluate(limit.place[2], data_of(limit.task))
    due = as_instant(value)
    return None if due is None else (due, windows[-1] if windows else None)


def _moved_above(step: Step) -> Mapping[str, Collection[tuple[date, date]]]:
    """Return from which day to which the calendar has moved the days on record of the cases above, by their names."""
    days_by_name: dict[str, list[tuple[date, date]]] = {}
    above = step.case.parent_id
    while above is not None:
        for event in step.tx.history.select(case_id=above):
            kind, _, name = str(event.data.get("key", "")).partition(":")
            if event.action == RECOUNTED and kind == "fact":
                days = (date.fromisoformat(str(event.data[end])) for end in ("from", "to"))
                days_by_name.setdefault(name, []).append((next(days), next(days)))
        above = step.tx.cases.get(above).parent_id
    return days_by_name


def _build_date_change(step: Step, limit: RunningLimit, due: datetime, window: Window | None) -> DateChange:
    return DateChange(
        limit.name, last_day_before(limit.at), last_day_before(due), due <= step.now, due, window,
        task=limit.row.id if limit.row else None, timer=limit.timer.id if limit.timer else None,
    )  # fmt: skip


def _has_same_end(step: Step, day: RecordedDay, limit: RunningLimit) -> bool:
    return day.ends_with(limit) and as_instant(step.facts.get(f"{day.name}_at")) == limit.at


def _fixed_last(step: Step, days: Sequence[RecordedDay]) -> tuple[RecordedDay, date] | None:
    """Return which of the elements that fix a day was passed last, and on which day."""
    places = {(day.process, day.element): day for day in days}
    passed = [row for row in step.tx.visits.select(case_id=step.case.id) if (row.process_id, row.element) in places]
    return (places[passed[-1].process_id, passed[-1].element], local_date(passed[-1].at)) if passed else None


def _count_period(step: Step, day: RecordedDay, limit: RunningLimit, on: date) -> Window | None:
    """Return the period that ends with a day, counted from the day ``on`` which it was fixed; None where it is unknown."""
    parameters = _read_period_parameters(step, day, limit)
    if isinstance(working := parameters.get("working_days"), int | Decimal):
        return step.window(int(working), None, on)
    roll = rest_day_rule_of(str(parameters.get("roll") or ""))
    if isinstance(calendar := parameters.get("calendar_days"), int | Decimal):
        return step.window(None, int(calendar), on, roll=roll)
    return step.named_day(named, roll) if isinstance(named := parameters.get("day"), date) else None


def _read_period_parameters(step: Step, day: RecordedDay, limit: RunningLimit) -> Mapping[str, object]:
    """Return what the operation that fixed a day was given, as far as the token at a limit still tells."""
    operation = step.package.processes[day.process].elements[day.element].operation
    data = data_of(limit.task) if limit.task else step.instance.timer_data(limit.timer.id) if limit.timer else {}
    expressions = operation.parameters if operation is not None and limit.place[0] == day.process else {}
    names = ("working_days", "calendar_days", "day", "roll")
    return {name: step.instance.evaluate(expressions[name], data)[0] for name in names if expressions.get(name)}


KEPT = "calendar_kept"
"""Action of the audit entry by which somebody decided that a limit keeps its day."""

Former = Sequence[Mapping[str, WorkingCalendar]]
"""States of the calendars before today's."""


def moves_of(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, former: Former) -> tuple[CalendarMove, ...]:
    """Return what would move in a case (with its state); nothing is written.

    A case whose own calendar was the same in all ``former`` states is not loaded.
    """
    if not list_differing_states(former, desk, desk.packages.get(case.definition, tx).jurisdiction.calendar):
        return ()
    after = Step(desk, tx, case, actor)
    after.instance = desk.engine.restore(case.definition, after.engine_state, after.environment)
    return moves_in(after, former)


def moves_in(after: Step, former: Former) -> tuple[CalendarMove, ...]:
    """Return what would move in the case of a step, as some former state of the calendars counted it.

    A limit that none of them reproduces was set by a person, or by something else than the calendar: it stays.
    """
    moves_by_key: dict[str, CalendarMove] = {}
    for calendars in list_differing_states(former, after.desk, after.package.jurisdiction.calendar):
        before = Step(replace(after.desk, calendars=calendars), after.tx, after.case, after.actor)
        before.instance = before.desk.engine.restore(after.case.definition, before.engine_state, before.environment)
        changes = [*changed_dates(before, after), *recorded_dates(before, after)]
        moves = [*_iterate_notice_moves(before, after), *(_build_calendar_move(after, change) for change in changes)]
        for move in moves:
            moves_by_key.setdefault(move.key, move)
    for change in dates_from_above(after):
        above = _build_calendar_move(after, change)
        moves_by_key.setdefault(above.key, above)
    noticed = {(m.change.old, m.change.new) for m in moves_by_key.values() if m.notice is not None and not m.begins}
    alone = [m for m in moves_by_key.values() if m.change.timer is None or (m.change.old, m.change.new) not in noticed]
    has_decision = build_decision_predicate(after)
    leading = tuple(
        mark_moves_during_votes(after, [move for move in alone if not has_decision(move.key, move.change.new)])
    )
    return (
        *leading,
        *(move for move in following_moves(after, leading) if not has_decision(move.key, move.change.new)),
    )


def build_decision_predicate(step: Step) -> Callable[[str, date], bool]:
    """Return what tells of which move (by key and new day) somebody decided that the day of before is kept.

    The history is read once, and only where something is asked.
    """

    @cache
    def read_decisions() -> set[tuple[str, str]]:
        events = step.tx.history.select(case_id=step.case.id)
        return {(str(e.data.get("key")), str(e.data.get("day"))) for e in events if e.action == KEPT}

    return lambda key, day: (key, day.isoformat()) in read_decisions()


def _iterate_notice_moves(before: Step, after: Step) -> Iterator[CalendarMove]:
    for notice in after.tx.notices.select(case_id=after.case.id):
        if notice.state == "running" and counted_again(before, notice).last_day == notice.last_day:
            yield from _move_notice(after, notice)


def _move_notice(after: Step, notice: NoticeRow) -> Iterator[CalendarMove]:
    window = counted_again(after, notice)
    if window.last_day != notice.last_day:
        passed = window.ends_at <= after.now
        change = DateChange(notice.title, notice.last_day, window.last_day, passed, window.ends_at, window)
        articles = articles_of(after, notice.clauses)
        yield CalendarMove(f"notice:{notice.id}", change, articles, passed and notice.ends_at > after.now, notice.id)
    elif window.first_day != notice.first_day:
        name = f"{notice.title}（首日）"
        change = DateChange(name, notice.first_day, window.first_day, False, window.ends_at, window)
        articles = articles_of(after, notice.clauses)
        yield CalendarMove(f"notice:{notice.id}", change, articles, held=False, notice=notice.id, begins=True)


def _build_calendar_move(after: Step, change: DateChange) -> CalendarMove:
    if change.task is not None:
        row = after.tx.tasks.get(change.task)
        is_pending, clauses, key = change.passed and row.due_at > after.now, row.clauses, f"task:{row.id}"
    else:
        timer = next(t for t in after.instance.timers() if t.id == change.timer)
        drawn = after.element(timer.process_id, timer.element_id)
        clauses = list(after.clauses_of(drawn, timer.call_path))
        is_pending, key = change.passed, f"timer:{timer.id}"
    return CalendarMove(key, change, articles_of(after, clauses), is_pending)
