from __future__ import annotations

import pytest

from service.catalog.bpmn.geometry import Flaw, Segment, judge, touches
from service.catalog.bpmn.read import read_diagram
from service.catalog.bpmn.shapes import Bounds, Point
from service.catalog.layout import layout_diagram
from tests.unit.catalog.diagrams import award_like


def segment(a: float, b: float, c: float, d: float) -> Segment:
    return Segment(Point(a, b), Point(c, d))


BOX = Bounds(10, 10, 20, 20)


@pytest.mark.parametrize(
    ("piece", "expected"),
    [
        (segment(0, 20, 50, 20), True),
        (segment(20, 0, 20, 50), True),
        (segment(0, 10, 50, 10), False),
        (segment(0, 35, 50, 35), False),
        (segment(0, 0, 50, 50), True),
        (segment(0, 30, 8, 50), False),
        (segment(0, 20, 9, 20), False),
    ],
)
def test_a_line_touches_a_box_when_it_runs_through_its_inside(piece: Segment, expected: bool) -> None:
    assert touches(piece, BOX) is expected


def moved(old: str, new: str) -> set[Flaw]:
    text = layout_diagram(award_like().bpmn()).decode()
    assert old in text
    return {flaw.flaw for flaw in judge(read_diagram(text.replace(old, new).encode(), "x"))}


def test_a_drawing_that_misses_something_is_found() -> None:
    assert Flaw.UNDRAWN in moved('bpmnElement="decide"', 'bpmnElement="nothing"')


def test_a_name_that_covers_its_own_shape_once_it_is_broken_into_lines_is_found() -> None:
    label = read_diagram(layout_diagram(award_like().bpmn()), "x").shapes["complete"].label
    assert label is not None
    box = '<dc:Bounds x="{}" y="{}" width="{}" height="{}" />'
    drawn = box.format(round(label.x), round(label.y), round(label.width), round(label.height))
    narrow = box.format(round(label.x), round(label.y), 26, round(label.height))
    assert Flaw.LABEL not in moved(drawn, drawn)
    assert Flaw.LABEL in moved(drawn, narrow)


def test_a_name_that_its_box_cannot_hold_is_found() -> None:
    assert Flaw.NAME in moved('name="决定受理"', f'name="{"决定是否受理" * 12}"')
    assert Flaw.NAME not in moved('name="决定受理"', f'name="{"决定是否受理" * 6}"')
