"""Sittings without those about what somebody is recused from."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.store import CaseFilter, Transaction
from service.store.models import SittingRow


def not_recused(tx: Transaction, actor: Actor, rows: Sequence[SittingRow]) -> list[SittingRow]:
    """Return the sittings about cases from which ``actor`` is not recused, in their order."""
    if not rows or not actor.recused:
        return list(rows)
    about = CaseFilter(ids=sorted({row.case_id for row in rows}), recused=sorted(actor.recused))
    left = {*tx.cases.search_ids(about, len(rows))}
    return [row for row in rows if row.case_id in left]
