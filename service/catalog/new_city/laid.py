"""What a play of a clause is laid over: the steps of a season that goes well, and who wins in it."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.catalog.package import Package

Rows = list[Any]


@dataclass(frozen=True, slots=True)
class Laid:
    """What a play is made of: the season's steps, the vote in them, who is elected, the value of the clause, and a tier.

    ``place`` is the package as it will be, ``parameter`` carries the value. ``reference`` is the day on which
    conditions are reckoned, where the season names it.
    """

    steps: Rows
    vote: int
    round: str
    winner: str
    organisations: Any
    value: Any
    tier: str
    place: Package
    parameter: str
    reference: date | None = None


def is_of(step: Any, nick: str) -> bool:
    """Tell whether ``nick`` does a step, or it is done in its case."""
    return isinstance(step, dict) and nick in (step.get("as"), step.get("case"), step.get("name"))


def renamed(step: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return a step with ``new`` for ``old`` wherever it names a case or who acts."""
    return {
        key: new if value == old and key in ("as", "case", "name") else deepcopy(value) for key, value in step.items()
    }


def last_day(steps: Rows) -> date:
    """Return the day on which the last of ``steps`` happens."""
    days = (
        str(step.get(key))[:10] for step in steps if isinstance(step, dict) for key in ("at", "until") if key in step
    )
    return date.fromisoformat(list(days)[-1])
