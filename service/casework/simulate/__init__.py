"""Whole seasons under a virtual clock: the same casework, store and handlers as the web."""

from service.casework.simulate.play import Played, Unmet, play
from service.casework.simulate.scenario import Scenario, ScenarioMistake, read_scenario

__all__ = ["Played", "Scenario", "ScenarioMistake", "Unmet", "play", "read_scenario"]
