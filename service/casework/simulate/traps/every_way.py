"""Every way of few acts through a package, fewer first: acts left out, one of them done otherwise, then nobody acts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace

from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.rewind import Rewindable, StageState
from service.casework.simulate.stage.stage import PlayState, Workshop, open_stage
from service.casework.simulate.traps.found_traps import is_act
from service.casework.simulate.traps.trap_looks import look, visited_on
from service.casework.simulate.traps.traps import Trap
from service.casework.simulate.traps.variants import OtherWay, Variation, other_ways_of
from service.catalog import Package
from service.domain.calendar import WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.sdk import Operation

_PART = Text("只办其中几步", "only some of its acts")


@dataclass(frozen=True, slots=True)
class WayTried:
    """A way that was gone: its steps as a scenario, what was done otherwise, and what it showed."""

    scenario: Scenario
    change: Variation
    what: Text
    traps: tuple[tuple[Trap, str], ...]
    visited: Mapping[tuple[str, str], str]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way so far: its steps, how many of the scenario's were looked at, what was done otherwise, where it stands."""

    moves: tuple[Move, ...]
    looked_at: int
    other: OtherWay | None
    standing: StageState


@dataclass(slots=True)
class EveryWay:
    """Ways through one package: the acts of a scenario in their order, any of them left out, at most one done otherwise."""

    package: Package
    calendars: Mapping[str, WorkingCalendar]
    operations: Mapping[str, Operation]
    workshop: Workshop
    stuck: frozenset[str] = frozenset()
    """Files of the scenarios that could not be played to their end as they are written."""

    def tried(
        self, scenarios: Sequence[Scenario], most: int, over: Callable[[], bool]
    ) -> Iterator[tuple[int, WayTried | None]]:
        """Go every way of 1, 2, … ``most`` acts of the `timed` ``scenarios``, until the time is ``over``.

        Yields the number of acts with each way tried, and with None once all ways of so many were.
        """
        with ExitStack() as stack:
            stages = [Rewindable(self._stage(stack, scenario)) for scenario in scenarios]
            ends = [[_Way((), 0, None, stage.standing())] for stage in stages]
            for acts in range(1, most + 1):
                for number, stage in enumerate(stages):
                    longer: list[_Way] = []
                    for way in ends[number]:
                        for further in self._further(stage, way):
                            if over():
                                return
                            longer.append(further)
                            yield acts, self._looked_at(stage, further)
                    ends[number] = longer
                yield acts, None
                if not any(ends):
                    return

    def _stage(self, stack: ExitStack, scenario: Scenario) -> PlayState:
        store = stack.enter_context(empty_store())
        return open_stage(store, self.package, scenario, self.calendars, self.operations, workshop=self.workshop)

    def _further(self, stage: Rewindable, way: _Way) -> Iterator[_Way]:
        """Yield the ways with one act more: the next that is possible, or a later one where those before are left out."""
        moves, standing = way.moves, way.standing
        scenario = stage.stage.scenario
        for number in range(way.looked_at, len(scenario.moves)):
            move = scenario.moves[number]
            if not is_act(move):
                stage.put_back(standing)
                if _done(stage, move):
                    moves, standing = (*moves, move), stage.standing()
                continue
            others = () if way.other else other_ways_of(self.package, scenario, move)
            for other in (None, *(one for one in others if one.change is not Variation.FACTS)):
                stage.put_back(standing)
                if done := _done(stage, other.move if other else move):
                    yield _Way((*moves, done), number + 1, other or way.other, stage.standing())

    def _looked_at(self, stage: Rewindable, way: _Way) -> WayTried:
        """Look at a way's end; the stage must stand there."""
        scenario = replace(stage.stage.scenario, moves=way.moves, expect=())
        change = way.other.change if way.other else Variation.NONE
        last = way.other is not None and way.moves[-1].number == way.other.move.number
        in_favour = change is Variation.IN_FAVOUR and last
        traps = tuple(look(stage.stage, in_favour=in_favour, stuck=scenario.file in self.stuck))
        return WayTried(scenario, change, way.other.what if way.other else _PART, traps, visited_on(stage.stage))


def _done(stage: Rewindable, move: Move) -> Move | None:
    """Do a step, at once where its time has passed; returns it as it was done, None where it was refused."""
    late = move.at is not None and move.at < stage.stage.clock.now()
    done = replace(move, at=None) if late else move
    try:
        play_move(stage.stage, done)
    except LaurelError:
        return None
    return done
