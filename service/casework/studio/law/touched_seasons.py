"""The seasons that what an assistant draws touches: in them happens what is handled otherwise from then on."""

from __future__ import annotations

from service.casework.simulate.scenarios.scenario import Move
from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog import Package
from service.catalog.assistants.appeal_drawing import APPEAL_DIAGRAM
from service.catalog.clause_kinds.clause_assistants import AssistKind

_NAMING_KINDS = ("start", "lodge", "find")
"""Steps whose value is a kind of case."""
_SUSPENDS = "suspend"


def touched_seasons(before: DraftTree, after: Package, typed: TypedAssistance) -> tuple[str, ...]:
    """Return the files of the seasons in which something waits longer once it is drawn: an objection, who is suspended.

    Of other assistants none: what they draw makes nothing wait, or every season.
    """
    kinds = _kinds_calling(after, APPEAL_DIAGRAM)

    def happens(move: Move) -> bool:
        if typed.kind is AssistKind.SUSPENSION:
            return move.verb == _SUSPENDS
        return move.verb in _NAMING_KINDS and str(move.value) in kinds

    if typed.element or typed.kind not in (AssistKind.APPEAL, AssistKind.SUSPENSION):
        return ()
    files = scenario_files(before.filled, before.package.key)
    return tuple(file.path for file in files if file.scenario and any(map(happens, file.scenario.moves)))


def _kinds_calling(package: Package, process: str) -> frozenset[str]:
    """Return the kinds of case whose diagram calls ``process``, or calls one that does."""
    known, found = {process}, set[str]()
    while known - found:
        found |= known
        known |= {
            diagram.process_id
            for diagram in package.diagrams.values()
            if any(element.called in found for element in diagram.elements.values())
        }
    return frozenset(key for key, info in package.award.processes.items() if info.process in found)
