"""What a corrected calendar would move in a running case: tasks, timers and notices that were counted by it as it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from service.casework.access.actor import Actor
from service.casework.amendments.move_plan import DateChange, changed_dates
from service.casework.desk.calendars import differing
from service.casework.desk.desk import Desk
from service.casework.due.calendar_move import CalendarMove, articles_of, kept_for_votes
from service.casework.due.following_moves import following_moves
from service.casework.due.recorded_dates import dates_from_above, recorded_dates
from service.casework.step.notice_window import counted_again
from service.casework.step.step import Step
from service.domain.calendar import WorkingCalendar
from service.store import Transaction
from service.store.models import CaseRow, NoticeRow

KEPT = "calendar_kept"
"""Action of the audit entry by which somebody decided that a limit keeps its day."""

Former = Sequence[Mapping[str, WorkingCalendar]]
"""States of the calendars before today's."""


def moves_of(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, former: Former) -> tuple[CalendarMove, ...]:
    """Return what would move in a case (with its state); nothing is written.

    A case whose own calendar was the same in all ``former`` states is not loaded.
    """
    if not differing(former, desk, desk.packages.get(case.definition, tx).jurisdiction.calendar):
        return ()
    after = Step(desk, tx, case, actor)
    after.instance = desk.engine.restore(case.definition, after.engine_state, after.environment)
    return moves_in(after, former)


def moves_in(after: Step, former: Former) -> tuple[CalendarMove, ...]:
    """Return what would move in the case of a step, as some former state of the calendars counted it.

    A limit that none of them reproduces was set by a person, or by something else than the calendar: it stays.
    """
    found: dict[str, CalendarMove] = {}
    for calendars in differing(former, after.desk, after.package.jurisdiction.calendar):
        before = Step(replace(after.desk, calendars=calendars), after.tx, after.case, after.actor)
        before.instance = before.desk.engine.restore(after.case.definition, before.engine_state, before.environment)
        changes = [*changed_dates(before, after), *recorded_dates(before, after)]
        moves = [*_notices(before, after), *(_move(after, change) for change in changes)]
        for move in moves:
            found.setdefault(move.key, move)
    for change in dates_from_above(after):
        above = _move(after, change)
        found.setdefault(above.key, above)
    noticed = {(m.change.old, m.change.new) for m in found.values() if m.notice is not None and not m.begins}
    alone = [m for m in found.values() if m.change.timer is None or (m.change.old, m.change.new) not in noticed]
    kept = kept_by_decision(after)
    leading = tuple(kept_for_votes(after, [move for move in alone if not kept(move.key, move.change.new)]))
    return (*leading, *(move for move in following_moves(after, leading) if not kept(move.key, move.change.new)))


def kept_by_decision(step: Step) -> Callable[[str, date], bool]:
    """Return what tells of which move (by key and new day) somebody decided that the day of before is kept.

    The history is read once, and only where something is asked.
    """

    @cache
    def decided() -> set[tuple[str, str]]:
        events = step.tx.history.whole(step.case.id)
        return {(str(e.data.get("key")), str(e.data.get("day"))) for e in events if e.action == KEPT}

    return lambda key, day: (key, day.isoformat()) in decided()


def _notices(before: Step, after: Step) -> Iterator[CalendarMove]:
    for notice in after.tx.notices.of_case(after.case.id):
        if notice.state == "running" and counted_again(before, notice).last_day == notice.last_day:
            yield from _notice(after, notice)


def _notice(after: Step, notice: NoticeRow) -> Iterator[CalendarMove]:
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


def _move(after: Step, change: DateChange) -> CalendarMove:
    if change.task is not None:
        row = after.tx.tasks.get(change.task)
        held, clauses, key = change.passed and row.due_at > after.now, row.clauses, f"task:{row.id}"
    else:
        timer = next(t for t in after.instance.timers() if t.id == change.timer)
        drawn = after.element(timer.process_id, timer.element_id)
        clauses = list(after.clauses_of(drawn, timer.call_path))
        held, key = change.passed, f"timer:{timer.id}"
    return CalendarMove(key, change, articles_of(after, clauses), held)
