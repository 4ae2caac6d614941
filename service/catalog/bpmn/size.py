"""How large a diagram may be."""

from __future__ import annotations

import re

from service.catalog.bpmn.vocabulary import NODES
from service.catalog.source.xml import XmlMistake
from service.domain.text import Text

MOST_NODES = 400
"""Elements of a diagram: nobody reads a larger one, and to lay it out would hold everybody up."""

_NODE = re.compile(rb"<(?:[\w-]+:)?(?:" + "|".join(sorted(NODES)).encode() + rb")[\s/>]")


def demand_size(content: bytes, file: str) -> None:
    """Raise XmlMistake where a diagram has more elements than anybody reads; nothing is parsed for it."""
    size = sum(1 for _ in _NODE.finditer(content))
    if size > MOST_NODES:
        raise XmlMistake(
            file,
            1,
            Text(
                f"图中有 {size} 个图形，最多 {MOST_NODES} 个。请拆成几张图（子流程单独成图）。",
                f"The diagram has {size} elements, at most {MOST_NODES} are taken. Split it, one file per subprocess.",
            ),
        )
