"""Which ballot stands in the place of a void one, and whether its case waits at the count already."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from service.casework.ballots.box import VOID
from service.casework.step.step import Step
from service.store import Transaction
from service.store.models import BallotRow

REPLACED = "replaced_by"
"""Key under which a void ballot names the one that was called in its place."""

COUNT = "ballot.count"
"""The operation that counts."""

AWAITED = "awaited"
"""Key under which an open ballot says that its case stands at the count already (`BallotRow.after`)."""


def standing_for(tx: Transaction, ballot_id: int) -> BallotRow:
    """Return a ballot, or the one that was called in its place; raises NotFound."""
    row = tx.ballots.get(ballot_id)
    while row.state == VOID and row.after and REPLACED in row.after:
        row = tx.ballots.get(int(row.after[REPLACED]))
    return row


def is_awaited(row: BallotRow) -> bool:
    """Return whether the case of a ballot stood at its count before it was called (anew)."""
    return bool(row.after) and AWAITED in row.after


def list_awaiting_calls(step: Step, row: BallotRow) -> frozenset[str]:
    """Return the ids of the service calls by which the case stands at the count of a ballot."""
    call_ids = set()
    for call in step.instance.service_calls():
        number: Any = call.parameters.get("ballot") if call.operation == COUNT else None
        if number is not None and standing_for(step.tx, int(number)).id == row.id:
            call_ids.add(call.id)
    return frozenset(call_ids)


def settle_counts(step: Step, calls: Collection[str]) -> None:
    """Close the incidents of counts that failed: the ballot was called anew, or is counted now."""
    for incident in step.tx.incidents.select(case_id=step.case.id):
        if incident.engine_id in calls and incident.resolved_at is None:
            step.tx.incidents.resolve(incident.id, step.now)
