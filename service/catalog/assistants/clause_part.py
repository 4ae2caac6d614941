"""The part of a clause that can say something of what an assistant asks: the rest is about another matter."""

from __future__ import annotations

import re

from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.majority_said import without_panels
from service.catalog.law_text.objection_phases import before_appeal

_LAW_IN_FORCE = re.compile("[^。；]*(?:办法|规定|细则)[^。；]{0,20}(?:施行|实施|执行)[^。；]*")
"""How long the regulation itself is in force is not how long a title is valid."""


def part_about(kind: AssistKind, text: str) -> str:
    """Return the part of ``text`` that ``kind`` reads: a panel's vote, an appeal and the regulation's own years are other matters."""
    if kind is AssistKind.MAJORITY:
        return without_panels(text)
    if kind is AssistKind.VALIDITY:
        return _LAW_IN_FORCE.sub("", text)
    return before_appeal(text) if kind is AssistKind.OBJECTION_WINDOW else text
