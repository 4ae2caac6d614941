"""A recording that has come as far as a scenario of the example city does."""

from __future__ import annotations

from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.scenarios.scenario_text import ScenarioDraft
from service.casework.simulate.writing.recording import Recording
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.recording.recordings import keep_recording
from service.casework.studio.scenarios.run_scenarios import workshop_of
from tests.support.example_town import CITY, FOLDER, ExampleTown


def played_until(example: ExampleTown, name: str, stop: str) -> None:
    """Record the steps of a scenario before the first whose verb is ``stop``."""
    package, desk = package_of(example.desk, example.draft), example.desk
    scenario = read_scenario((CITY / FOLDER / f"scenarios/{name}.yaml").read_bytes(), name)
    cast = {nick: dict(held or {}) for nick, held in scenario.organisations.items()}
    kept = ScenarioDraft("录到一半", scenario.start.date(), cast, parameters=dict(scenario.parameters))
    recording = Recording(package, kept, desk.calendars, desk.operations, workshop_of(package))
    for move in scenario.moves[: [move.verb for move in scenario.moves].index(stop)]:
        recording.act(dict(move.keys))
    keep_recording(desk, example.designer, example.draft, recording)
