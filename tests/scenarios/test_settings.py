"""Another choice for what a text leaves open lets the same steps come out differently."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

import handlers
from service.casework.simulate import Scenario, read_scenario
from service.casework.simulate.expecting.known_words import require_defined_words
from service.catalog import Package
from tests.scenarios.laid_over import Choice, NoSuchStep, comes_out, laid_over
from tests.scenarios.playing import only_played
from tests.scenarios.setting_plays import CHOICES
from tests.support.bundled import bundled
from tests.support.samples import sample

PROJECT = Path(__file__).parents[2]
handlers.load()


def own(choice: Choice) -> Scenario:
    path = PROJECT / "processes" / choice.city / "quality_award" / "scenarios" / f"{choice.scenario}.yaml"
    return read_scenario(path.read_bytes(), path.name)


@cache
def package_of(city: str) -> Package:
    return bundled().package(f"{city}/quality_award")


@pytest.mark.parametrize("choice", sample(CHOICES, 4), ids=lambda c: f"{c.city}-{c.scenario}-{'-'.join(c.values)}")
def test_another_choice_comes_out_differently(choice: Choice) -> None:
    """One choice of four is played in this run, another in the next (`make scenarios`: all of them)."""
    package = package_of(choice.city)
    over = laid_over(own(choice), choice)
    require_defined_words(package, over)
    played = only_played(package, over)
    assert comes_out(choice, played), [f"{u.where}: {u.message.zh}" for u in played.unmet]


@pytest.mark.parametrize(
    "slip",
    [
        {"through": ("届", "decide_lst")},
        {"through": ("届", "decide_list", 99)},
        {"typed": {("届", "decide_lst"): {"decision": "return"}}},
        {"by": {("界", "decide_list"): "office"}},
    ],
    ids=lambda slip: next(iter(slip)),
)
def test_a_step_that_the_scenario_does_not_do_is_refused(slip: dict[str, Any]) -> None:
    """What is typed at a step that never comes would leave the choice as its scenario is, and pass."""
    choice = Choice("ganzhou", "whole_way", {}, (), **slip)
    with pytest.raises(NoSuchStep, match="decide_l"):
        laid_over(own(choice), choice)
