"""Simulation: scenarios (whole seasons) played under a virtual clock, on the casework, store and handlers of the web."""

from service.casework.simulate.playing.play import Played, play
from service.casework.simulate.scenarios.scenario import Scenario, ScenarioMistake, read_scenario

__all__ = ["Played", "Scenario", "ScenarioMistake", "play", "read_scenario"]
