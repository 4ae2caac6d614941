from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.catalog.bpmn.mainpath import main_path
from service.catalog.bpmn.model import Diagram
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout import layout_diagram
from service.catalog.source.formatting import format_diagram
from tests.support.geometry import list_drawing_flaws
from tests.support.tree import project_tree
from tests.unit.catalog.diagrams import Sketch, award_like

PROJECT = Path(__file__).parents[3]
NAMES = ["", "开始", "形式审查", "材料是否齐全", "提出审核推荐意见并报送办公室", "office review"]


def drawn(sketch: Sketch) -> Diagram:
    return read_diagram(layout_diagram(sketch.bpmn()), "sketch.bpmn")


def flaws(diagram: Diagram) -> list[tuple[str, str, str]]:
    return [(f.flaw.value, f.element, f.other) for f in list_drawing_flaws(diagram)]


def test_a_procedure_is_drawn_without_any_flaw() -> None:
    diagram = drawn(award_like())
    assert flaws(diagram) == []


def test_the_main_path_runs_straight_to_the_right() -> None:
    diagram = drawn(award_like())
    path = main_path(diagram)
    assert path == ("start", "fill", "examine", "complete", "decide", "done")
    across = [diagram.shapes[ident].bounds.centre.x for ident in path]
    assert across == sorted(across)
    office = [diagram.shapes[ident].bounds.centre.y for ident in ("examine", "complete", "decide", "done")]
    assert len(set(office)) == 1


def with_machine(lane: str = "") -> Sketch:
    """A person fills in, the machine records and decides, a person signs; ``lane`` is where the machine was drawn."""
    s = Sketch()
    for ident, kind in (("begin", "startEvent"), ("fill", "userTask"), ("sign", "userTask"), ("done", "endEvent")):
        s.node(ident, kind, lane="办公室")
    for ident, kind in (("record", "serviceTask"), ("which", "exclusiveGateway"), ("note", "scriptTask")):
        s.node(ident, kind, lane=lane)
    s.node("stop", "endEvent", lane=lane)
    s.path("begin", "fill", "record", "which", "sign", "done")
    s.path("which", "note", "stop")
    return s


@pytest.mark.parametrize("lane", ["", "办公室", "系统"])
def test_machine_steps_stand_apart_from_the_lanes_of_people(lane: str) -> None:
    diagram = drawn(with_machine(lane))
    members = {one.name: one.members for one in diagram.lanes}
    assert members["系统"] == {"record", "which", "note", "stop"}
    assert members["办公室"] == {"begin", "fill", "sign", "done"}
    assert flaws(diagram) == []
    heights = {ident: diagram.shapes[ident].bounds.centre.y for ident in ("begin", "fill", "sign", "done")}
    assert len(set(heights.values())) == 1
    once = layout_diagram(with_machine(lane).bpmn())
    assert layout_diagram(once) == once


def test_everything_but_the_drawing_is_kept() -> None:
    before = award_like().bpmn().replace(b"</bpmn:process>", "<!-- 说明 --></bpmn:process>".encode())
    once = layout_diagram(before)
    assert "<!-- 说明 -->" in once.decode()
    a, b = read_diagram(before, "x"), read_diagram(once, "x")
    assert set(a.elements) == set(b.elements)
    assert a.flows == b.flows
    assert all(x.members <= y.members for x, y in zip(a.lanes, b.lanes, strict=True))


def test_drawing_twice_gives_the_same_bytes() -> None:
    once = layout_diagram(award_like().bpmn())
    assert layout_diagram(once) == once
    assert format_diagram(once) == once


def test_a_subprocess_is_drawn_around_its_content() -> None:
    inside = Sketch()
    inside.node("s", "startEvent")
    inside.node("t", "userTask", "办理")
    inside.node("e", "endEvent")
    inside.path("s", "t", "e")
    s = Sketch()
    s.node("a", "startEvent")
    s.node("sub", "subProcess", "评审")
    s.node("z", "endEvent")
    s.node("stop", "endEvent", "撤回")
    s.inner["sub"] = inside
    s.path("a", "sub", "z")
    s.path(s.boundary("b", "sub", "撤回申报"), "stop")
    diagram = drawn(s)
    assert flaws(diagram) == []
    assert diagram.shapes["sub"].bounds.contains(diagram.shapes["sub_t"].bounds)


@st.composite
def sketches(draw: st.DrawFn) -> Sketch:
    """Any connected diagram of a few nodes in up to three lanes, loops and boundary events included."""
    s = Sketch()
    count = draw(st.integers(2, 7))
    lanes = draw(st.integers(1, 3))
    kinds = st.sampled_from(["userTask", "exclusiveGateway", "intermediateCatchEvent", "callActivity"])
    idents = [s.node("n0", "startEvent", "开始", "甲")]
    for index in range(1, count):
        kind = draw(kinds)
        name = draw(st.sampled_from(NAMES))
        idents.append(s.node(f"n{index}", kind, name, "甲乙丙"[draw(st.integers(0, lanes - 1))]))
        s.path(idents[draw(st.integers(0, index - 1))], idents[index], name=draw(st.sampled_from(["", "是", "不合格"])))
    s.node("end", "endEvent", "结束", "甲")
    s.path(idents[-1], "end")
    for _ in range(draw(st.integers(0, 4))):
        a, b = draw(st.sampled_from(idents)), draw(st.sampled_from([*idents[1:], "end"]))
        if a != b and (a, b) not in [(x, y) for x, y, _ in s.flows]:
            s.path(a, b, name=draw(st.sampled_from(["", "否"])))
    for ident, kind, _, _ in list(s.nodes):
        if kind == "callActivity" and draw(st.booleans()):
            s.path(s.boundary(f"b{ident}", ident, "期满"), draw(st.sampled_from([*idents[1:], "end"])))
    return s


@given(sketches())
@settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_is_written_is_drawn_without_flaws(sketch: Sketch) -> None:
    assert flaws(drawn(sketch)) == []


SHARED = sorted((PROJECT / "processes" / "shared").glob("*.bpmn"))
TREE = project_tree()
BUNDLED = sorted(path for path in TREE if path.endswith(".bpmn") and "/patterns/" not in path)


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_every_shared_diagram_can_be_drawn_anew_without_flaws(path: Path) -> None:
    assert flaws(read_diagram(layout_diagram(path.read_bytes(), path.name), path.name)) == []


@pytest.mark.parametrize("path", BUNDLED)
def test_every_bundled_diagram_is_drawn_without_flaws(path: str) -> None:
    assert flaws(read_diagram(TREE[path], path)) == []
