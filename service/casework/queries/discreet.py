"""What only overseers read in a case's history: who reviews, who keeps away, what was scored."""

from __future__ import annotations

from dataclasses import replace

from service.casework.actor import Actor
from service.casework.queries.brief import Brief
from service.casework.queries.history import EventView

CONFIDENTIAL = frozenset(
    {"draw", "draw_refused", "draw_failed", "panel", "recusal", "scores", "sheet_conflict", "review"}
)
"""Actions of the history that name evaluators or scores."""


def discreet(brief: Brief, actor: Actor) -> Brief:
    """Return ``brief`` as ``actor`` may read it: evaluators are not named to applicants, recommenders and each other."""
    if actor.oversees(brief.jurisdiction):
        return brief
    return replace(brief, events=tuple(e for event in brief.events if (e := _masked(brief, event, actor)) is not None))


def _masked(brief: Brief, event: EventView, actor: Actor) -> EventView | None:
    if event.action in CONFIDENTIAL:
        return None
    alone = brief.personal.get(event.element or "")
    if alone is None:
        return event
    return event if event.person_id == actor.person_id else replace(event, who="评审专家", text=alone, said="")
