"""A play of a package in which something is changed: whether the scenario notices, and at which step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.simulate.expecting.known_words import demand_known
from service.casework.simulate.mutants.witness import Witness, visits_of, witness_of
from service.casework.simulate.playing.play import play
from service.casework.simulate.playing.scenario_result import ResultKeeper
from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.stage import PlayState, Workshop
from service.catalog import Package
from service.domain.calendar import WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.sdk import Operation

_GOES_ON = Text("这一季能照常进行", "the season goes on")


@dataclass(frozen=True, slots=True)
class UnmetAt:
    """Where a scenario failed: ``step`` in the file, 0 at the end; what was ``expected`` there, what was ``found``.

    ``proves`` are the clauses that the expectation names.
    """

    step: int
    expected: Text
    found: Text
    proves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MutantPlay:
    """A scenario played under a changed package: where it failed (nowhere: it noticed nothing), and what it passed."""

    failures: tuple[UnmetAt, ...]
    visits: frozenset[str]


@dataclass(frozen=True, slots=True)
class MutantStage:
    """What plays of the mutants of one package share; ``beat`` is called before each step and may end the play."""

    package: Package
    calendars: Mapping[str, WorkingCalendar]
    operations: Mapping[str, Operation]
    workshop: Workshop
    beat: Callable[[int], None]

    def witness(self, scenario: Scenario, name: str, text: str) -> Witness | None:
        """Play ``scenario`` on the package as it is; None where it fails anyway: it can notice nothing then."""
        keeper = _UnmetKeeper(self.package, self.beat)
        with empty_store() as store:
            try:
                demand_known(self.package, scenario)
                found = play(
                    store,
                    self.package,
                    scenario,
                    self.calendars,
                    self.operations,
                    follower=keeper,
                    workshop=self.workshop,
                )
            except LaurelError:
                return None
            cost = float(len(scenario.moves))
            return witness_of(self.package, store, found, name, text, cost) if found.passed else None

    def play(self, changed: Package, scenario: Scenario) -> MutantPlay:
        """Play ``scenario`` under ``changed`` up to the step that fails."""
        keeper, version = _UnmetKeeper(self.package, self.beat), changed.version
        failures: list[UnmetAt] = []
        with empty_store() as store:
            try:
                found = play(
                    store,
                    changed,
                    scenario,
                    self.calendars,
                    self.operations,
                    follower=keeper,
                    workshop=self.workshop,
                    to_first_unmet=True,
                )
                failures = [UnmetAt(0, _GOES_ON, one.message) for one in found.unmet if one.where == "incident"]
            except LaurelError as error:
                failures = [UnmetAt(0, _GOES_ON, error.message)]
            finally:
                if version != self.package.version:
                    self.workshop.engine.forget(version)
            return MutantPlay((*keeper.failures(), *failures), visits_of(store))


class _UnmetKeeper(ResultKeeper):
    """Keeps the steps and expectations that came out otherwise, and nothing else."""

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """Keep the step where it failed."""
        if unmet:
            super().after(stage, move, unmet)

    def expected(self, stage: PlayState, number: int, row: Mapping[str, Any], unmet: Sequence[Text]) -> None:
        """Keep the expectation where it was not met."""
        if unmet:
            super().expected(stage, number, row, unmet)

    def ended(self, stage: PlayState) -> None:
        """Keep nothing of the season."""

    def failures(self) -> list[UnmetAt]:
        """Return what failed: a step with its number, an expectation at the end with 0."""
        return [
            *(UnmetAt(line.number, line.words, line.messages[0], line.proves) for line in self.lines),
            *(UnmetAt(0, line.words, line.messages[0], line.proves) for line in self.expected_lines),
        ]
