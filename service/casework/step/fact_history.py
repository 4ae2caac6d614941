"""The history of facts: what a step changed in them goes on record beside its first entry, in the same statement."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.desk.desk import Desk
from service.casework.step.step import Step
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.proof.audit_chain import beside
from service.domain.proof.fact_changes import SALT_BYTES, FactChange, kept_changes
from service.store import AuditEvent

RECORDED = "facts"
"""Action of the entry of a step that tells nothing else."""

_NAMED = 5


def events_to_keep(step: Step) -> list[AuditEvent]:
    """Return the entries of a step, the first with the changes of facts beside it."""
    changes, events = step.pending.facts, list(step.pending.events)
    if not changes:
        return events
    if not events:
        events.append(AuditEvent(step.now, step.author.name, RECORDED, _said(step), step.author.person_id))
    return [with_changes(step.desk, events[0], changes), *events[1:]]


def with_changes(desk: Desk, event: AuditEvent, changes: Sequence[FactChange]) -> AuditEvent:
    """Return ``event`` with changes of facts beside it."""
    return beside(event, kept_changes(changes, event.actor, desk.randomness.randbytes(SALT_BYTES).hex()))


def _said(step: Step) -> str:
    terms = terms_of(step.package)
    names = list(dict.fromkeys(terms.word(change.name, "fact").zh for change in step.pending.facts))
    return f"记录数据：{'、'.join(names[:_NAMED])}{'等' if len(names) > _NAMED else ''}"
