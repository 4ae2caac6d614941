"""Another choice for what a text leaves open lets the same steps come out differently."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from service.casework.simulate import Scenario, read_scenario
from service.catalog.catalog import load_package
from tests.scenarios.laid_over import Choice, comes_out, laid_over
from tests.scenarios.playing import only_played
from tests.scenarios.setting_plays import CHOICES

PROJECT = Path(__file__).parents[2]
handlers.load()


def own(choice: Choice) -> Scenario:
    path = PROJECT / "processes" / choice.city / "quality_award" / "scenarios" / f"{choice.scenario}.yaml"
    return read_scenario(path.read_bytes(), path.name)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: f"{c.city}-{c.scenario}-{'-'.join(c.values)}")
def test_another_choice_comes_out_differently(choice: Choice) -> None:
    package = load_package(PROJECT, choice.city, "quality_award")
    played = only_played(package, laid_over(own(choice), choice))
    assert comes_out(choice, played), [f"{u.where}: {u.message.zh}" for u in played.unmet]
