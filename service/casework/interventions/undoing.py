"""Which batch undoes a move of all cases, and whether one does so now."""

from __future__ import annotations

from service.casework.interventions.kinds import UNDO
from service.store import Transaction
from service.store.models import InterventionBatchRow


def undo_of(tx: Transaction, moves: int) -> InterventionBatchRow | None:
    """Return the newest batch that undoes the batch of moves ``moves``; None where nobody began one."""
    page = tx.interventions.newest(UNDO)
    while page:
        found = next((row for row in page if row.given["batch"] == moves), None)
        if found is not None:
            return found
        page = tx.interventions.newest(UNDO, page[-1].id)
    return None


def is_being_undone(tx: Transaction, package: str) -> bool:
    """Return whether moves of an award are being undone."""
    batches = (row.given["batch"] for row in tx.interventions.under_way(UNDO))
    return any(tx.moves.batch(moves).package == package for moves in batches)
