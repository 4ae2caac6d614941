"""A person draws a whole diagram anew; it means the same as the one that was drawn before."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from service.casework.studio.drafts.view_draft import open_file
from service.catalog.bpmn.read import read_diagram
from service.catalog.meaning import differences_in_meaning
from service.store import Store
from tests.browser.studio.building.draw import PIECES, Draftsman
from tests.support.example_town import CITY, FOLDER, make_example_town
from tests.support.meaning import in_words
from tests.support.served import served, signed_in
from tests.support.tree import PROJECT

pytestmark = pytest.mark.browser


NAMES = ("qualification", "application")


def test_diagrams_drawn_by_hand_mean_the_same(chromium: Browser, sqlite_store: Store, tmp_path: Path) -> None:
    """A task with form and lanes, a table, an operation, decisions; messages, boundary events and an event gateway."""
    town = make_example_town(sqlite_store, tmp_path)
    wanted = {f"{FOLDER}/{name}.bpmn": (CITY / FOLDER / f"{name}.bpmn").read_bytes() for name in NAMES}
    with served(town) as base, signed_in(chromium, town, "designer", base) as context:
        person = Draftsman(context.new_page(), base, town.draft, ids=lambda element: bool(element.form))
        drawn = {
            path: person.draw(
                read_diagram(content, path), f"{path.rpartition('/')[2].removesuffix('.bpmn')}_again", "office"
            )
            for path, content in wanted.items()
        }
    again = {path: open_file(town.desk, town.designer, town.draft, there).content for path, there in drawn.items()}
    assert in_words(differences_in_meaning(wanted, again)).startswith("除版面和编号以外没有差别")


def test_whatever_the_cities_draw_has_a_piece_to_draw_it_by() -> None:
    drawn = {
        (element.kind, element.trigger)
        for path in sorted((PROJECT / "processes").rglob("*.bpmn"))
        if "patterns" not in path.parts
        for element in read_diagram(path.read_bytes(), str(path)).elements.values()
    }
    assert drawn - {*PIECES} == set()
