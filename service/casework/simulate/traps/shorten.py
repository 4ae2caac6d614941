"""The acts that a trap does not need, left out of the play that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import time

from service.casework.simulate.scenarios.scenario import Move, Scenario, instant
from service.casework.simulate.traps.found_traps import FoundTrap, is_act


def timed(scenario: Scenario) -> Scenario:
    """Return a scenario whose steps each say when they are done, so that one can be left out without moving the others."""
    moves: list[Move] = []
    now = scenario.start
    for move in scenario.moves:
        now = max(now, instant(move.value, time(9)) if move.verb == "until" else move.at or now)
        if move.verb != "until":
            moves.append(replace(move, at=now))
    return replace(scenario, moves=tuple(moves))


def shortened(found: FoundTrap, shows: Callable[[Scenario], FoundTrap | None], over: Callable[[], bool]) -> FoundTrap:
    """Return a trap with a play in which no single act can be left out, as far as there is time.

    ``shows`` plays a scenario past what is refused, and returns the trap with the steps that were done, None where it
    does not show.
    """
    best, number = _same(found, shows), 0
    while number < len(best.scenario.moves) and not over():
        moves = best.scenario.moves
        shorter = None
        if is_act(moves[number]):
            left = (*moves[:number], *moves[number + 1 :])
            shorter = shows(replace(best.scenario, moves=left))
        if shorter is None:
            number += 1
        elif shorter.acts < best.acts:
            best = shorter
        else:
            number += 1
    return best


def _same(found: FoundTrap, shows: Callable[[Scenario], FoundTrap | None]) -> FoundTrap:
    """Return the same play with its times written out; as it is where that shows the trap no more."""
    again = shows(timed(found.scenario))
    return again if again is not None and again.size <= found.size else found
