"""What a clause gives to each tier, by what an assistant writes: places, amounts, points, votes, years of a bar."""

from __future__ import annotations

from service.catalog.assistants.clause_assistants import AssistKind
from service.catalog.assistants.values_said import kept_for
from service.catalog.law_text.bars_said import bars_said
from service.catalog.law_text.majority_said import thresholds_said
from service.catalog.law_text.numbers import numbers_in
from service.catalog.law_text.tiers_said import TierSaid, tiers_said
from service.catalog.parameters.parameters import Unit


def each_tier(kind: AssistKind, text: str) -> tuple[TierSaid, ...]:
    """Return what ``text`` gives to each tier; nothing where it gives one number, or one to all."""
    if kind is AssistKind.MAJORITY:
        return thresholds_said(numbers_in(text), text)
    if kind not in (AssistKind.QUOTA, AssistKind.PRIZE, AssistKind.CUT_OFF, AssistKind.BAR):
        return ()
    kept = kept_for(kind, numbers_in(text))
    if kind is AssistKind.BAR:
        return bars_said(kept, text)
    if kind is AssistKind.CUT_OFF and {number.unit for number in kept} != {Unit.POINTS}:
        return ()
    found = tiers_said(kept, text)
    if kind is AssistKind.PRIZE and len({said.number for said in found}) == 1:  # 各奖励20万元 is one amount for all
        return ()
    return found
