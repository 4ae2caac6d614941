"""Check a receipt: signed by this ballot's key, its member marked, and one paper for every mark."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import COUNTED, Box
from service.casework.desk.desk import Desk
from service.domain.ballots import Receipt, check_receipt
from service.store import Transaction


@dataclass(frozen=True, slots=True)
class Verified:
    """A true receipt: ``marked`` should be True; the box held ``papers`` for ``marks``; ``published`` after the count."""

    receipt: Receipt
    marked: bool
    marks: int
    papers: int
    published: bool | None


@guarded("ballot.verify")
def verify_receipt(desk: Desk, actor: Actor, ballot_id: int, text: str) -> Verified:  # noqa: ARG001  the guard reads the actor
    """Check the words of a receipt of ballot ``ballot_id``; raises ForgedReceipt."""
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
        receipt = check_receipt(text, row.public_key, row.box)
        members = tx.ballots.roll(ballot_id)
        marks = sum(m.weight for m in members if m.state)
        marked = any(m.number == receipt.number and m.state for m in members)
        papers, published = _papers(tx, Box(row), receipt)
        return Verified(receipt, marked, marks, papers, published)


def _papers(tx: Transaction, box: Box, receipt: Receipt) -> tuple[int, bool | None]:
    """Return how many papers the box holds (as counted, or as checked at every cast), and whether it is published."""
    result = tx.ballots.result(box.row.id) if box.row.state == COUNTED else None
    if result is None:
        return box.row.cast, None
    return int(result.outcome["cast"]), receipt.fingerprint in result.record["receipts"]
