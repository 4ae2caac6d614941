"""Another choice for what a text leaves open lets the same steps come out differently."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import handlers
from service.casework.simulate import play, read_scenario
from service.casework.simulate.scenario import Move
from service.catalog.calendars import bundled_calendars, load_calendars
from service.catalog.catalog import load_package
from service.sdk import operations
from service.store import Store
from tests.scenarios.laid_over import Choice, There
from tests.scenarios.setting_plays import CHOICES

PROJECT = Path(__file__).parents[2]
handlers.load()
CALENDARS = load_calendars(bundled_calendars())


def _played(own: Sequence[Move], choice: Choice) -> tuple[Move, ...]:
    moves = [_typed(move, choice) for move in own]
    begun = next(n for n, m in enumerate(moves) if m.who is not None)
    moves[begun:begun] = _written(choice.before)
    for there, rows in choice.instead:
        place = _place(moves, there)
        moves[place : place + 1] = _written(rows)
    if choice.ending is not None:
        there, rows = choice.ending
        return (*moves[: _place(moves, there)], *_written(rows))
    if choice.through is None:
        return tuple(moves[: len(moves) - choice.left_out])
    kept = moves[: _place(moves, choice.through) + 1]
    return tuple(m for m in kept if not (choice.unasked and m.verb == "expect"))


def _place(moves: Sequence[Move], there: There) -> int:
    case, step, nth = (*there, 1)[:3]
    return [n for n, m in enumerate(moves) if _where(m) == case and step in (m.verb, m.value)][nth - 1]


def _written(rows: Sequence[Mapping[str, Any]]) -> tuple[Move, ...]:
    """Return steps as a scenario has them from how one writes them."""
    scenario = {"title": "steps", "start": "2026-01-01", "steps": list(rows)}
    return read_scenario(json.dumps(scenario, ensure_ascii=False).encode(), "steps.yaml").moves


def _where(move: Move) -> Any:
    return move.keys.get("case") or move.keys.get("name")


def _typed(move: Move, choice: Choice) -> Move:
    for (case, step), who in choice.by.items():
        if _where(move) == case and step in (move.verb, move.value):
            move = replace(move, who=who)
    for (case, step), over in choice.typed.items():
        if _where(move) == case and step in (move.verb, move.value) and "refused" not in move.keys:
            return replace(move, keys={**move.keys, "with": _laid_over(move.keys.get("with") or {}, over)})
    return move


def _laid_over(filled: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    inner = {key: _laid_over(filled.get(key) or {}, value) for key, value in over.items() if isinstance(value, Mapping)}
    return {**filled, **over, **inner}


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: f"{c.city}-{c.scenario}-{'-'.join(c.values)}")
def test_another_choice_comes_out_differently(choice: Choice, sqlite_url: str, tmp_path: Path) -> None:
    path = PROJECT / "processes" / choice.city / "quality_award" / "scenarios" / f"{choice.scenario}.yaml"
    own = read_scenario(path.read_bytes(), path.name)
    other = replace(
        own,
        parameters={**own.parameters, **choice.values},
        moves=_played(own.moves, choice),
        expect=choice.expected,
    )
    package = load_package(PROJECT, choice.city, "quality_award")
    store = Store(sqlite_url, tmp_path / "files", durable=False)
    played = play(store, package, other, CALENDARS, operations())
    store.close()
    unmet = [f"{u.where}: {u.message.zh}" for u in played.unmet]
    if choice.refused:
        assert any(choice.refused in one for one in unmet), unmet
    else:
        assert unmet == []
