"""The stages of a round's applications, and which of them each came to: one answer for the board and for its figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from service.casework.reading.stages import reachable
from service.catalog import Package, ProcessInfo
from service.catalog.stages import Stage
from service.store import CasesBelow, Transaction


def came_to(
    tx: Transaction, package: Package, kind: ProcessInfo, below: CasesBelow
) -> Mapping[int, Mapping[str, datetime]]:
    """Return the ids of the stages that each case came to, those it passed without waiting too, and when it first did."""
    calls = [call.id for call in package.diagram(kind.process).calls]
    found: dict[int, dict[str, datetime]] = {}
    for case_id, element, at in tx.board.came(below, kind.process, calls):
        found.setdefault(case_id, {})[element] = at
    return found


def round_stages(package: Package, kind: ProcessInfo, entered: Collection[str]) -> tuple[Stage, ...]:
    """Return the stages of the main path, and those off it that are in ``entered``, each before what it leads to."""
    diagram = package.diagram(kind.process)
    stages = list(package.stages(kind.key))
    for ident in sorted(set(entered) - {stage.id for stage in stages}):
        element = diagram.elements.get(ident)
        name, called = (element.name, element.called) if element is not None else (ident, "")
        after = reachable(diagram, ident) if element is not None else set()
        at = next((n for n, stage in enumerate(stages) if stage.id in after), len(stages))
        stages.insert(at, Stage(ident, name, called))
    return tuple(stages)
