"""Recorded score sheets read back for the rules."""

from __future__ import annotations

from service.domain.review import Edition, ItemScore, Sheet
from service.store import Transaction
from service.store.models import SheetRow


def valid_sheets(tx: Transaction, case_id: int, stage: str) -> list[SheetRow]:
    """Return the own sheets of a stage that count: the newest of each member who sent one."""
    rows = [s for s in tx.panels.sheets([case_id], stage) if s.state == "valid" and s.kind == "own"]
    return list({row.person_id: row for row in rows}.values())


def sheet_of(edition: Edition, row: SheetRow) -> Sheet:
    """Return a recorded sheet as the rules use it."""
    return Sheet(
        edition,
        {
            item: ItemScore(score.get("percent"), score.get("strengths") or "", score.get("improvements") or "")
            for item, score in row.scores.items()
        },
    )
