"""A diagram whose names are said in other words, such as those of another language: to be looked at, never to be edited."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from service.catalog.bpmn.text import text_width
from service.catalog.source.formatting import BPMN, BPMNDI, DC
from service.catalog.source.xml import XmlElement, parse_xml

_WIDEST = 96
"""No name beside its shape is wider, in pixels, as bpmn-js sets them by itself."""


def in_words(content: bytes, file: str, say: Callable[[str], str]) -> bytes:
    """Return the BPMN file ``content`` with every name and annotation as ``say`` says it; raises XmlMistake.

    Names beside their shapes get the width that the longest of their words needs.
    """
    root = parse_xml(content, file)
    said = {}
    for element in root.iter(f"{{{BPMN}}}*"):
        if name := element.get("name"):
            said[element.get("id")] = say(name)
            element.set("name", say(name))
    for note in root.iter(f"{{{BPMN}}}text"):
        note.text = say((note.text or "").strip())
    for label, ident in _labels(root):
        _widen(label, said.get(ident, ""))
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _labels(root: XmlElement) -> Iterator[tuple[XmlElement, str]]:
    """Yield the bounds of the names beside shapes and flows, each with the id of what it names."""
    for label in root.iter(f"{{{BPMNDI}}}BPMNLabel"):
        bounds = label.find(f"{{{DC}}}Bounds")
        if bounds is not None:
            yield bounds, label.getparent().get("bpmnElement", "")


def _widen(bounds: XmlElement, name: str) -> None:
    """Make the place of a name as wide as its longest word, and of a longer one as three lines ask; its middle stays."""
    longest = max((text_width(word) for word in name.split()), default=0)
    wanted = min(_WIDEST, max(longest, text_width(name) // 3))
    more = wanted - float(bounds.get("width"))
    if more > 0:
        bounds.set("width", f"{wanted}")
        bounds.set("x", f"{float(bounds.get('x')) - more / 2:g}")
