"""The outcome of a count: results by candidate, those elected, ties the chair must decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from service.domain.ballots.agenda import Agenda, Elected
from service.domain.ballots.places import PlaceResult
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """How one candidate fared for one tier, with the sentence that says why."""

    tier: str
    candidate: str
    yes: int
    no: int
    abstain: int
    base: int
    passed: bool
    result: PlaceResult
    why: Text


@dataclass(frozen=True, slots=True)
class ChairChoice:
    """Places that the chair gives to some of the tied candidates."""

    tier: str
    places: int
    candidates: tuple[str, ...]
    votes: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a count gives.

    Numbers are papers: ``issued`` = ``cast`` + ``unused`` and ``cast`` = ``valid`` + ``spoiled``.
    ``after`` tells of the whole series so far (who is elected, what stays vacant) and what is to be voted
    now: a second ballot, the next tier, or the same again for want of a quorum. ``attending`` are the members who were
    there, None where the rules ask for papers alone.
    """

    quorum: bool
    issued: int
    valid: int
    spoiled: int
    lines: tuple[CandidateResult, ...]
    after: Agenda
    second_ballot: bool
    chair: tuple[ChairChoice, ...]
    why: Text
    attending: int | None = None

    @property
    def elected(self) -> tuple[Elected, ...]:
        """Return everybody elected so far in the series."""
        return self.after.elected

    @property
    def vacant(self) -> tuple[tuple[str, int], ...]:
        """Return the places that stay vacant so far, by tier."""
        return self.after.vacant

    @property
    def next(self) -> Agenda | None:
        """Return the ballot to be held now, None when all is settled or the chair has to decide first."""
        return self.after if self.after.contests and not self.chair else None

    @property
    def cast(self) -> int:
        """Return how many papers were cast."""
        return self.valid + self.spoiled

    @property
    def unused(self) -> int:
        """Return how many papers were issued and not cast."""
        return self.issued - self.cast


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as JSON, without what comes after (which is kept as an agenda)."""
    return {
        **({} if outcome.attending is None else {"attending": outcome.attending}),
        "quorum": outcome.quorum,
        "issued": outcome.issued,
        "cast": outcome.cast,
        "unused": outcome.unused,
        "valid": outcome.valid,
        "spoiled": outcome.spoiled,
        "second_ballot": outcome.second_ballot,
        "why": outcome.why.as_json(),
        "lines": [
            {
                "tier": line.tier, "candidate": line.candidate, "yes": line.yes, "no": line.no,
                "abstain": line.abstain, "base": line.base, "passed": line.passed,
                "result": str(line.result), "why": line.why.as_json(),
            }
            for line in outcome.lines
        ],
        "elected": [{"tier": e.tier, "candidate": e.candidate, "votes": e.votes} for e in outcome.elected],
        "vacant": [list(v) for v in outcome.vacant],
        "chair": [
            {"tier": c.tier, "places": c.places, "candidates": list(c.candidates), "votes": c.votes}
            for c in outcome.chair
        ],
    }  # fmt: skip
