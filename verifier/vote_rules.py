"""The rules of a ballot as its record holds them: words of parameters, with the defaults of a regulation that is silent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from verifier.bundle import Malformed

_NUMBER = re.compile(r"[0-9]{1,30}/[0-9]{1,30}|[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30}")
_ALL = ("all", "all members", "all_members")
_CHOICES = {
    "vote_threshold_base": ("votes_cast", "members_present", "members_on_roll", "members_signed_in"),
    "vote_unit": ("per_candidate", "whole_list", "approval_up_to_quota"),
    "quota_overflow": ("most_votes", "review_score", "new_ballot_among_passed"),
    "vote_tie": ("second_ballot_then_vacant", "review_score", "chair_decides", "all_vacant"),
    "vote_order_of_tiers": ("quality_first", "one_ballot_for_both"),
    "vote_quorum_counts": ("papers", "sign_in"),
}
"""Words by parameter; the first is the default."""


@dataclass(frozen=True, slots=True)
class Limit:
    """A share of a whole that must be reached (``strict``: passed), or a ``number``; without either any vote is enough."""

    share: Fraction | None
    strict: bool = False
    number: int | None = None

    def met(self, have: int, whole: int) -> bool:
        """Return whether ``have`` of ``whole`` is enough."""
        if self.number is not None:
            return whole > 0 and have >= self.number
        if self.share is None:
            return have > 0
        if whole <= 0:
            return False
        reached = Fraction(have, whole)
        return reached > self.share if self.strict else reached >= self.share


@dataclass(frozen=True, slots=True)
class VoteRules:
    """What a ballot is counted by."""

    quorum: Limit
    threshold: Limit
    base: str
    unit: str
    overflow: str
    tie: str
    order: str
    presence: str
    most_ballots: int
    count_recused: bool
    transfer: bool

    @property
    def asks_who_came(self) -> bool:
        """Whether the members who signed in count."""
        return self.presence == "sign_in" or self.base == "members_signed_in"

    def threshold_in(self, tiers: Sequence[Mapping[str, Any]], ident: str) -> Limit:
        """Return the share of votes that the tier ``ident`` takes: its own, else that of all."""
        own = next((tier.get("threshold") for tier in tiers if tier["id"] == ident), None)
        return _threshold(own) if own else self.threshold


def read_rules(values: Mapping[str, Any]) -> VoteRules:
    """Return the rules; raises Malformed for a value that the format does not know."""
    words = {name: _word(name, values.get(name)) for name in _CHOICES}
    return VoteRules(
        quorum=_quorum(values.get("vote_quorum")),
        threshold=_threshold(values.get("vote_threshold")),
        base=words["vote_threshold_base"],
        unit=words["vote_unit"],
        overflow=words["quota_overflow"],
        tie="chair_decides" if values.get("chair_casting_vote") else words["vote_tie"],
        order=words["vote_order_of_tiers"],
        presence=words["vote_quorum_counts"],
        most_ballots=int(_number(str(values.get("vote_max_ballots") or 2))),
        count_recused=bool(values.get("vote_recused_in_denominator")),
        transfer=bool(values.get("quota_transfer_between_tiers")),
    )


def _word(name: str, value: object) -> str:
    known = _CHOICES[name]
    word = known[0] if value is None else str(value).replace(" ", "_").removesuffix("_tiers")
    if word not in known:
        raise Malformed(f"{name} is {ascii(value)[:40]}")
    return word


def _quorum(value: object) -> Limit:
    text = "2/3" if value is None else str(value).strip().replace("≥", ">=")
    if text.startswith(">"):
        return _threshold(text)
    if text in _ALL:
        return Limit(Fraction(1))
    number = _number(text)
    if "/" in text or number.denominator != 1:
        return Limit(number)
    return Limit(None, number=int(number))


def _threshold(value: object) -> Limit:
    text = "> 1/2" if value is None else str(value).strip().replace("≥", ">=")
    if text == "plurality":
        return Limit(None)
    if not text.startswith(">"):
        raise Malformed(f"a threshold is {ascii(value)[:40]}")
    return Limit(_number(text.lstrip(">=")), strict=not text.startswith(">="))


def _number(text: str) -> Fraction:
    if not _NUMBER.fullmatch(text.strip()):
        raise Malformed(f"{ascii(text)[:40]} is no number")
    return Fraction(text.strip())
