"""Protocol of ballots for operations: open, count, continue; votes are never visible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""


@dataclass(frozen=True, slots=True)
class BallotSpec:
    """A ballot to be opened.

    ``candidates``: dicts with id, name and where known score, tier, href, hint. ``tiers``: dicts with id
    and places, highest first. ``role`` names whose members vote, as persons or (``units``) as bodies;
    ``body`` keeps those of one body; ``voters`` is FEEL over ``voter`` {id, key, name} and the record scope: who makes it
    false is left off the roll. ``recusals``: dicts with voter (login, or body id of a unit),
    candidate and reason. ``rules`` overrides parameters named vote_… of the case. ``closes_at`` is a date
    or an instant, None: when all have voted. ``teller_role`` enters papers of the hall; empty: the office.
    """

    title: str
    candidates: Sequence[Mapping[str, Json]]
    tiers: Sequence[Mapping[str, Json]]
    role: str
    units: bool = False
    body: str | None = None
    closes_at: Json = None
    rules: Mapping[str, Json] = field(default_factory=dict)
    recusals: Sequence[Mapping[str, Json]] = ()
    teller_role: str = ""
    voters: str = "true"


class Ballots(Protocol):
    """Ballots of this case."""

    def open(self, spec: BallotSpec) -> int:
        """Freeze the roll, draw the order of the candidates, give every member a task; returns the ballot's id."""

    def open_next(self, ballot: int, closes_at: Json = None, withdrawn: Sequence[Json] = ()) -> int:
        """Open the ballot that a count asked for, without those ``withdrawn``: a second one, the next tier, or the same again."""

    def count(
        self, ballot: int, withdrawn: Sequence[Json] = (), attended: Sequence[Json] | None = None
    ) -> Mapping[str, Json]:
        """Close and count once; the key is destroyed with it. Counting again returns the same.

        ``attended`` are the row numbers of those who signed in, for rules that count those present; None where attendance is not recorded.
        """

    def decide(self, ballot: int, chosen: Sequence[Json], withdrawn: Sequence[Json] = ()) -> Mapping[str, Json]:
        """Give tied places to the candidates the chair chose; returns the result as `count` does."""
