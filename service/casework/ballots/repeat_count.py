"""Recount a ballot from its published record and compare the results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.view_ballot import require_sight
from service.casework.desk.desk import Desk
from service.domain.ballots import Outcome, agrees, fingerprint_of, recount
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, ResultRow
from service.store.queries.review import IN_HALL, NOT_VOTED


@dataclass(frozen=True, slots=True)
class RepeatedCount:
    """A repeated count.

    ``same`` says that the recount gives the published result, ``untouched`` that the record is the one whose
    fingerprint went into the case's history when it was counted, ``receipts`` that there is one receipt for every member
    marked, ``roll`` that the roll in the database still bears the marks that were counted.
    """

    outcome: Outcome
    same: bool
    untouched: bool
    receipts: bool
    roll: bool
    fingerprint: str
    record: Mapping[str, Any]


@guarded("ballot.repeat")
def repeat_count(desk: Desk, actor: Actor, ballot_id: int) -> RepeatedCount:
    """Count again from the published record.

    Raises:
        NotAllowed: the person may not look at this ballot.
        Conflict: it is not counted yet.
        BadRecord, BoxMismatch: the record was changed: it is none any more, or does not add up.
    """
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
        require_sight(tx, actor, row)
        record = counted(tx, row).record
        counts = _in_history(tx, row)
        members = tx.rolls.select(ballot_id=ballot_id)
    again = recount(record)
    fingerprint = fingerprint_of(record)
    marked = sum(1 for v in record["roll"] if v["marked"])
    whole = len(set(record.get("receipts", ()))) == marked
    counted_marks = Counter((v["weight"], bool(v["marked"]), v.get("hall", False)) for v in record["roll"])
    roll = counted_marks == Counter((m.weight, m.state != NOT_VOTED, m.state == IN_HALL) for m in members)
    untouched = fingerprint in {earlier_count.get("fingerprint") for earlier_count in counts}
    return RepeatedCount(again, agrees(record, again), untouched, whole, roll, fingerprint, record)


@guarded("ballot.repeat")
def read_record(desk: Desk, actor: Actor, ballot_id: int) -> Mapping[str, Any]:
    """Return the published record of a counted ballot; raises NotAllowed, Conflict."""
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
        require_sight(tx, actor, row)
        record: Mapping[str, Any] = counted(tx, row).record
        return record


def counted(tx: Transaction, row: BallotRow) -> ResultRow:
    """Return the result of a ballot; raises Conflict before the count."""
    result = tx.ballot_results.find(ballot_id=row.id)
    if result is None:
        raise Conflict(
            Text(
                f"“{row.title}”尚未计票，截止并计票后才能查看结果。",
                f"“{row.title}” is not counted yet; see it afterwards.",
            )
        )
    return result


def _in_history(tx: Transaction, row: BallotRow) -> list[Mapping[str, Any]]:
    events = tx.history.select(case_id=row.case_id)
    ballot_entries = [e.data for e in events if e.action == "ballot" and e.data.get("ballot") == row.id]
    return [data for data in ballot_entries if "fingerprint" in data]
