"""A choice of a setting that is laid over a scenario of its city, and what then holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from service.casework.simulate import Played, Scenario, read_scenario
from service.casework.simulate.scenarios.scenario import Move

There = tuple[str | None, str] | tuple[str | None, str, int]
"""A case and a step of it, verb or element; the number says which where it comes more than once."""


class NoSuchStep(ValueError):
    """A choice names a step that its scenario does not do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A scenario, the values set in it instead of its own, and the expectations that then hold in place of its own.

    ``through`` is the case and the step (verb or element) with which it ends, and after them the number of that step
    where it is done more than once (what is refused is not done); the case of ``until`` is None. ``left_out`` are so
    many of its last steps, which only its own values allow or refuse. ``refused`` is what a step is refused with that
    its own allow. ``typed`` is laid over what is filled in, by case (or the name of what is started) and step; ``by``
    says in the same way who acts instead. ``unasked`` leaves out what the scenario itself expects on the way, ``unrefused`` what it is refused.
    ``before`` are steps, as a scenario writes them, that come before anybody acts. ``instead`` are steps and what takes
    their place; what is in ``ending`` takes the place of all that follows as well.
    """

    city: str
    scenario: str
    values: Mapping[str, Any]
    expected: tuple[Mapping[str, Any], ...]
    through: There | None = None
    left_out: int = 0
    refused: str = ""
    typed: Mapping[tuple[str, str], Mapping[str, Any]] = field(default_factory=dict)
    by: Mapping[tuple[str, str], str] = field(default_factory=dict)
    unasked: bool = False
    unrefused: bool = False
    before: tuple[Mapping[str, Any], ...] = ()
    instead: tuple[tuple[There, tuple[Mapping[str, Any], ...]], ...] = ()
    ending: tuple[There, tuple[Mapping[str, Any], ...]] | None = None


def laid_over(own: Scenario, choice: Choice) -> Scenario:
    """Return the scenario ``own`` as the choice has it: its values set, its steps, and what then holds.

    A step that the choice names and the scenario does not have is a NoSuchStep: the choice would change nothing.
    """
    moves = _moves(own.moves, choice)
    return replace(own, parameters={**own.parameters, **choice.values}, moves=moves, expect=choice.expected)


def comes_out(choice: Choice, played: Played) -> bool:
    """Tell whether a play of the choice came out as it says: all was met, or a step was refused with its words."""
    if choice.refused:
        return any(choice.refused in f"{one.where}: {one.message.zh}" for one in played.unmet)
    return played.passed


def _moves(own: Sequence[Move], choice: Choice) -> tuple[Move, ...]:
    for there in (*choice.typed, *choice.by):
        _place(own, there)
    moves = [_typed(move, choice) for move in own]
    begun = next(n for n, m in enumerate(moves) if m.who is not None)
    moves[begun:begun] = _written(choice.before)
    for there, rows in choice.instead:
        place = _place(moves, there)
        moves[place : place + 1] = _written(rows)
    if choice.ending is not None:
        there, rows = choice.ending
        return (*moves[: _place(moves, there)], *_written(rows))
    end = len(moves) - choice.left_out if choice.through is None else _place(moves, choice.through) + 1
    kept = [m for m in moves[:end] if not (choice.unasked and m.verb == "expect")]
    return tuple(m for m in kept if not (choice.unrefused and "refused" in m.keys))


def _place(moves: Sequence[Move], there: There) -> int:
    case, step, nth = (*there, 1)[:3]
    done = [n for n, m in enumerate(moves) if "refused" not in m.keys]
    places = [n for n in done if _where(moves[n]) == case and step in (moves[n].verb, moves[n].value)]
    if len(places) < nth:
        steps = sorted({str(moves[n].value or moves[n].verb) for n in done if _where(moves[n]) == case})
        raise NoSuchStep(f"{step} of {case} is done {len(places)} times, {nth} wanted; done there: {', '.join(steps)}")
    return places[nth - 1]


def _written(rows: Sequence[Mapping[str, Any]]) -> tuple[Move, ...]:
    """Return steps as a scenario has them from how one writes them."""
    scenario = {"title": "steps", "start": "2026-01-01", "steps": list(rows)}
    return read_scenario(json.dumps(scenario, ensure_ascii=False).encode(), "steps.yaml").moves


def _where(move: Move) -> Any:
    return move.keys.get("case") or move.keys.get("name")


def _typed(move: Move, choice: Choice) -> Move:
    for (case, step), who in choice.by.items():
        if _where(move) == case and step in (move.verb, move.value) and not _is_barred(move):
            move = replace(move, who=who)
    for (case, step), over in choice.typed.items():
        if _where(move) == case and step in (move.verb, move.value) and "refused" not in move.keys:
            return replace(move, keys={**move.keys, "with": _over(move.keys.get("with") or {}, over)})
    return move


def _is_barred(move: Move) -> bool:
    """Tell whether the step is refused because of who takes it, which no choice of another lane changes."""
    return "refused" in move.keys and move.keys.get("because") == ""


def _over(filled: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    inner = {key: _over(filled.get(key) or {}, value) for key, value in over.items() if isinstance(value, Mapping)}
    return {**filled, **over, **inner}
