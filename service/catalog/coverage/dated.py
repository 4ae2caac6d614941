"""What a parameter moves that says how days are counted everywhere: no formula names it, every period is counted by it."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.coverage.bpmn_words import words_of
from service.catalog.coverage.looked_at import Trace
from service.catalog.package import Package
from service.catalog.parameters.counting import TIME_KEYS

_POSTED = "notice.draft"


def dated_by(package: Package, parameter: str) -> frozenset[Trace]:
    """Return the traces of tasks with a last day, timers and notices, where ``parameter`` is such a one; else none."""
    return frozenset(_dated(package)) if package.award.parameters[parameter].key in TIME_KEYS else frozenset()


def _dated(package: Package) -> Iterator[Trace]:
    for diagram in package.diagrams.values():
        words = words_of(diagram)
        for element in diagram.elements.values():
            if element.due or element.timer:
                yield "element", element.id
            if element.operation and element.operation.operation == _POSTED:
                yield from (("notice", word) for word in words.get(element.id, ()))
