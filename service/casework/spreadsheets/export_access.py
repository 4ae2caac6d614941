"""Access to exports of a round: overseers only, and every export is recorded."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.step.history import note
from service.catalog import Package
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow


def round_overseen(desk: Desk, tx: Transaction, actor: Actor, round_id: int, what: Text) -> tuple[CaseRow, Package]:
    """Return a round with its package; raises NotFound, NotAllowed when the actor may not export ``what`` of it."""
    case = tx.cases.get(round_id)
    if not actor.oversees(case.jurisdiction):
        raise NotAllowed(
            Text(f"您不能查看这一届的{what.zh}。", f"The {what.en} of this round are not yours to look at.")
        )
    return case, desk.packages.get(case.definition, tx)


def note_export(desk: Desk, tx: Transaction, actor: Actor, round_id: int, what: Text, lines: int) -> None:
    """Record in the round's history an export of so many lines."""
    note(desk, tx, round_id, actor, "export", f"导出{what.zh}，{lines}行")
