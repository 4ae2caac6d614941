"""The words that elements of a diagram use, and where a case goes on from each."""

from __future__ import annotations

import re

from service.catalog.bpmn.model import Diagram
from service.catalog.closure import element_words
from service.catalog.source.newest import of_newest

WORD = re.compile(r"[A-Za-z_]\w*")


def _file(diagram: Diagram) -> str:
    return diagram.file


@of_newest(_file)
def words_of(diagram: Diagram) -> dict[str, frozenset[str]]:
    """Return the words in the texts that say what each element does, in the conditions of the flows that leave it too."""
    said: dict[str, list[str]] = {
        e.id: [*e.properties.values(), e.payload, *element_words(e), e.timer.expression if e.timer else ""]
        for e in diagram.elements.values()
    }
    for e in diagram.elements.values():
        said[e.id] += e.operation.parameters.values() if e.operation else ()
    for flow in diagram.flows.values():
        said.get(flow.source, []).append(flow.condition)
    return {ident: frozenset(WORD.findall(" ".join(texts))) for ident, texts in said.items()}


@of_newest(_file)
def next_of(diagram: Diagram) -> dict[str, list[str]]:
    """Return where a case goes on from each element: flows, events at its border, what stands within it."""
    found: dict[str, list[str]] = {}
    for flow in diagram.flows.values():
        found.setdefault(flow.source, []).append(flow.target)
    for e in diagram.elements.values():
        for around in (e.attached_to, e.parent):
            found.setdefault(around, []).append(e.id)
    return found
