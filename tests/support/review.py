"""A small award whose applications are reviewed by experts, over the shared diagrams that every city uses."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import Scenario, read_scenario
from service.casework.simulate.stage.stage import PlayState, open_stage
from service.catalog import Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.closure import collect_award_files
from service.catalog.tree import read_tree
from service.domain.review import field_of
from service.sdk import operations
from service.store import Store
from service.store.models import PanelMemberRow, PanelRow, TaskRow
from tests.support.tree import project_tree

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "review"
SCENARIOS = sorted((DATA / "processes" / "riverton" / "prize" / "scenarios").glob("*.yaml"))
STAGE = "material_review"
HONEST = {"declared": "no", "interests": None, "truthful": True}


@cache
def review_package() -> Package:
    """Return the package, with the shared pieces and scoring editions of the product; read once in a process."""
    tree = {**project_tree(), **read_tree(DATA)}
    return Package.from_files(collect_award_files(tree, "riverton", "prize"), operations())


def season(*steps: str, parameters: str = "{}") -> Scenario:
    """Return a scenario of two organisations with ``steps`` as YAML lines, under ``parameters`` as a YAML mapping."""
    head = f"title: 试\nstart: 2026-03-02\nparameters: {parameters}\n"
    head += "organisations: {甲: {name: 甲公司}, 乙: {name: 乙公司}}\nsteps:\n"
    return read_scenario((head + "".join(f"  - {step}\n" for step in steps)).encode(), "season.yaml")


BEGIN = (
    *(f"{{expert: {{name: 专家{n}, employer: 单位{n}}}}}" for n in "一二三四五"),
    "{as: office, start: round, name: 届, with: {year: '2026'}}",
    "{as: 甲, start: application, parent: 届, name: 甲, with: {merit: 特色}}",
)
"""Five experts and an application of 甲 whose panel has been drawn."""

DECLARED = "{case: 甲, each: declare_interest, with: {declared: 'no', truthful: true}}"
SCORED = "{case: 甲, each: score, percent: [60, 70, 20]}"


@dataclass
class ReviewBench:
    """A stage being played, as tests and browsers use it."""

    stage: PlayState
    people: dict[str, int] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        return self.stage.desk

    def play(self, *steps: str) -> None:
        """Play further steps; every expectation in them must be met."""
        for move in season(*steps).moves:
            assert play_move(self.stage, move) == []

    def actor(self, word: str) -> Actor:
        """Return somebody as a new request would find them, and let browsers sign in as them."""
        actor = self.stage.cast.actor(word)
        self.people[word] = int(actor.person_id or 0)
        return actor

    def member(self, person: int) -> Actor:
        """Return a person by row number."""
        return self.stage.cast.person(person)

    def case(self, nick: str = "甲") -> int:
        return self.stage.case(nick)

    def tasks(self, element: str, nick: str = "甲") -> list[TaskRow]:
        return [t for t in self.stage.open_tasks(nick) if t.element == element]

    def panel(self, nick: str = "甲") -> tuple[PanelRow, list[PanelMemberRow]]:
        with self.desk.store.read() as tx:
            panel = tx.panels.at(self.case(nick), STAGE)
            assert panel is not None
            return panel, tx.panel_members.select(panel_id=panel.id)

    def active(self, nick: str = "甲") -> list[int]:
        return [m.person_id for m in self.panel(nick)[1] if m.state == "active"]


def make_review(store: Store, *steps: str, parameters: str = "{}") -> ReviewBench:
    """Publish the small award on an empty store and play ``steps`` under ``parameters``."""
    scenario = season(parameters=parameters)
    stage = open_stage(store, review_package(), scenario, load_calendars(bundled_calendars()), operations())
    bench = ReviewBench(stage)
    bench.play(*steps)
    return bench


def sheet(bench: ReviewBench, percent: int | str, **changed: Any) -> dict[str, Any]:
    """Return a filled score sheet; ``changed`` maps a field such as i_4_1_2 to its own values."""
    edition = bench.stage.package.edition("gbt19580-2012")
    words = {"strengths": "方法系统", "improvements": "记录不全"}
    filled = {field_of(item): {"percent": str(percent), **words} for item in edition.items}
    return {**filled, **changed}
