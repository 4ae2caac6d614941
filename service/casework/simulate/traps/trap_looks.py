"""Looking for traps on a stage: now, and after nobody did anything for long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.seasons.season_record import season_record
from service.casework.simulate.stage.follower import Follower
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.traps.traps import Trap, stopped_cases, traps_on, votes_that_cannot_pass
from service.casework.simulate.traps.variants import Variant, Variation
from service.domain.calendar import CHINA
from service.domain.text import Text

_ASKING = (Variation.NONE, Variation.FACT, Variation.FACTS)
"""Variants in which other conditions may be found than in the scenario itself."""
AFTERWARDS = timedelta(days=500)
"""So long nobody does anything after a variant ends."""


def look(stage: PlayState, *, in_favour: bool, stuck: bool) -> list[tuple[Trap, str]]:
    """Return the traps that the stage shows, each with the day on which it is certain ("" now already).

    The stage moves on by the long time in which nobody acts. ``in_favour``: everybody just voted for everybody.
    ``stuck``: the scenario could not be played to its end as it is written.
    """
    traps = [(trap, "") for trap in traps_on(stage, stuck=stuck)]
    if in_favour:
        traps += [(trap, "") for trap in votes_that_cannot_pass(stage)]
    stage.advance(stage.clock.now() + AFTERWARDS)
    until = stage.clock.now().astimezone(CHINA).strftime("%Y-%m-%d")
    return traps + [(trap, until) for trap in (*traps_on(stage, stuck=stuck), *stopped_cases(stage))]


def visited_on(stage: PlayState) -> dict[tuple[str, str], str]:
    """Return the elements that any case passed, as process and element, with the first case that did."""
    found: dict[tuple[str, str], str] = {}
    for passage in season_record(stage).passages:
        found.setdefault((passage.process, passage.element), passage.case)
    return found


class Looking(Follower):
    """Looks for traps at the end of a play; ``done`` are the steps that were not refused, ``stuck`` as `look` takes it."""

    def __init__(self, variant: Variant, tables: Mapping[str, str], *, stuck: bool) -> None:
        self._variant, self._tables, self._steps = variant, tables, 0
        self.stuck = stuck
        self.rows: dict[tuple[str, str, str], tuple[int, str]] = {}
        self.traps: list[tuple[Trap, str]] = []
        self.visited: dict[tuple[str, str], str] = {}
        self.done: list[Move] = []

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """Note which conditions were found after so many steps, where the variant may change them."""
        self._steps += 1
        if not unmet:
            self.done.append(move)
        elif self._variant.change is Variation.NONE:
            self.stuck = True
        if self._variant.change in _ASKING:
            self._found(stage)

    def _found(self, stage: PlayState) -> None:
        with stage.desk.store.read() as tx:
            for nick, ident in stage.cases.items():
                for finding in tx.findings.current(ident):
                    table = self._tables.get(finding.ground)
                    if table is not None:
                        self.rows.setdefault((table, finding.ground, finding.result), (self._steps, nick))

    def ended(self, stage: PlayState) -> None:
        """Look now, and after nobody did anything for long."""
        self.traps = look(stage, in_favour=self._variant.change is Variation.IN_FAVOUR, stuck=self.stuck)
        self.visited = visited_on(stage)
