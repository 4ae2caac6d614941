"""Who plays a choice of a setting, and whether the play notices when the value in force becomes that choice.

A scenario that sets a choice is played without setting it: with the value in force it comes out otherwise; were the
choice in force, it would come out as it says. So nobody changes the value in force unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from service.casework.simulate import Played, Scenario, read_scenario
from service.catalog import Package
from tests.scenarios.laid_over import Choice, comes_out, laid_over
from tests.scenarios.mutants import package_of, scenarios
from tests.scenarios.playing import only_played
from tests.scenarios.setting_plays import BY_TEST, CHOICES

WITHOUT = "without its choice: "
"""Stands before the play that notices a change of the value in force."""


@dataclass(frozen=True, slots=True)
class ChoicePlay:
    """A scenario that sets a choice: one of the package's own (``choice`` is None), or ``choice`` laid over one."""

    scenario: Scenario
    choice: Choice | None = None

    @property
    def name(self) -> str:
        """The scenario's name, with the test's before it where it is laid over."""
        own = Path(self.scenario.file).stem
        return f"{BY_TEST} {own}" if self.choice else own

    def holds(self, package: Package, setting: str) -> bool:
        """Tell whether it comes out as it says when the value of ``setting`` is the package's own."""
        rest = {name: value for name, value in self.scenario.parameters.items() if name != setting}
        played = only_played(package, replace(self.scenario, parameters=rest))
        return self._came_out(played)

    def _came_out(self, played: Played) -> bool:
        return comes_out(self.choice, played) if self.choice else played.passed


def plays_of(package: Package, setting: str, value: Any) -> Iterator[ChoicePlay]:
    """Yield the scenarios that set a setting of an award to a value, then the choices that are laid over one."""
    unset = object()
    for scenario in _own(package.key).values():
        if scenario.parameters.get(setting, unset) == value:
            yield ChoicePlay(scenario)
    for choice in CHOICES:
        if package.key == f"{choice.city}/quality_award" and choice.values.get(setting, unset) == value:
            yield ChoicePlay(laid_over(_own(package.key)[choice.scenario], choice), choice)


def turned(one: ChoicePlay, package: Package, tried: Package, setting: str) -> bool:
    """Tell whether the play, without its choice, comes out as it says with ``tried`` and not with ``package``."""
    return one.holds(tried, setting) and not one.holds(package, setting)


@cache
def _own(key: str) -> dict[str, Scenario]:
    found = scenarios(package_of(key)).items()
    return {name: read_scenario(path.read_bytes(), path.name) for name, path in found}
