"""Redact a case's history for readers who do not oversee it: reviewers, recusals and scores are confidential."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.reading.case_summary import Brief
from service.casework.reading.history import EventView
from service.casework.step.other_case import because_of
from service.store import Transaction

CONFIDENTIAL = frozenset(
    {"draw", "draw_refused", "draw_failed", "panel", "recusal", "scores", "sheet_conflict", "review", "noted", "signed"}
)
"""Actions of the history that name evaluators or scores, or say that offices wrote notes or signed."""
FAULTS = frozenset({"incident", "work_item_dead", "retried", "skipped", "handed_over", "undelivered", "draft_settled"})
"""Actions that tell of what the system could not do, and of what was done about it."""
_HIDDEN = CONFIDENTIAL | FAULTS
_HANDED_ON = "”转办给"


def redact_history(tx: Transaction, brief: Brief, actor: Actor, readable: frozenset[str] | None) -> Brief:
    """Return ``brief`` as ``actor`` may read it: internal reasons and faults are for who oversees it.

    What another case changed is told with its name to who may open that, and to others only that it changed something.
    Of a step handed on others read only that it was: neither to whom nor why; of one sent back, why is between the two
    bodies. Evaluators are not named to applicants,
    recommenders and each other; of the uploads, those ``readable`` are listed.
    """
    if any(event.because is not None for event in brief.events):
        brief = replace(brief, events=tuple(_of_other_case(tx, event, actor) for event in brief.events))
    if actor.oversees(brief.jurisdiction):
        return brief
    others = tx.panels.people_of_case(brief.id) - {actor.person_id}
    masked = (_masked(brief, event, actor, others) for event in brief.events if event.action not in _HIDDEN)
    files = (f for f in brief.files if f.upload is None or readable is None or f.upload in readable)
    return replace(brief, events=tuple(masked), files=tuple(files))


def _of_other_case(tx: Transaction, event: EventView, actor: Actor) -> EventView:
    if event.because is None:
        return event
    other = tx.cases.get(event.because)
    if not may_view_case(actor, other, tx):
        return replace(event, text="另一办件改动了与本办件有关的登记", reason="", because=None)
    begins = because_of(other.id)
    return replace(event, text=event.text.replace(begins, f"{begins}“{other.title}”", 1))


def _masked(brief: Brief, event: EventView, actor: Actor, others: Collection[int | None]) -> EventView:
    if event.internal:
        event = replace(event, reason="")
    if event.action == "assigned" and _HANDED_ON in event.text:
        title = event.text.partition(_HANDED_ON)[0].partition("“")[2]
        return _by_office(event, f"“{title}”已转由他人办理")
    if event.action == "sent_back" and actor.person_id != event.person_id and actor.body_ids.isdisjoint(event.between):
        title = event.text.partition("“")[2].partition("”")[0]
        return _by_office(event, f"“{title}”已退回重新办理")
    if event.person_id not in others:
        return event
    text = brief.personal.get(event.element or "", event.text)
    return replace(event, who="评审专家", text=text, reason="")


def _by_office(event: EventView, text: str) -> EventView:
    """Return an act between offices as others read it: neither who nor why."""
    return replace(event, who="办理单位", person_id=None, text=text, reason="")
