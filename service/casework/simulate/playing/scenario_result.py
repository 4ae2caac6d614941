"""The result of a play, step by step and expectation by expectation, in words and with the place to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.casework.simulate.expecting.expectations import (
    Deviation,
    as_it_came,
    collect_deviations,
    kind_of,
    propose_alternatives,
)
from service.casework.simulate.expecting.proposed_expectations import proposed_expectations
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import Move, Scenario, ScenarioMistake
from service.casework.simulate.scenarios.words import step_words
from service.casework.simulate.seasons.season_record import SeasonRecord, season_record
from service.casework.simulate.stage.stage import Follower, PlayState, Workshop
from service.catalog import Package
from service.catalog.scenarios.expectation_words import row_texts
from service.catalog.scenarios.proofs import proved
from service.domain.calendar import CHINA, WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.sdk import Operation
from service.store import Store

_AT_ELEMENT = ("task", "waiting", "reached", "timer", "prefill")
_OF_STEP = ("complete", "each", "send_back", "take_back", "claim", "confirm")


class How(StrEnum):
    """How a step or an expectation came out."""

    MET = "met"
    UNMET = "unmet"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True)
class ResultLine:
    """A step (``number`` in the file) or an expectation at the end, as it came out, ``at`` a time in Asia/Shanghai.

    ``instead`` is an unmet expectation with the results that came, where it can be named so.
    """

    number: int
    verb: str
    words: Text
    how: How
    at: str = ""
    messages: tuple[Text, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    process: str = ""
    element: str = ""
    proves: tuple[str, ...] = ()
    instead: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """What came of a scenario; it ``passed`` when every step could be played and every expectation was met.

    ``stopped_by`` is the mistake for which it could not be played at all, ``incidents`` what broke and neither a step
    nor an expectation says. ``proposed`` are expectations that hold at the end, where they were asked for.
    """

    name: str
    title: str
    lines: tuple[ResultLine, ...]
    expected: tuple[ResultLine, ...]
    passed: bool
    record: SeasonRecord | None
    seconds: float
    stopped_by: Text | None = None
    proposed: tuple[dict[str, Any], ...] = ()
    incidents: tuple[Text, ...] = ()

    @property
    def unmet(self) -> tuple[ResultLine, ...]:
        """The steps and expectations that came out otherwise."""
        return tuple(line for line in (*self.lines, *self.expected) if line.how is How.UNMET)


class ResultKeeper(Follower):
    """Keeps how each step came out."""

    def __init__(self, package: Package, *, propose: bool = False) -> None:
        self._propose = propose
        self.proposed: tuple[dict[str, Any], ...] = ()
        self._step, self._row, self._package = step_words(package), row_texts(package), package
        self.lines: list[ResultLine] = []
        self.expected_lines: list[ResultLine] = []
        self.record: SeasonRecord | None = None

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """Keep how the step came out."""
        row = move.value if move.verb == "expect" else None
        words = self._row(row) if row is not None else self._step(move)
        element = str(move.value) if move.verb in _OF_STEP else ""
        self.lines.append(
            self._build_line(stage, move.number, move.verb, words, unmet, row, element, proved(row or move.keys))
        )

    def expected(self, stage: PlayState, number: int, row: Mapping[str, Any], unmet: Sequence[Text]) -> None:
        """Keep how an expectation came out."""
        line = self._build_line(stage, number, "expect", self._row(row), unmet, row, "", proved(row))
        self.expected_lines.append(line)

    def ended(self, stage: PlayState) -> None:
        """Keep what the season came to."""
        self.record = season_record(stage)
        if self._propose:
            self.proposed = tuple(proposal.row for proposal in proposed_expectations(stage) if proposal.ticked)

    def _build_line(
        self,
        stage: PlayState,
        number: int,
        verb: str,
        words: Text,
        unmet: Sequence[Text],
        row: Mapping[str, Any] | None,
        element: str,
        proves: tuple[str, ...],
    ) -> ResultLine:
        at = stage.clock.now().astimezone(CHINA).isoformat(timespec="minutes")
        how = How.UNMET if unmet else How.MET
        element = element or _element_of(row)
        apart = _list_deviations(stage, row) if row is not None and unmet else ()
        deviation_texts = tuple(self._apart_in_words(stage, row, apart)) if row is not None and unmet else ()
        instead = _as_it_came(stage, row) if row is not None and unmet else None
        return ResultLine(
            number,
            verb,
            words,
            how,
            at,
            deviation_texts or tuple(unmet),
            apart,
            self._find_process(element),
            element,
            proves,
            instead,
        )

    def _apart_in_words(self, stage: PlayState, row: Mapping[str, Any], apart: Sequence[Deviation]) -> Iterator[Text]:
        """Yield how the season came out instead, in the words in which the expectation is read."""
        for deviation in apart:
            wanted = self._row({deviation.key: deviation.wanted})
            actual = self._row({deviation.key: deviation.found}) if deviation.found else Text("没有", "none")
            yield Text(f"应当 {wanted.zh}，实际 {actual.zh}", f"Expected {wanted.en}, is {actual.en}")
        if not apart:
            instead = [self._row(row) for row in _list_alternatives(stage, row)]
            yield Text(
                f"与期望不同，实际：{'；'.join(alternative.zh for alternative in instead) or '没有'}",
                f"It is otherwise: {'; '.join(alternative.en for alternative in instead) or 'nothing'}",
            )

    def _find_process(self, element: str) -> str:
        process_ids = (d.process_id for d in self._package.diagrams.values() if element in d.elements)
        return next(process_ids, "") if element else ""


def _list_deviations(stage: PlayState, row: Mapping[str, Any]) -> tuple[Deviation, ...]:
    try:
        return collect_deviations(stage, row)
    except ScenarioMistake:  # the case it asks of was never started
        return ()


def _as_it_came(stage: PlayState, row: Mapping[str, Any]) -> dict[str, Any] | None:
    try:
        return as_it_came(stage, row)
    except ScenarioMistake:  # the case it asks of was never started
        return None


def _list_alternatives(stage: PlayState, row: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    try:
        return propose_alternatives(stage, row)
    except ScenarioMistake:  # the case it asks of was never started
        return ()


def _element_of(row: Mapping[str, Any] | None) -> str:
    key = kind_of(row) if row is not None else ""
    return str(row[key]) if row is not None and key in _AT_ELEMENT else ""


def play_for_result(
    store: Store,
    package: Package,
    scenario: Scenario,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
    *,
    workshop: Workshop | None = None,
    propose: bool = False,
    now: Callable[[], float] = lambda: 0.0,
) -> ScenarioResult:
    """Play ``scenario`` on the empty ``store`` and return how each step and expectation came out; ``now`` measures it."""
    keeper, began = ResultKeeper(package, propose=propose), now()
    try:
        played = play(
            store,
            package,
            scenario,
            calendars,
            operations,
            follower=keeper,
            workshop=workshop,
        )
    except LaurelError as error:
        return _build_broken_result(scenario, keeper, error.message, now() - began)
    lines, expected = _complete_lines(package, scenario, keeper)
    return ScenarioResult(
        scenario.file,
        scenario.title,
        lines,
        expected,
        played.passed,
        keeper.record,
        now() - began,
        proposed=keeper.proposed,
        incidents=tuple(u.message for u in played.unmet if u.where == "incident"),
    )


def _build_broken_result(scenario: Scenario, keeper: ResultKeeper, why: Text, seconds: float) -> ScenarioResult:
    return ScenarioResult(scenario.file, scenario.title, tuple(keeper.lines), (), False, None, seconds, why)


def _complete_lines(
    package: Package, scenario: Scenario, keeper: ResultKeeper
) -> tuple[tuple[ResultLine, ...], tuple[ResultLine, ...]]:
    """Return the lines of all steps and expectations, those that were not reached included."""
    say, row_of = step_words(package), row_texts(package)
    lines, expected = list(keeper.lines), list(keeper.expected_lines)
    for move in scenario.moves[len(lines) :]:
        words = row_of(move.value) if move.verb == "expect" else say(move)
        lines.append(ResultLine(move.number, move.verb, words, How.NOT_REACHED))
    for number, row in enumerate(scenario.expect[len(expected) :], len(expected) + 1):
        expected.append(ResultLine(number, "expect", row_of(row), How.NOT_REACHED, proves=proved(row)))
    return tuple(lines), tuple(expected)
