"""List what an assistant may apply to: elements of a place's own, scenarios, tiers, and who may act."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.play_scenarios import scenario_files
from service.catalog import Package
from service.catalog.assistants.clause_questions import acting_roles
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.names.element_names import element_name
from service.catalog.pieces.due_slots import due_slots
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class AssistChoices:
    """What an assistant may apply to: elements as ("file#id", name, diagram), scenarios as (path, title), tiers; who may act.

    ``citing`` holds the elements that cite the clause already.
    """

    elements: tuple[tuple[str, str, str], ...]
    scenarios: tuple[tuple[str, str], ...]
    tiers: tuple[tuple[str, Text], ...] = ()
    roles: tuple[tuple[str, Text], ...] = ()
    citing: tuple[str, ...] = ()


@guarded("draft.view")
def assist_choices(desk: Desk, actor: Actor, draft: int, clause: str = "") -> AssistChoices:
    """Return the elements and scenarios of a draft that an assistant of ``clause`` may change."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    own = tuple(_own_elements(tree.package, row.package))
    alike = Counter((path, element.name) for path, _, element in own)
    elements = tuple(
        (
            f"{path}#{element.id}",
            element_name(tree.package, path, element, alike[path, element.name]),
            diagram.name or diagram.process_id,
        )
        for path, diagram, element in own
    )
    citing = tuple(f"{path}#{element.id}" for path, _, element in own if clause in element.clauses)
    elements += tuple(
        (slot.place, slot.task.name, f"{tree.package.diagrams[slot.place.partition('#')[0]].name}：{slot.call.name}")
        for slot in due_slots(tree.package)
    )
    scenarios = tuple((f.path, f.title) for f in scenario_files(tree.filled, row.package))
    tiers = tuple((tier.id, tier.text) for tier in tree.package.award.tiers)
    return AssistChoices(elements, scenarios, tiers, acting_roles(tree.package.jurisdiction), citing)


def _own_elements(package: Package, key: str) -> Iterator[tuple[str, Diagram, Element]]:
    for path, diagram in package.diagrams.items():
        if path.startswith(f"processes/{key}/"):
            yield from ((path, diagram, element) for element in diagram.elements.values())
