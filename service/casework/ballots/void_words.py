"""Why a ballot is void, and which one was called in its place: what members find where they look for a result."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.ballots.box import VOID
from service.casework.ballots.counting import voided_words
from service.casework.ballots.standing import standing_for
from service.store import Transaction
from service.store.rows import BallotRow


@dataclass(frozen=True, slots=True)
class Voided:
    """Why a ballot is void, as its case's history says it; ``instead`` is the number of the one called in its place."""

    why: str
    instead: int | None
    instead_title: str


def voided_of(tx: Transaction, row: BallotRow) -> Voided | None:
    """Return why a ballot is void; None where it is not."""
    if row.state != VOID:
        return None
    begins = voided_words(row, "")
    said = [
        event.text.removeprefix(begins)
        for event in tx.history.whole(row.case_id)
        if event.action == "ballot" and event.data.get("ballot") == row.id and event.text.startswith(begins)
    ]
    standing = standing_for(tx, row.id)
    other = standing.id != row.id
    return Voided(said[-1] if said else "", standing.id if other else None, standing.title if other else "")
