"""A drawing made by hand is kept where a program draws steps into the diagram: what lies behind them makes room."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.catalog.assistants.draw_between import drawn_anew, pieces_of, recorded_before
from service.catalog.bpmn.geometry import Flaw, judge
from service.catalog.bpmn.model import Diagram
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.drawn import drawn, has_drawing
from service.catalog.layout.kept_drawing import keep_drawing
from service.catalog.source.xml import parse_xml
from tests.unit.catalog.diagrams import award_like

ROOT = Path(__file__).parents[3]
BARE = [path.relative_to(ROOT).as_posix() for path in sorted(ROOT.glob("processes/*/quality_award/*.bpmn"))]
MISPLACED = {Flaw.SHAPES, Flaw.UNDRAWN, Flaw.LOOSE, Flaw.OUTSIDE, Flaw.SLANTED}


def coloured(content: bytes) -> bytes:
    """Return a drawing as a hand left it: one shape has a colour of its own, and the whole stands lower."""
    lower = re.sub(rb' y="(\d+)"', lambda hit: f' y="{int(hit[1]) + 13}"'.encode(), content)
    return re.sub(rb"(<bpmndi:BPMNShape )", rb'\1color:border-color="#831311" ', lower, count=1).replace(
        b"<bpmn:definitions ",
        b'<bpmn:definitions xmlns:color="http://www.omg.org/spec/BPMN/non-normative/color/1.0" ',
        1,
    )


def put_before(content: bytes, file: str, ident: str) -> bytes:
    return recorded_before(content, file, ident, ("noted", "记下成立日期"), "X-1", {"founded_on": "case.founded"})


def kept(before: bytes, file: str, ident: str) -> tuple[Diagram, Diagram]:
    """Return the diagram as it was drawn, and as it is drawn with a step before ``ident``."""
    bare = put_before(before, file, ident)
    assert not has_drawing(bare)
    made = keep_drawing(before, bare, file)
    return read_diagram(before, file), read_diagram(made, file)


@pytest.mark.parametrize("file", BARE[::11])
def test_what_was_drawn_stays_and_makes_room_to_the_right(file: str) -> None:
    before = coloured(drawn((ROOT / file).read_bytes(), file))
    old = read_diagram(before, file)
    reached = [flow.target for flow in old.flows.values() if not old.elements[flow.target].parent]
    for ident in dict.fromkeys(reached[:: max(1, len(reached) // 4)]):
        was, now = kept(before, file, ident)
        steps = {now.shapes[one].bounds.x - shape.bounds.x for one, shape in was.shapes.items()}
        assert steps <= {0, max(steps)}, "all that moves moves by as much"
        assert {now.shapes[one].bounds.y - shape.bounds.y for one, shape in was.shapes.items()} == {0}
        told = {(one.flaw, one.element, one.other) for one in judge(was)}
        found = [one for one in judge(now) if (one.flaw, one.element, one.other) not in told]
        assert [one for one in found if one.flaw in MISPLACED] == []
        assert now.shapes["noted"].bounds.right <= now.shapes[ident].bounds.x


def test_an_event_on_a_task_and_what_it_leads_to_find_their_place() -> None:
    file = "x.bpmn"
    before = layout_diagram(award_like().bpmn())
    root = parse_xml(before, file)
    next(one for one in root.iter() if one.get("id") == "p").extend(
        pieces_of(
            file,
            '<bpmn:boundaryEvent id="expiry" name="逾期" attachedToRef="decide"><bpmn:timerEventDefinition id="expiry_t" />'
            '</bpmn:boundaryEvent><bpmn:endEvent id="lapsed" name="失效" />'
            '<bpmn:sequenceFlow id="to_lapsed" sourceRef="expiry" targetRef="lapsed" />',
        )
    )
    now = read_diagram(keep_drawing(before, drawn_anew(root), file), file)
    host, event = now.shapes["decide"].bounds, now.shapes["expiry"].bounds
    assert host.x <= event.x <= host.right
    assert event.centre.y == host.bottom
    assert now.shapes["lapsed"].bounds.x >= host.right
    assert [one for one in judge(now) if one.flaw in {Flaw.SHAPES, Flaw.UNDRAWN, Flaw.LOOSE, Flaw.SLANTED}] == []
