"""What a clause gives to each tier, by what an assistant writes: places, amounts, points, votes, years of a bar."""

from __future__ import annotations

import re

from service.catalog.assistants.values_said import kept_for
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.bars_said import bars_said
from service.catalog.law_text.majority_said import thresholds_said
from service.catalog.law_text.numbers import numbers_in
from service.catalog.law_text.tiers_said import TierSaid, tiers_named, tiers_said
from service.catalog.parameters.parameters import Unit

_OF_PERSONS = re.compile("^(?:每[人名位]|人均)")
"""An amount for each person in a winner is none of the prize itself: 每人奖励二万元."""


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
    if kind is AssistKind.PRIZE:
        kept = [number for number in kept if tiers_named(number.before) or not _OF_PERSONS.search(number.before)]
    found = tiers_said(kept, text)
    if kind is AssistKind.PRIZE and len({said.number for said in found}) == 1:  # 各奖励20万元 is one amount for all
        return ()
    return found
