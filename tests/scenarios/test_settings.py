"""Another choice for what a text leaves open lets the same steps come out differently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import handlers
from service.casework.simulate import play, read_scenario
from service.casework.simulate.scenario import Move
from service.catalog.calendars import bundled_calendars, load_calendars
from service.catalog.catalog import load_package
from service.sdk import operations
from service.store import Store
from tests.scenarios.setting_plays import CHOICES, Choice

PROJECT = Path(__file__).parents[2]
handlers.load()
CALENDARS = load_calendars(bundled_calendars())


def _played(moves: Sequence[Move], choice: Choice) -> tuple[Move, ...]:
    if choice.through is None:
        return tuple(moves[: len(moves) - choice.left_out])
    case, step = choice.through
    last = next(n for n, m in enumerate(moves, 1) if m.keys.get("case") == case and step in (m.verb, m.value))
    return tuple(moves[:last])


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
        assert unmet
        assert choice.refused in unmet[0]
    else:
        assert unmet == []
