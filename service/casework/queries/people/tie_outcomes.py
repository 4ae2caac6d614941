"""What a tie between a reviewer and an applicant led to: a recusal, a reasoned refusal of one, or nothing yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from service.casework.access.declarations import DECIDED, has_gone_on
from service.domain.text import Text
from service.store import Transaction
from service.store.models import InterestRow, RecusalRow


class LedTo(Enum):
    """What a tie between an expert and an organisation led to."""

    RECUSED = Text("已决定回避", "recused")
    LIFTED = Text("曾决定回避，已解除", "recused, lifted since")
    KEPT = Text("决定不予回避", "not recused")
    OPEN = Text("还没有决定是否回避", "recusal not decided yet")
    APART = Text("不属于须回避的情形，评审照常进行", "no ground for a recusal: the review went on")
    """Of a tie that the rules of the panel do not count, as one that ended long ago."""
    NOTHING = Text("", "")
    """Of a tie on record, about which nobody has asked."""


@dataclass(frozen=True, slots=True)
class RecusalOutcome:
    """What a tie led to: ``at`` is when somebody was recused, ``reason`` why, or why not."""

    led_to: LedTo
    at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KnownTie:
    """A tie of a person to an organisation since ``at``; ``case`` is where it was declared, None for one on record."""

    person: int
    body: int
    at: datetime
    case: int | None


def of_interest(row: InterestRow) -> KnownTie:
    """Return a tie as it was noted."""
    return KnownTie(row.person_id, row.body_id, row.noted_at, row.case_id if row.source != "record" else None)


def outcome_of(tx: Transaction, tie: KnownTie, recusals: Sequence[RecusalRow]) -> RecusalOutcome:
    """Return what was decided about recusal since a tie was noted, by ``recusals`` from the newest, or by its panels."""
    last = next((r for r in recusals if r.body_id == tie.body and r.decided_at >= tie.at), None)
    if last is not None:
        return (
            RecusalOutcome(LedTo.LIFTED)
            if last.lifted_at
            else RecusalOutcome(LedTo.RECUSED, last.decided_at, last.reason)
        )
    if tie.case is None:
        return RecusalOutcome(LedTo.NOTHING)
    for one in (d for panel in tx.panels.of_case(tie.case) for d in panel.settings.get(DECIDED, ())):
        if (one["person"], one["body"]) == (tie.person, tie.body):
            return RecusalOutcome(LedTo.KEPT, reason=str(one["reason"]))
    return RecusalOutcome(LedTo.APART if has_gone_on(tx, tie.case, tie.person, tie.at) else LedTo.OPEN)
