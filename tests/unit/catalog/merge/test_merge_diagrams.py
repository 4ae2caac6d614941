"""Two people change one diagram: what touches different things merges to the bytes of both edits made in one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service.catalog.layout.drawn import drawn
from service.catalog.merge import MergeConflict, Side, merge_file
from service.catalog.source.canonical import BPMN, is_node
from service.catalog.source.format_xml import BPMNDI, format_diagram
from service.catalog.source.xml import local
from tests.support.samples import is_sampled

ROOT = Path(__file__).parents[4]
NOT_DRAWN = {"processes/shared/patterns/start_round.bpmn"}
"""A pattern whose variants exclude each other: the layout draws what each place makes of it, never all at once."""
FILES = sorted({path.relative_to(ROOT).as_posix() for path in ROOT.glob("processes/**/*.bpmn")} - NOT_DRAWN)
Edit = Callable[[Any], None]


def whose_turn(kind: int) -> list[str]:
    """Return the diagrams that meet this kind of edits in this run: a run tries one of three kinds on each of them.

    `make fuzz` tries all three on all.
    """
    return [file for place, file in enumerate(FILES) if is_sampled(place + kind, 3)]


def edited(content: bytes, *edits: Edit) -> bytes:
    root = etree.fromstring(content)
    for edit in edits:
        edit(root)
    return format_diagram(etree.tostring(root))


def by_id(root: Any, ident: str) -> Any:
    return next(node for node in root.iter() if node.get("id") == ident)


def place_of(root: Any, ident: str) -> Any:
    return next(node for node in root.iter() if node.get("bpmnElement") == ident)


def rename(ident: str, name: str) -> Edit:
    return lambda root: by_id(root, ident).set("name", name)


def move(ident: str, by: int) -> Edit:
    def edit(root: Any) -> None:
        box = next(node for node in place_of(root, ident) if local(node) == "Bounds")
        box.set("x", str(float(box.get("x")) + by))

    return edit


def remove(ident: str) -> Edit:
    """Take out a node with its flows, its place in the lane and all of the drawing, as the editor does."""

    def edit(root: Any) -> None:
        flows = [n.get("id") for n in root.iter("{*}sequenceFlow") if ident in (n.get("sourceRef"), n.get("targetRef"))]
        for gone in (ident, *flows):
            for node in list(root.iter()):
                mine = node.get("id") == gone or node.get("bpmnElement") == gone
                if mine or (local(node) == "flowNodeRef" and node.text == gone):
                    node.getparent().remove(node)

    return edit


def insert_on(flow: str, ident: str) -> Edit:
    """Put a new task into a flow."""

    def edit(root: Any) -> None:
        old = by_id(root, flow)
        process = old.getparent()
        task = etree.SubElement(process, f"{{{BPMN}}}userTask", {"id": ident, "name": "新环节"})
        process.remove(task)
        old.addprevious(task)
        new = old.makeelement(old.tag, {"id": f"{ident}_out", "sourceRef": ident, "targetRef": old.get("targetRef")})
        old.set("targetRef", ident)
        old.addnext(new)
        plane = next(root.iter(f"{{{BPMNDI}}}BPMNPlane"))
        shape = etree.SubElement(plane, f"{{{BPMNDI}}}BPMNShape", {"id": f"{ident}_di", "bpmnElement": ident})
        etree.SubElement(
            shape, "{http://www.omg.org/spec/DD/20100524/DC}Bounds", x="0", y="0", width="100", height="80"
        )
        etree.SubElement(plane, f"{{{BPMNDI}}}BPMNEdge", {"id": f"{ident}_out_di", "bpmnElement": f"{ident}_out"})

    return edit


def conflicts_of(file: str, base: bytes, ours: bytes, theirs: bytes) -> tuple[MergeConflict, ...]:
    return merge_file(file, base, ours, theirs).conflicts


def pieces(file: str) -> tuple[bytes, list[str], list[str]]:
    """Return the diagram with its drawing in the stable format, its named nodes and its flows."""
    base = drawn(format_diagram((ROOT / file).read_bytes()), file)
    root = etree.fromstring(base)
    nodes = [node.get("id") for node in root.iter() if local(node) and is_node(node) and node.get("name")]
    return base, nodes, [node.get("id") for node in root.iter("{*}sequenceFlow")]


@pytest.mark.parametrize("file", whose_turn(0))
def test_edits_of_different_things_merge_to_both_edits_made_in_one_file(file: str) -> None:
    base, nodes, flows = pieces(file)
    first, last = nodes[0], nodes[-1]
    pairs = [
        (rename(first, "甲改的名称"), rename(last, "乙改的名称")),
        (rename(first, "甲改的名称"), move(first, 40)),
        (insert_on(flows[0], "new_step"), rename(last, "乙改的名称")),
        (insert_on(flows[0], "new_step"), move(last, 40)),
    ]
    assert merge_file(file, base, edited(base, pairs[0][1]), edited(base, pairs[0][0])).content == edited(
        base, *pairs[0]
    )
    for one, other in pairs:
        assert merge_file(file, base, edited(base, one), edited(base, other)).content == edited(base, one, other)


@pytest.mark.parametrize("file", whose_turn(1))
def test_the_same_name_changed_twice_is_exactly_one_conflict_with_both_values(file: str) -> None:
    base, nodes, _ = pieces(file)
    ours, theirs = edited(base, rename(nodes[0], "甲")), edited(base, rename(nodes[0], "乙"))
    (conflict,) = conflicts_of(file, base, ours, theirs)
    (field,) = conflict.fields
    assert (conflict.element, field.name, field.ours, field.theirs) == (nodes[0], "name", "甲", "乙")
    for side, content in ((Side.OURS, ours), (Side.THEIRS, theirs)):
        assert merge_file(file, base, ours, theirs, {conflict.id: side}).content == content


@pytest.mark.parametrize("file", whose_turn(2))
def test_what_one_removed_and_the_other_renamed_is_one_conflict(file: str) -> None:
    base, nodes, _ = pieces(file)
    held = {node.get("attachedToRef") for node in etree.fromstring(base).iter("{*}boundaryEvent")}
    gone = next(node for node in nodes if node not in held)
    ours, theirs = edited(base, remove(gone)), edited(base, rename(gone, "乙"))
    (conflict,) = conflicts_of(file, base, ours, theirs)
    assert (conflict.element, conflict.removed) == (gone, Side.OURS)
    assert merge_file(file, base, ours, theirs, {conflict.id: Side.OURS}).content == ours
    assert merge_file(file, base, ours, theirs, {conflict.id: Side.THEIRS}).content == theirs


DIAGRAM = "processes/urumqi/quality_award/conferral.bpmn"


def test_two_new_elements_with_one_id_are_one_conflict() -> None:
    base, _, flows = pieces(DIAGRAM)
    ours = edited(base, insert_on(flows[0], "Activity_1"))
    theirs = edited(base, insert_on(flows[0], "Activity_1"), rename("Activity_1", "别的环节"))
    (conflict,) = conflicts_of(DIAGRAM, base, ours, theirs)
    assert (conflict.element, conflict.fields[0].base) == ("Activity_1", None)


def test_a_file_that_is_no_diagram_conflicts_as_a_whole() -> None:
    base, nodes, _ = pieces(DIAGRAM)
    (conflict,) = conflicts_of(DIAGRAM, base, b"<no", edited(base, rename(nodes[0], "甲")))
    assert conflict.id == "whole"
