"""Whole seasons under a virtual clock: the same casework, store and handlers as the web."""

from service.casework.simulate.play import Played, Unmet, play
from service.casework.simulate.scenario import Scenario, ScenarioMistake, read_scenario
from service.casework.simulate.unknowns import Unknown, unknowns_of

__all__ = ["Played", "Scenario", "ScenarioMistake", "Unknown", "Unmet", "play", "read_scenario", "unknowns_of"]
