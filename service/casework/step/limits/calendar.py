"""Limits of a running case that a corrected calendar counts otherwise: those of tasks and timers, notices, and all that goes by them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from service.casework.step.instants import as_instant
from service.casework.step.limits.changes import MOVED, LimitChange, change_of, compare_limits
from service.casework.step.limits.days import NO_DUE_DATE, data_of, find_limit_day, get_display_limit, last_day_before
from service.casework.step.limits.move import LimitMove, plan_moves
from service.casework.step.limits.notices import count_notice, list_running_notices
from service.casework.step.limits.running import (
    RecordedDay,
    RunningLimit,
    count_limit,
    is_fixed,
    names_of_days,
    recorded_days,
    running_limits,
)
from service.casework.step.limits.useful_days import (
    build_decision_predicate,
    count_task_limits,
    counted_before,
    former_steps,
)
from service.casework.step.limits.votes import ballots_closing, ballots_cut_short, voting_tasks
from service.casework.step.step import Step
from service.domain.calendar import Window, local_date
from service.domain.calendar.rules import rest_day_rule_of
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class CalendarMove:
    """A limit that ends on another day as the calendar stands now, with the articles it carries out.

    ``held``: the new day is over already though the old one is not; a right would end at once, so a person decides.
    ``lost`` says what that costs where nothing ends by itself: a last useful day after which the end that follows is missed.
    ``follows`` is the key of what it moves with: of itself it neither moves nor stays. ``useful``: it is the last useful
    day of a task, which follows from all that moves around it. ``begins``: it is the first day of a notice whose last day stays.
    ``stays`` says why it keeps its day whatever is decided: an open ballot would end sooner.
    """

    change: LimitChange
    articles: tuple[str, ...]
    held: bool
    notice: int | None = None
    follows: str = ""
    useful: bool = False
    begins: bool = False
    lost: Text | None = None
    stays: Text | None = None

    @property
    def key(self) -> str:
        """The key of the limit in its case."""
        return self.change.key

    @property
    def shorter(self) -> bool:
        """Whether those concerned lose days."""
        return not self.begins and self.change.new < self.change.old


def moves_in(after: Step) -> tuple[CalendarMove, ...]:
    """Return what would move in the case of a step, as some former state of the calendars counted it; nothing is written.

    A limit that none of them reproduces was set by a person, or by something else than the calendar: it stays.
    """
    moves = dict[str, CalendarMove]()
    former = former_steps(after)
    for before in former:
        for move in counted_otherwise(before, after):
            moves.setdefault(move.key, move)
    for change in _dates_from_above(after) if former else ():
        moves.setdefault(change.key, _build_calendar_move(after, change))
    noticed = {(m.change.old, m.change.new) for m in moves.values() if m.notice is not None and not m.begins}
    alone = [m for m in moves.values() if not m.key.startswith("timer:") or (m.change.old, m.change.new) not in noticed]
    has_decision = build_decision_predicate(after)
    leading = [move for move in alone if not has_decision(move.key, move.change.new)]
    planned = limit_moves(after, [move for move in leading if not move.begins])  # with a first day alone no end moves
    stays = dict(_iterate_limits_of_votes(after, planned))
    leading = [replace(move, stays=stays[move.key], held=False) if move.key in stays else move for move in leading]
    following, sure = list[CalendarMove](), list[LimitMove]()
    for limit_move in planned:
        leaders = [move for move in leading if move.key in _list_keys(limit_move)]
        if all(leader.stays is None for leader in leaders):
            following += _iterate_joint_moves(after, leaders, limit_move)
            sure += [] if any(leader.held for leader in leaders) else [limit_move]
    following += _iterate_useful_day_moves(after, sure, former)  # what waits for a decision moves nothing inside it
    return (*leading, *(move for move in following if not has_decision(move.key, move.change.new)))


def counted_otherwise(before: Step, after: Step) -> Iterator[CalendarMove]:
    """Yield what ``after`` counts otherwise by its calendar, of what ``before`` counts as it stands; notices come first."""
    for notice in list_running_notices(after):
        was, window = count_notice(before, notice), count_notice(after, notice)
        if was.last_day != notice.last_day or (window.first_day, window.last_day) == (
            notice.first_day,
            notice.last_day,
        ):
            continue
        begins = window.last_day == notice.last_day
        name, old, new = notice.title, notice.last_day, window.last_day
        if begins:
            name, old, new = f"{notice.title}（首日）", notice.first_day, window.first_day
        passed = not begins and window.ends_at <= after.now
        change = LimitChange(f"notice:{notice.id}", name, old, new, window.ends_at, window, passed)
        held = passed and notice.ends_at > after.now
        yield CalendarMove(change, articles_of(after, notice.clauses), held, notice.id, begins=begins)
    for change in (*compare_limits(before, after), *_compare_recorded_days(before, after)):
        yield _build_calendar_move(after, change)


def _build_calendar_move(after: Step, change: LimitChange) -> CalendarMove:
    if change.task is not None:
        return CalendarMove(
            change, articles_of(after, change.task.clauses), change.passed and change.task.due_at > after.now
        )
    timer = next(t for t in after.instance.timers() if f"timer:{t.id}" == change.key)
    clauses = after.clauses_of(after.element(timer.process_id, timer.element_id), timer.call_path)
    return CalendarMove(change, articles_of(after, clauses), change.passed)


def articles_of(step: Step, clauses: Collection[str]) -> tuple[str, ...]:
    """Return the articles of the clauses that a limit carries out."""
    return tuple(dict.fromkeys(step.package.law.article(clause) for clause in clauses))


def limit_moves(step: Step, moves: Sequence[CalendarMove]) -> list[LimitMove]:
    """Return what moves where ``moves`` are carried out: each limit, a notice with the timers that wait for its end."""
    days = {
        m.key: (m.change.due, m.change.window) for m in moves if m.notice is None and not m.follows and not m.useful
    }
    return [*plan_moves(step, days), *(_move_notice(step, m) for m in moves if m.notice is not None)]


def _move_notice(step: Step, move: CalendarMove) -> LimitMove:
    notice, counted = step.tx.notices.get(move.notice or 0), (move.change.due, move.change.window)
    timers = [limit for limit in running_limits(step) if limit.timer is not None and limit.at == notice.ends_at]
    planned = plan_moves(step, {limit.ident: counted for limit in timers})
    limits = tuple(limit for limit_move in planned for limit in limit_move.limits)
    facts = dict.fromkeys(fact for limit_move in planned for fact in limit_move.facts)
    return LimitMove(limits, counted, tuple(facts), (notice,), recounted=True)


def _list_keys(move: LimitMove) -> list[str]:
    return [f"notice:{notice.id}" for notice in move.notices] or [limit.ident for limit in move.limits]


def _iterate_limits_of_votes(step: Step, moves: Sequence[LimitMove]) -> Iterator[tuple[str, Text]]:
    """Yield the limits, by key, that would make an open ballot end sooner, and those that move with them, each with why it stays."""
    for move in moves:
        cut = [ballot for limit in move.limits for ballot in ballots_cut_short(step, limit, move.counted[0])]
        for key in _list_keys(move) if cut else ():
            yield key, _voted_on(cut[0].title)


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


def _iterate_joint_moves(step: Step, leaders: Sequence[CalendarMove], move: LimitMove) -> Iterator[CalendarMove]:
    """Yield what moves with the first of ``leaders``: limits, ballots and days on record."""
    leader, keys = leaders[0], {each.key for each in leaders}

    def follow(key: str, name: str, articles: tuple[str, ...] = leader.articles) -> CalendarMove:
        change = replace(leader.change, key=key, name=name, new=move.day, due=move.counted[0], window=move.counted[1])
        return CalendarMove(replace(change, task=None), articles, held=False, follows=leader.key)

    for limit in move.limits:
        if leader.notice is None and limit.ident not in keys:
            yield follow(f"with:{limit.ident}", limit.name)
        for ballot in ballots_closing(step, limit.timer) if limit.timer is not None else ():
            many = len(voting_tasks(step, ballot.id))
            beside = f"（截止，连同{many}名成员的投票待办）" if many else "（截止）"
            yield follow(f"ballot:{ballot.id}", f"{ballot.title}{beside}", articles_of(step, ballot.clauses))
    for fact in move.facts:
        yield follow(f"fact:{fact}", f"{names_of_days(step.package).get(fact, fact)}（所记的日期）")


def _iterate_useful_day_moves(
    after: Step, moves: Sequence[LimitMove], former: Sequence[Step]
) -> Iterator[CalendarMove]:
    """Yield the tasks whose last useful day is another one once ``moves`` are carried out, which is tried in memory alone.

    Only days that the calendar gave as it was: one that is otherwise since a fact changed is no matter of the calendar.
    """
    tried = after
    if moves:
        tried = Step(after.desk, after.tx, after.case, after.actor)
        tried.instance = tried.desk.engine.restore(after.case.definition, tried.engine_state, tried.environment)
    for move in moves:
        tried.set_facts(move.days_on_record(tried))
        for limit in move.limits:
            if limit.timer is not None:
                tried.instance.move_timer(limit.timer.id, *move.counted)
    moved = {limit.row.id: move.statutory for move in moves for limit in move.limits if limit.row is not None}
    for row, task, (due, reason) in count_task_limits(tried, moved):
        explanation = reason or {}
        if due == NO_DUE_DATE or not (explanation.get("useful") or (row.due_reason or {}).get("useful")):
            continue
        old, new = find_limit_day(get_display_limit(row)), find_limit_day((due, reason))
        if old is None or new is None or new == old or not counted_before(former, task, row):
            continue
        change = LimitChange(
            f"useful:{row.id}", f"{row.title}（最迟办理日）", old, new, due, passed=due <= after.now, task=row
        )
        held = change.passed and row.due_at > after.now
        lost = Text(str(explanation.get("zh", "")), str(explanation.get("en", ""))) if held else None
        yield CalendarMove(change, articles_of(after, row.clauses), held, useful=True, lost=lost)


def _compare_recorded_days(before: Step, after: Step) -> Iterator[LimitChange]:
    """Yield the limits that end with a day on record which ``before`` counts as it stands, and ``after`` otherwise.

    A day that was moved since, or that nothing in the diagram explains any more, is left alone.
    """
    for limit in running_limits(after):
        days = [day for day in recorded_days(after.package) if _has_same_end(after, day, limit)]
        fixed = _find_fixed_last(after, days) if days else None
        if fixed is None:
            continue
        old, new = (_count_period(step, fixed[0], limit, fixed[1]) for step in (before, after))
        if old is not None and new is not None and old.ends_at == limit.at != new.ends_at:
            yield change_of(after, limit, (new.ends_at, new))


def _dates_from_above(step: Step) -> Iterator[LimitChange]:
    """Yield the limits that end with a day on record of a case above, where a corrected calendar has moved that day.

    The day above says the new one already, so that no calendar of before comes to the day on which such a limit still ends.
    """
    names = {day.name for day in recorded_days(step.package)}
    moved: Mapping[str, Collection[tuple[date, date]]] | None = None
    for limit in running_limits(step) if step.case.parent_id is not None else ():
        read = {path[1] for path in limit.paths if len(path) > 1 and path[0] != "case"} & names
        counted = count_limit(step, limit) if read and is_fixed(step, limit) else None
        if counted is None or counted[0] == limit.at:
            continue
        moved = _read_days_moved_above(step) if moved is None else moved
        old, new = last_day_before(limit.at), last_day_before(counted[0])
        day_moves = [move for name in read for move in moved.get(name, ())]
        if old in {before for before, _ in day_moves} and new in {after for _, after in day_moves}:
            yield change_of(step, limit, counted)


def _read_days_moved_above(step: Step) -> Mapping[str, Collection[tuple[date, date]]]:
    """Return from which day to which the calendar has moved the days on record of the cases above, by their names."""
    days_by_name: dict[str, list[tuple[date, date]]] = {}
    above = step.case.parent_id
    while above is not None:
        for event in step.tx.history.select(case_id=above):
            kind, _, name = str(event.data.get("key", "")).partition(":")
            if event.action == MOVED and kind == "fact":
                old, new = (date.fromisoformat(str(event.data[end])) for end in ("from", "to"))
                days_by_name.setdefault(name, []).append((old, new))
        above = step.tx.cases.get(above).parent_id
    return days_by_name


def _has_same_end(step: Step, day: RecordedDay, limit: RunningLimit) -> bool:
    return day.ends_with(limit) and as_instant(step.facts.get(f"{day.name}_at")) == limit.at


def _find_fixed_last(step: Step, days: Sequence[RecordedDay]) -> tuple[RecordedDay, date] | None:
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
    expressions = operation.parameters if operation is not None and limit.place.process == day.process else {}
    names = ("working_days", "calendar_days", "day", "roll")
    return {name: step.instance.evaluate(expressions[name], data)[0] for name in names if expressions.get(name)}
