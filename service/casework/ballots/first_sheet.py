"""The first teller's sheet of the hall: sealed as theirs, and entered into the history before a second one is taken."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.casework.step.history import note
from service.domain.ballots import BoxMismatch, HallSheet
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import BallotRow

_SHEET = "sheet"
"""Under it an entry of the history holds the SHA-256 (hex) of the sealed sheet."""


@dataclass(frozen=True, slots=True)
class WaitingSheet:
    """A sealed sheet and the person who entered it."""

    content: bytes
    teller: int


def keep_first(desk: Desk, tx: Transaction, actor: Actor, row: BallotRow, sheet: HallSheet) -> None:
    """Keep the sheet of ``actor`` for the second teller, and say in the history that they entered it."""
    assert actor.person_id is not None
    kept = urns_of(desk).keep_sheet(row.box, sheet, actor.person_id)
    tx.ballots.update(row.id, sheet=kept, sheet_by=actor.person_id)
    data = {"ballot": row.id, _SHEET: _digest(kept)}
    note(desk, tx, row.case_id, actor, "ballot", f"第一名计票人{actor.name}已录入在场选票", row.element, data)


def waiting_sheet(tx: Transaction, row: BallotRow) -> WaitingSheet | None:
    """Return the sheet that waits for its second; None where none does, or the history says of none (as a program before).

    Raises:
        BoxMismatch: the history says that somebody else entered it, or another one.
    """
    if row.sheet is None or row.sheet_by is None:
        return None
    events = tx.history.whole(row.case_id)
    said = next((e for e in reversed(events) if e.data.get("ballot") == row.id and _SHEET in e.data), None)
    if said is None:
        return None
    if (said.person_id, said.data[_SHEET]) != (row.sheet_by, _digest(row.sheet)):
        raise BoxMismatch(
            Text(
                "等待核对的第一份在场选票录入与办件历史所记的录入人或内容不符，登记被改动。没有计入，请立即报告监督机构。",
                "The first teller's tally is not the one, or not of the person, that the history of the case names: the"
                " record was changed. Nothing was counted: report it at once.",
            )
        )
    return WaitingSheet(row.sheet, row.sheet_by)


def _digest(kept: bytes) -> str:
    return hashlib.sha256(kept).hexdigest()
