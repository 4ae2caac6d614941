"""A task that scenarios do not know yet, put into the course of one: played until the task waits, done, and played on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from service.casework.simulate.playing.play import play, play_move, refusal_text
from service.casework.simulate.playing.scenario_result import How, ResultKeeper
from service.casework.simulate.scenarios.scenario import Move, Scenario, ScenarioMistake, instant, move_of
from service.casework.simulate.scenarios.scenario_text import flow
from service.casework.simulate.scenarios.step_words import step_words
from service.casework.simulate.seasons.season_record import every_case
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.follower import Follower
from service.casework.simulate.stage.named_on_stage import find_row, nick_of, who_does
from service.casework.simulate.stage.stage import PlayState, Workshop
from service.casework.simulate.writing.guessed_values import with_guesses
from service.casework.step.submission import FormInvalid
from service.catalog import Package
from service.domain.calendar import CHINA, WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.sdk import Operation
from service.store.rows import TaskRow

_OPENS = time(9)
_TRIES = 4
_MOST_DAYS = 40
_WITHOUT_FORM = ("ballot", "confirm_date")
_SAME = "$"


@dataclass(frozen=True, slots=True)
class NewStep:
    """A task to be done in every scenario: the element it waits at, and what is filled in, the same everywhere."""

    element: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InsertedRow:
    """A row to be written before row ``before`` (from 0) of the steps: as a file says it, in words, with its day."""

    before: int
    text: str
    words: Text
    at: str


@dataclass(frozen=True, slots=True)
class StepPlaced:
    """Where a step belongs in a scenario: no ``rows`` where it does not apply, and then ``reason`` says why.

    ``passes`` tells whether the scenario holds with them, ``unmet`` what is otherwise all the same.
    """

    rows: tuple[InsertedRow, ...]
    reason: Text | None = None
    passes: bool = False
    unmet: tuple[Text, ...] = ()


def does_step(scenario: Scenario, element: str) -> bool:
    """Tell whether some step of ``scenario`` does the task at ``element`` already."""
    return any(move.verb in ("complete", "each") and move.value == element for move in scenario.moves)


def place_step(
    package: Package,
    scenario: Scenario,
    step: NewStep,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
    *,
    workshop: Workshop | None = None,
    beat: Callable[[int], None] = lambda _number: None,
) -> StepPlaced:
    """Play ``scenario`` on a store of its own and do ``step`` wherever it waits; returns the rows that this takes."""
    if does_step(scenario, step.element):
        return StepPlaced((), Text("已经有人办理这一步，不改。", "Somebody does it already; nothing changes."))
    placer = _StepPlacer(package, scenario, step, beat)
    with empty_store() as store:
        try:
            played = play(store, package, scenario, calendars, operations, follower=placer, workshop=workshop)
        except LaurelError as error:
            return StepPlaced(tuple(placer.rows), error.message)
    unmet = placer.unmet()
    if placer.rows:
        return StepPlaced(tuple(placer.rows), placer.refused, played.passed and placer.refused is None, unmet)
    never = Text("这个情景里办件走不到这一步。", "No case of this scenario comes to it.")
    return StepPlaced((), placer.refused or never, played.passed, unmet)


class _StepPlacer(Follower):
    """Does the new step as soon as it waits, and keeps the rows that say so."""

    def __init__(self, package: Package, scenario: Scenario, step: NewStep, beat: Callable[[int], None]) -> None:
        self._package, self._scenario, self._step = package, scenario, step
        self._keeper, self._say = ResultKeeper(package, beat), step_words(package)
        self._at = 0
        self.rows: list[InsertedRow] = []
        self.refused: Text | None = None

    def unmet(self) -> tuple[Text, ...]:
        """Return what came out otherwise, in words."""
        lines = [*self._keeper.lines, *self._keeper.expected_lines]
        return tuple(
            Text(f"{line.words.zh}：{_zh(line.messages)}", f"{line.words.en}: {_en(line.messages)}")
            for line in lines
            if line.how is How.UNMET
        )

    def before(self, stage: PlayState, move: Move) -> None:
        self._keeper.before(stage, move)
        until = instant(move.value, _OPENS) if move.verb == "until" else move.at
        if until is not None:
            self._pass_time(stage, until, move.number - 1)

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        self._keeper.after(stage, move, unmet)
        self._at += 1
        moves = self._scenario.moves
        last_of_row = self._at >= len(moves) or moves[self._at].number != move.number
        if last_of_row and (not unmet or move.verb == "expect" or "refused" in move.keys):
            self._do(stage, move.number, timed=False)

    def expected(self, stage: PlayState, number: int, row: Mapping[str, Any], unmet: Sequence[Text]) -> None:
        self._keeper.expected(stage, number, row, unmet)

    def _pass_time(self, stage: PlayState, until: datetime, before: int) -> None:
        """Let time pass as the next step does; where the new task falls due to be done on the way, do it there."""
        while (due := stage.next_due()) is not None and due <= until:
            stage.advance(max(due, stage.clock.now()))
            if self.refused is None and self._waiting(stage):
                stage.advance(max(stage.clock.now(), min(until, _office_hour(stage))))
                self._do(stage, before, timed=True)

    def _waiting(self, stage: PlayState) -> list[TaskRow]:
        with stage.desk.store.read() as tx:
            running = [case for case in every_case(tx) if case.status == "running"]
            rows = [task for case in running for task in tx.tasks.open_of_case(case.id)]
        return [row for row in rows if row.element == self._step.element and row.kind not in _WITHOUT_FORM]

    def _do(self, stage: PlayState, before: int, *, timed: bool) -> None:
        if self.refused is not None:
            return
        waiting = self._waiting(stage)
        done: list[dict[str, Any]] = []
        try:
            for task in waiting:
                done += self._done(stage, task, done)
        except LaurelError as error:
            self.refused = refusal_text(error)
        at = stage.clock.now().astimezone(CHINA)
        for number, row in enumerate(_together(done)):
            text = f"{{at: {at:%Y-%m-%d %H:%M}, {flow(row)[1:]}" if timed and number == 0 else flow(row)
            words = self._say(move_of("", before + 1, _told(row)))
            self.rows.append(InsertedRow(before, text, words, at.isoformat(timespec="minutes")))

    def _done(self, stage: PlayState, task: TaskRow, done: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Do one task, its case named first where nobody did; yields the steps."""
        with stage.desk.store.read() as tx:
            case, who = tx.cases.get(task.case_id), who_does(stage, tx, task)
        nick = nick_of(stage, case.id)
        if nick is None:
            parent = nick_of(stage, case.parent_id) if case.parent_id is not None else None
            row = find_row(stage, case, parent) if parent is not None else None
            if row is None:
                raise ScenarioMistake(
                    Text(
                        f"办件“{case.title}”在情景里没有代称，写不进步骤：请先加一步“取名”。",
                        f"The case “{case.title}” has no nickname in the scenario: give it one by a step first.",
                    )
                )
            play_move(stage, move_of("", 0, row))
            yield row
            nick = str(row["name"])
        if task.assignee_id is not None:
            if not any(row.get("each") and row.get("case") == nick for row in done):
                yield self._played(stage, task, {"case": nick, "each": self._step.element})
            return
        yield self._played(stage, task, {"as": who, "case": nick, "complete": self._step.element})

    def _played(self, stage: PlayState, task: TaskRow, row: dict[str, Any]) -> dict[str, Any]:
        """Play a row that fills in the form; what is required and nobody gave is made up."""
        form = stage.desk.packages.form(stage.package, str(task.form))
        given = dict(self._step.values)
        today = stage.clock.now().astimezone(CHINA).date()
        for _ in range(_TRIES):
            try:
                play_move(stage, move_of("", 0, {**row, **({"with": given} if given else {})}))
                break
            except FormInvalid as invalid:
                more = with_guesses(form, given, invalid.errors, today)
                if more == given:
                    raise
                given = more
        return {**row, **({"with": given} if given else {})}


def _office_hour(stage: PlayState) -> datetime:
    """Return when somebody would sit down to a task that is there now: at once, from nine, on a working day."""
    now = stage.clock.now().astimezone(CHINA)
    soon = now.replace(second=0, microsecond=0) + (
        timedelta(minutes=1) if now.second or now.microsecond else timedelta()
    )
    day = max(soon, datetime.combine(soon.date(), _OPENS, CHINA))
    calendar = stage.desk.calendars[stage.package.jurisdiction.calendar]
    for _ in range(_MOST_DAYS):
        if calendar.is_working(day.date()):
            return day
        day = datetime.combine(day.date() + timedelta(days=1), _OPENS, CHINA)
    return soon


def _together(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with those that differ by nothing but the case, and who acts for it, written as one for each."""
    found: list[dict[str, Any]] = []
    alike: list[list[str]] = []
    for row in rows:
        nick = str(row.get("case", ""))
        same = {**row, "case": _SAME, **({"as": _SAME} if row.get("as") == nick else {})} if nick else row
        if nick and found and found[-1] == same:
            alike[-1].append(nick)
        else:
            found.append(same)
            alike.append([nick] if nick else [])
    return [_for_each(row, nicks) for row, nicks in zip(found, alike, strict=True)]


def _for_each(row: dict[str, Any], nicks: list[str]) -> dict[str, Any]:
    if len(nicks) > 1:
        return {"every": nicks, **row}
    return {key: nicks[0] if value == _SAME and nicks else value for key, value in row.items()}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as it is read out: for several cases their names stand where one would."""
    names = "、".join(row.get("every", ()))
    return {key: names if value == _SAME else value for key, value in row.items() if key != "every"}


def _zh(messages: Sequence[Text]) -> str:
    return "；".join(one.zh for one in messages)


def _en(messages: Sequence[Text]) -> str:
    return "; ".join(one.en for one in messages)
