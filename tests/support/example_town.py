"""The example city on a desk: published from its files, with designers, and drafts opened from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import handlers
from service.casework.access.actor import SYSTEM, Actor
from service.casework.assemble import desk_over
from service.casework.definitions.deploy import deploy_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.simulate.playing.scenario_result import ScenarioResult
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.jobs import Job, view_job
from service.casework.studio.scenarios.run_scenarios import run_scenarios, view_scenario
from service.catalog import Package, load_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.tree import Files, read_sources
from service.sdk import operations
from service.store import Store
from tests.support.lakeside import ROLES, seat_people
from tests.support.studio_work import carry_on
from tests.support.town import Town
from tests.support.tree import PROJECT, lay_out
from tests.support.waiting import until

CITY = PROJECT / "tests" / "data" / "example_city"
KEY = "example_city/quality_award"
FOLDER = f"processes/{KEY}"
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
handlers.load()


@dataclass
class ExampleTown(Town):
    """A desk over the example city; ``draft`` is one opened by the designer."""

    desk: Desk
    clock: VirtualClock
    cast: dict[str, Actor]
    draft: int = 0
    people: dict[str, int] = field(default_factory=dict)

    @property
    def designer(self) -> Actor:
        """Who draws."""
        return self.cast["designer"]

    def change(self, path: str, old: str, new: str) -> None:
        """Replace a text in a file of the draft."""
        opened = open_file(self.desk, self.designer, self.draft, path)
        text = opened.content.decode()
        assert old in text, (path, old)
        save_file(self.desk, self.designer, self.draft, path, text.replace(old, new).encode(), opened.hash)

    def read(self, path: str) -> str:
        """Return a file of the draft as text."""
        return open_file(self.desk, self.designer, self.draft, path).content.decode()

    def finished(self, job: int) -> Job:
        """Do what is due in the studio and return a job, which is over then."""
        carry_on(self.desk)
        until(lambda: view_job(self.desk, self.designer, self.draft, job).over, what="the studio is done")
        return view_job(self.desk, self.designer, self.draft, job)

    def played(self, path: str) -> ScenarioResult:
        """Play a scenario of the draft and return what it came to."""
        self.finished(run_scenarios(self.desk, self.designer, self.draft, (path,)))
        return self.result_of(path)

    def result_of(self, path: str) -> ScenarioResult:
        """Return what a scenario of the draft came to, once its newest play is over."""
        carry_on(self.desk)
        result = view_scenario(self.desk, self.designer, self.draft, path).result
        assert result is not None, path
        return result


_READ: dict[tuple[Path, str], tuple[Package, Files, dict[object, Any]]] = {}
"""Each city, its files and what was found when it was checked, once in a process."""


def make_example_town(store: Store, folder: Path, city: Path = CITY, key: str = KEY) -> ExampleTown:
    """Publish a city of the tests on an empty store, give it people, and open a draft.

    The city is laid out in ``folder``, an empty one, if nobody in this process has read it yet.
    """
    clock, place = VirtualClock(START), key.partition("/")[0]
    desk = desk_over(store, load_calendars(bundled_calendars()), operations(), clock=clock)
    if (city, key) not in _READ:
        root = lay_out(folder, city)
        _READ[city, key] = load_catalog(root).package(key), read_sources(root), {}
    package, sources, memory = _READ[city, key]
    deploy_package(desk, SYSTEM, package, sources=sources, memory=memory)
    with store.read() as tx:
        office = tx.bodies.list_active(place)[0]
    people, cast = seat_people(desk, place, {login: (role, office) for login, role in ROLES.items()})
    town = ExampleTown(desk, clock, cast, people=people)
    town.draft = open_draft(desk, town.designer, key, "情景推演")
    return town
