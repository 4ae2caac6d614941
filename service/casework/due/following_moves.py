"""What moves with the limits that a corrected calendar moves: ballots, days on record, what is counted from these, last useful days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from service.casework.amendments.move_plan import DateChange
from service.casework.due.calendar_move import CalendarMove, articles_of, limit_moves
from service.casework.interventions.effect import names_of_days
from service.casework.step.closing_ballots import ballots_closing, voting_tasks
from service.casework.step.former_useful_day import counted_before, former_steps
from service.casework.step.move_limits import LimitMove, days_on_record, shown_day
from service.casework.step.step import Step
from service.casework.step.time_limits import NO_DUE_DATE, last_day_before, limit_of, statutory
from service.domain.calendar import Window
from service.domain.text import Text
from service.store.models import TaskRow


def following_moves(after: Step, leading: Sequence[CalendarMove]) -> Iterator[CalendarMove]:
    """Yield what else is otherwise once ``leading`` are carried out; what waits for a decision moves nothing inside it."""
    leading = [
        move for move in leading if not move.begins and move.stays is None
    ]  # with a first day alone no end moves
    leaders = {move.key: move for move in leading}
    for move in limit_moves(after, leading):
        yield from _together(after, leaders, move)
    yield from _useful(after, limit_moves(after, [move for move in leading if not move.held]))


def _together(step: Step, leaders: Mapping[str, CalendarMove], move: LimitMove) -> Iterator[CalendarMove]:
    names = [f"notice:{notice.id}" for notice in move.notices] or [limit.ident for limit in move.limits]
    leader = next(leaders[name] for name in names if name in leaders)

    def line(key: str, name: str, articles: tuple[str, ...] = leader.articles) -> CalendarMove:
        old, new = leader.change.old, last_day_before(move.due)
        change = DateChange(name, old, new, leader.change.passed, move.due, move.window)
        return CalendarMove(key, change, articles, held=False, follows=leader.key)

    for limit in move.limits:
        if leader.notice is None and limit.ident not in leaders:
            yield line(f"with:{limit.ident}", limit.name)
        for ballot in ballots_closing(step, limit.timer) if limit.timer is not None else ():
            many = len(voting_tasks(step, ballot.id))
            beside = f"（截止，连同{many}名成员的投票待办）" if many else "（截止）"
            yield line(f"ballot:{ballot.id}", f"{ballot.title}{beside}", articles_of(step, ballot.clauses))
    for fact in move.facts:
        yield line(f"fact:{fact}", f"{names_of_days(step.package).get(fact, fact)}（所记的日期）")


def _useful(after: Step, moves: Sequence[LimitMove]) -> Iterator[CalendarMove]:
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
        due, reason = limit_of(tried, task, *laws.get(row.id, (statutory(row)[0], None)), row.created_at)
        new = _useful_day(row, due, reason)
        old = shown_day(row)
        if old is None or new is None or new == old:
            continue
        former = former_steps(after) if former is None else former
        if counted_before(former, task, row):
            passed = due <= after.now
            change = DateChange(f"{row.title}（最迟办理日）", old, new, passed, due, None, task=row.id)
            held = passed and row.due_at > after.now
            lost = Text(str((reason or {}).get("zh", "")), str((reason or {}).get("en", ""))) if held else None
            articles = articles_of(after, row.clauses)
            yield CalendarMove(f"useful:{row.id}", change, articles, held, useful=True, lost=lost)


def _useful_day(row: TaskRow, due: datetime, reason: Mapping[str, object] | None) -> date | None:
    """Return the day that a task would show, where it is or was a last useful day; else None."""
    useful = (reason or {}).get("useful") or (row.due_reason or {}).get("useful")
    if not useful or due == NO_DUE_DATE:
        return None
    named = (reason or {}).get("last_day")
    return date.fromisoformat(str(named)) if named else last_day_before(due)
