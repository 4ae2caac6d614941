"""What the parser keeps of documents."""

from __future__ import annotations

from pathlib import Path

from service.engine.parser import parse

PACKAGE = Path(__file__).parents[3] / "processes" / "urumqi" / "quality_award"


def test_the_parser_keeps_no_drawing() -> None:
    """A server keeps the documents of every city as trees; most of each was where its boxes and lines lie."""
    found = {path.name: path.read_bytes() for path in PACKAGE.glob("*.bpmn")}
    assert any(b"BPMNShape" in content for content in found.values())
    parser, processes = parse(found)
    kept = [parser.process_parsers[name].node.getroottree().getroot() for name in processes]
    assert kept
    assert not [each.tag for root in kept for each in root.iter("{*}BPMNShape", "{*}BPMNEdge")]
