"""Protocol of the register of awards and sanctions for operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""


@dataclass(frozen=True, slots=True)
class Conferral:
    """An award put on record: ``tier`` of the award, ``items`` handed over (certificate, plaque …) with their numbers."""

    subject: int
    tier: str
    round: str
    decided_on: date
    number: str | None = None
    prize_yuan: int = 0
    items: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sanction:
    """A sanction put on record; ``effect`` is the designer's word (ban, publicity_ban, revocation …), ``last_day`` None has no end."""

    subject: int
    ground: str
    effect: str
    decided_on: date
    from_day: date
    last_day: date | None = None
    clauses: Sequence[str] = ()
    details: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Succession:
    """The successor of a case's organisation, on what ground and since when; ``title``: award or candidacy pass to it too; else bars alone.

    ``award`` is the title held, None in a running round; ``second`` the message to another candidacy of its round that
    the successor has.
    """

    award: int | None
    name: str
    code: str
    ground: str
    on: date
    basis: str
    title: bool = True
    second: Mapping[str, Json] | None = None


class Register(Protocol):
    """Awards and sanctions on record, across rounds."""

    def awards(self, subject: int) -> Sequence[Mapping[str, Json]]:
        """Return awards of an organisation, newest first."""

    def sanctions(self, subject: int) -> Sequence[Mapping[str, Json]]:
        """Return sanctions of an organisation, newest first."""

    def confer(self, conferral: Conferral) -> int:
        """Put an award on record; returns its number in the register."""

    def revoke(self, award: int, on: date, reason: str) -> date | None:
        """Note that an award was revoked, or expired, and why; what has ended keeps its first day and reason.

        Returns the day on which it had ended before, None where it stood until now.
        """

    def change(self, award: int, details: Mapping[str, Json]) -> None:
        """Add to what is on record of an award: what was returned, paid, extended."""

    def succeed(self, succession: Succession) -> Mapping[str, Any]:
        """Record a successor of the case's organisation: validity, bars and duties pass to it.

        Returns ``ok``, ``problem`` (what is wrong with what was entered, "" when it is on record) and ``result``.
        """

    def sanction(self, sanction: Sanction) -> int:
        """Put a sanction on record; the next eligibility check finds it."""
