"""A play that waits: where a step's task is still to come, time passes until it is there, and later steps move along."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from service.casework.simulate.expecting.expectations import Deviation, deviations, unmet_in
from service.casework.simulate.scenarios.scenario import Move, ScenarioMistake, instant
from service.casework.simulate.seasons.season_record import Lasting, Span, season_record
from service.casework.simulate.stage.stage import PlayState
from service.domain.calendar import CHINA, WorkingCalendar

MOST_DAYS = 60
"""So long a step is waited for at most."""
_MOST_UNDONE = 3
_FAR = 120
"""Days that a step names and that lie further ahead of it (validity, terms of years) stay as they are."""
_OPENS = time(9)
_TASKS = ("complete", "each", "claim", "send_back", "confirm")
_BALLOTS = ("vote", "hall")
_DAY = re.compile(r"\d{4}-\d\d-\d\d([T ].*)?")


@dataclass(frozen=True, slots=True)
class Wait:
    """Step ``number`` was done ``after`` instead of ``before``, since ``label`` ran so long, by ``clauses``."""

    number: int
    before: datetime
    after: datetime
    label: str
    clauses: tuple[str, ...]


class NeverComes(Exception):
    """The task of the step at ``index`` did not come: the play is to begin anew without waiting for it."""

    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


@dataclass(slots=True)
class Patience:
    """How one play waits; steps at the indices ``undone`` are not waited for, nor what comes behind them in their case.

    ``delay`` is by how many days the steps still to come are later than written, ``since`` the first day that moves.
    With ``expects`` an expectation is waited for too, ``end`` is how long those at the end were. ``moves`` keeps what moved the
    days of each step.
    """

    undone: frozenset[int] = frozenset()
    delay: timedelta = timedelta()
    since: date | None = None
    waits: list[Wait] = field(default_factory=list)
    expects: bool = False
    moves: dict[int, Later] = field(default_factory=dict)
    end: Wait | None = None
    _given_up: int = 0
    _stalled: set[str | None] = field(default_factory=set)

    def without(self, index: int) -> Patience:
        """Return the patience of another play, which does not wait for the step at ``index``."""
        return Patience(self.undone | {index}, expects=self.expects, _given_up=self._given_up + 1)

    def moved(self, stage: PlayState, move: Move) -> Move:
        """Return ``move`` as late as the steps before it were, with the days that it names."""
        if not self.delay or self.since is None:
            return move
        today = (move.at or stage.clock.now()).astimezone(CHINA).date()
        later = Later(self.since, today + timedelta(days=_FAR), self.delay, calendar_of(stage))
        self.moves.setdefault(move.number, later)
        at = max(later.instant(move.at), stage.clock.now()) if move.at is not None else None
        value = (
            max(later.instant(instant(move.value, _OPENS)), stage.clock.now()) if move.verb == "until" else move.value
        )
        return replace(move, at=at, value=value, keys=later.named(move.keys))

    def until_there(self, stage: PlayState, index: int, move: Move) -> bool:
        """Let time pass until the task of ``move`` is there; returns False where it is not waited for.

        Raises NeverComes where it does not come in time.
        """
        if index in self.undone or move.case in self._stalled or self._given_up >= _MOST_UNDONE:
            self._stalled.add(move.case)
            return False
        if (move.verb == "expect" and not self.expects) or "refused" in move.keys or not _is_to_come(stage, move):
            return False
        wait = self._waited(stage, index, move.number, lambda: _is_there(stage, move))
        self.since = self.since or wait.before.date()
        self.delay += wait.after.date() - wait.before.date()
        self.waits.append(wait)
        return True

    def until_held(self, stage: PlayState) -> None:
        """Let time pass until all that is expected at the end holds; nothing passes where it holds, or never will.

        Raises NeverComes where it does not come to hold in time, or what held holds no more by then.
        """
        index = len(stage.scenario.moves)

        def held() -> bool:
            return all(_is_as_expected(stage, row) for row in stage.scenario.expect)

        if not self.expects or index in self.undone or held():
            return
        wait = self._waited(stage, index, index + 1, held)
        if not held():
            raise NeverComes(index)
        self.end = wait

    def _waited(self, stage: PlayState, index: int, number: int, there: Callable[[], bool]) -> Wait:
        """Let time pass until what step ``number`` waits for is ``there``; raises NeverComes where it does not come in time."""
        planned = stage.clock.now()
        before = season_record(stage).spans
        while not there():
            due = stage.next_due()
            if due is None or due > planned + timedelta(days=MOST_DAYS):
                raise NeverComes(index)
            stage.advance(max(due, stage.clock.now()))
        cause = _ended(before, season_record(stage).spans)
        stage.advance(_office_hour(stage, planned))
        first, now = planned.astimezone(CHINA), stage.clock.now().astimezone(CHINA)
        return Wait(number, first, now, cause.label if cause else "", cause.clauses if cause else ())


@dataclass(frozen=True, slots=True)
class Later:
    """Moves days from ``since`` until ``last`` by ``delay``; a working day becomes a working day."""

    since: date
    last: date
    delay: timedelta
    calendar: WorkingCalendar

    def day(self, day: date) -> date:
        """Return the day instead of ``day``."""
        if not self.since <= day <= self.last:
            return day
        found = day + self.delay
        while self.calendar.is_working(day) and not self.calendar.is_working(found):
            found += timedelta(days=1)
        return found

    def instant(self, at: datetime) -> datetime:
        """Return the instant instead of ``at``, at the same time of day."""
        here = at.astimezone(CHINA)
        return datetime.combine(self.day(here.date()), here.timetz())

    def named(self, value: Any) -> Any:
        """Return ``value`` with the days in it moved."""
        if isinstance(value, Mapping):
            return {key: self.named(held) for key, held in value.items()}
        if isinstance(value, list):
            return [self.named(held) for held in value]
        if isinstance(value, datetime):
            return self.instant(value) if value.tzinfo else datetime.combine(self.day(value.date()), value.time())
        if isinstance(value, date):
            return self.day(value)
        if isinstance(value, str) and _DAY.fullmatch(value):
            try:
                return self.day(date.fromisoformat(value[:10])).isoformat() + value[10:]
            except ValueError:
                return value
        return value


def calendar_of(stage: PlayState) -> WorkingCalendar:
    """Return the working calendar of the place that is played."""
    return stage.desk.calendars[stage.package.jurisdiction.calendar]


def _is_to_come(stage: PlayState, move: Move) -> bool:
    """Tell whether a step failed for want of a task, ballot or case that may still come."""
    nick = str(move.keys.get("parent")) if move.verb == "find" else _case_of(move)
    if move.verb not in (*_TASKS, *_BALLOTS, "find", "expect") or nick not in stage.cases or _is_there(stage, move):
        return False
    with stage.desk.store.read() as tx:
        return tx.cases.get(stage.case(nick)).ended_at is None


def _case_of(move: Move) -> str:
    return str(move.value.get("case") if move.verb == "expect" else move.case)


def _is_there(stage: PlayState, move: Move) -> bool:
    if move.verb == "expect":
        return _is_as_expected(stage, move.value)
    with stage.desk.store.read() as tx:
        if move.verb == "find":
            return bool(tx.cases.children(stage.case(str(move.keys.get("parent"))), str(move.value)))
        case = stage.case(move.case)
        if move.verb in _BALLOTS:
            return any(ballot.state == "open" for ballot in tx.ballots.of_case(case))
        return any(task.element == move.value for task in tx.tasks.open_of_case(case))


def _is_as_expected(stage: PlayState, row: Mapping[str, Any]) -> bool:
    """Tell whether an expectation holds but for its days; one of a case that is not there does not, and says so when it is asked."""
    try:
        return not unmet_in(stage, row) or is_of_days(deviations(stage, row))
    except ScenarioMistake:
        return False


def is_of_days(found: Collection[Deviation]) -> bool:
    """Tell whether an expectation is apart from what came in its days alone."""
    return bool(found) and all(_DAY.fullmatch(one.wanted) and _DAY.fullmatch(one.found) for one in found)


def _ended(before: tuple[Span, ...], after: tuple[Span, ...]) -> Span | None:
    """Return the notice, or else the timer, that ended last between two looks at a season."""
    now = {(s.lasting, s.case, s.code, s.nth): s.state for s in after}
    ended = [s for s in before if now.get((s.lasting, s.case, s.code, s.nth)) != s.state and s.last is not None]
    for lasting in (Lasting.NOTICE, Lasting.TIMER):
        found = [span for span in ended if span.lasting is lasting]
        if found:
            return max(found, key=lambda span: span.last or span.first)
    return None


def _office_hour(stage: PlayState, planned: datetime) -> datetime:
    """Return the next time of day at which the step was planned, on a working day."""
    now, at = stage.clock.now().astimezone(CHINA), planned.astimezone(CHINA).timetz()
    found = datetime.combine(now.date(), at)
    calendar = calendar_of(stage)
    while found < now or not calendar.is_working(found.date()):
        found += timedelta(days=1)
    return found
