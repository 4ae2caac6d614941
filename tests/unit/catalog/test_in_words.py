"""A diagram is shown with its names in another language, and nothing else of it changes."""

from __future__ import annotations

from pathlib import Path

from service.catalog.bpmn.in_words import in_words
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.drawn import drawn

FILE = "processes/shared/objection.bpmn"
DRAWN = drawn(Path(FILE).read_bytes(), FILE)


def test_names_are_said_anew_and_the_flow_stays() -> None:
    before, after = (read_diagram(one, FILE) for one in (DRAWN, in_words(DRAWN, FILE, lambda name: f"x {name}")))
    assert {ident: one.name for ident, one in after.elements.items()} == {
        ident: one.name and f"x {one.name}" for ident, one in before.elements.items()
    }
    assert after.flows.keys() == before.flows.keys()
    assert after.shapes.keys() == before.shapes.keys()


def test_a_name_beside_its_shape_has_room_for_its_longest_word() -> None:
    said = in_words(DRAWN, FILE, lambda _name: "acknowledgement")
    labels = [shape.label for shape in read_diagram(said, FILE).shapes.values() if shape.label]
    assert labels
    assert min(label.width for label in labels) >= 15 * 6
    assert {label.x + label.width / 2 for label in labels} == {
        shape.label.x + shape.label.width / 2 for shape in read_diagram(DRAWN, FILE).shapes.values() if shape.label
    }
