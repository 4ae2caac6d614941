"""Awards and sanctions that the organisations of a past round had before it, as steps of a season."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from service.store import Transaction


def honours_before(
    tx: Transaction, start: date, organisations: Mapping[int, str], renamed: Callable[[str], str]
) -> Iterator[dict[str, Any]]:
    """Yield what was on record before ``start`` of ``organisations``, nicknames by body; ``renamed`` masks a text."""
    for body, nick in organisations.items():
        for award in tx.register.awards(body):
            if award.decided_on < start:
                yield {
                    "award": {
                        "for": nick,
                        "tier": award.tier,
                        "decided_on": award.decided_on,
                        "award": award.award,
                        "jurisdiction": award.jurisdiction,
                    }
                }
        for sanction in tx.register.sanctions(body):
            if sanction.decided_on < start:
                yield {
                    "sanction": {
                        "for": nick,
                        "ground": renamed(sanction.ground),
                        "effect": sanction.effect,
                        "from_day": sanction.from_day,
                        "last_day": sanction.last_day,
                    }
                }
