"""The agenda of a ballot: candidates, tiers with their places, and which of them this ballot asks about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from service.domain.ballots.rules import MarkUnit, Rules, Threshold, TierOrder, read_threshold
from service.domain.errors import Invalid
from service.domain.text import Text

LIST = "*"
"""Stands for the whole list where a question is about all candidates at once."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who stands; ``score`` is the review score, ``tiers`` the tiers stood for (empty: all)."""

    id: str
    name: str
    score: Fraction | None = None
    tiers: tuple[str, ...] = ()
    href: str = ""
    hint: str = ""

    def stands_for(self, tier: str) -> bool:
        """Return whether the candidate may be elected to ``tier``."""
        return not self.tiers or tier in self.tiers


@dataclass(frozen=True, slots=True)
class BallotTier:
    """A tier (类别) and how many may be elected to it at most; a ``motion`` is agreed to instead of electing candidates.

    ``threshold`` is the share of votes that it takes as a rule has it (> 1/2), "" for what the rules of the ballot say.
    """

    id: str
    name: Text
    places: int
    motion: bool = False
    threshold: str = ""

    def threshold_under(self, rules: Rules) -> Threshold:
        """Return the share of votes that a candidate needs for the tier."""
        return read_threshold(self.threshold) if self.threshold else rules.threshold


@dataclass(frozen=True, slots=True)
class Question:
    """What one slip answers: a candidate for a tier, or the whole list of a tier (``candidate`` ``LIST``)."""

    tier: str
    candidate: str

    @property
    def key(self) -> str:
        """A name for forms and records."""
        return f"{self.tier}:{self.candidate}"


@dataclass(frozen=True, slots=True)
class VoteStanding:
    """How a candidate fared: votes in favour, whether they were enough, and the review score where known."""

    candidate: str
    votes: int
    passed: bool
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Contest:
    """The places of one tier for which these candidates stand in this ballot.

    ``round`` counts ballots for the tier from 1; ``runoff`` marks a ballot among tied candidates. ``held`` are the others of
    the round, whose votes stand: the places wait until there was a quorum for every candidate.
    """

    tier: str
    places: int
    candidates: tuple[str, ...]
    round: int = 1
    runoff: bool = False
    held: tuple[VoteStanding, ...] = ()

    def questions(self, unit: MarkUnit) -> tuple[Question, ...]:
        """Return what a paper asks for this contest."""
        if unit is MarkUnit.WHOLE_LIST and self.candidates:
            return (Question(self.tier, LIST),)
        return tuple(Question(self.tier, c) for c in self.candidates)


@dataclass(frozen=True, slots=True)
class Elected:
    """A candidate that has a place, with the votes it was given for."""

    tier: str
    candidate: str
    votes: int


@dataclass(frozen=True, slots=True)
class Agenda:
    """One ballot of a series: what it asks, what earlier ballots settled, which tiers come later."""

    tiers: tuple[BallotTier, ...]
    contests: tuple[Contest, ...]
    later: tuple[str, ...] = ()
    elected: tuple[Elected, ...] = ()
    vacant: tuple[tuple[str, int], ...] = ()

    def questions(self, unit: MarkUnit) -> tuple[Question, ...]:
        """Return every question of the paper, in order."""
        return tuple(q for contest in self.contests for q in contest.questions(unit))

    def tier(self, ident: str) -> BallotTier:
        """Return tier ``ident``; raises KeyError."""
        return next(t for t in self.tiers if t.id == ident)

    def contest(self, tier: str) -> Contest:
        """Return the contest for ``tier`` in this ballot; raises KeyError."""
        try:
            return next(c for c in self.contests if c.tier == tier)
        except StopIteration:
            raise KeyError(tier) from None


def first_agenda(tiers: Sequence[BallotTier], candidates: Sequence[Candidate], rules: Rules) -> Agenda:
    """Return the first ballot of a series.

    Raises:
        Invalid: there are no candidates, no tier has places, an id is taken twice, or a whole list is longer than its places.
    """
    if not candidates or not tiers:
        raise Invalid(Text("没有候选组织或奖项类别，不能发起表决。", "A ballot needs candidates and tiers."))
    if len({c.id for c in candidates}) != len(candidates) or len({t.id for t in tiers}) != len(tiers):
        raise Invalid(Text("候选组织或奖项类别重复，请检查候选名单。", "A candidate or a tier is listed twice."))
    if any(t.places < 0 for t in tiers) or not any(t.places for t in tiers):
        raise Invalid(Text("至少有一个奖项类别须有名额。", "At least one tier needs a place."))
    empty = Agenda(tuple(tiers), (), tuple(t.id for t in tiers))
    opened = advance(empty, candidates, rules)
    if not opened.contests:
        raise Invalid(Text("没有候选组织参加任何奖项类别的表决。", "No candidate stands for any tier."))
    return opened


def advance(agenda: Agenda, candidates: Iterable[Candidate], rules: Rules) -> Agenda:
    """Return the agenda with the next tiers put to the vote; without contests when no tier is left.

    A tier without candidates stays vacant and is passed over, and so is one without places. With ``transfer_places`` the places
    that stayed vacant so far are added to the next tier.
    """
    standing = [c for c in candidates if c.id not in {e.candidate for e in agenda.elected}]
    later, vacant = list(agenda.later), list(agenda.vacant)
    contests: list[Contest] = []
    while later and (not contests or rules.order is TierOrder.JOINT_BALLOT):
        tier = agenda.tier(later.pop(0))
        names = tuple(c.id for c in standing if c.stands_for(tier.id))
        places = tier.places
        if rules.transfer_places and vacant:
            places, vacant = places + sum(n for _, n in vacant), []
        if places < 1:
            continue
        if names:
            contests.append(_build_contest(tier, places, names, rules))
        else:
            vacant.append((tier.id, places))
    return replace(agenda, contests=tuple(contests), later=tuple(later), vacant=tuple(vacant))


def leave_out(agenda: Agenda, withdrawn: frozenset[str]) -> Agenda:
    """Return the agenda without those ``withdrawn``: a tier that nobody stands for any more keeps its places vacant.

    Where nobody is left at all, or only votes that are held, it stays as it was, and its count says that they withdrew.
    """
    left = [replace(c, candidates=_without(c, withdrawn)) for c in agenda.contests]
    contests = tuple(c for c in left if c.candidates)
    if not contests:
        return agenda
    empty = tuple((c.tier, c.places) for c in left if not c.candidates)
    return replace(agenda, contests=contests, vacant=(*agenda.vacant, *empty))


def _without(contest: Contest, withdrawn: frozenset[str]) -> tuple[str, ...]:
    left = tuple(n for n in contest.candidates if n not in withdrawn)
    return left or (contest.candidates if contest.held else ())


def _build_contest(tier: BallotTier, places: int, names: tuple[str, ...], rules: Rules) -> Contest:
    if rules.unit is MarkUnit.WHOLE_LIST and len(names) > places:
        raise Invalid(
            Text(
                f"整体表决的名单有{len(names)}个组织，超过{tier.name.zh}名额{places}个，请缩短名单或改为逐个表决。",
                f"A list voted as a whole has {len(names)} names for {places} places: shorten it or vote one by one.",
            )
        )
    return Contest(tier.id, places, names)


def agenda_json(agenda: Agenda) -> dict[str, Any]:
    """Return the agenda as JSON."""
    return {
        "tiers": [_tier_json(t) for t in agenda.tiers],
        "contests": [_contest_json(c) for c in agenda.contests],
        "later": list(agenda.later),
        "elected": [{"tier": e.tier, "candidate": e.candidate, "votes": e.votes} for e in agenda.elected],
        "vacant": [list(v) for v in agenda.vacant],
    }


def _contest_json(contest: Contest) -> dict[str, Any]:
    content: dict[str, Any] = {"tier": contest.tier, "places": contest.places, "candidates": list(contest.candidates)}
    content |= {"round": contest.round, "runoff": contest.runoff}
    held = [{"candidate": s.candidate, "votes": s.votes, "passed": s.passed} for s in contest.held]
    return content | ({"held": held} if held else {})


def _tier_json(tier: BallotTier) -> dict[str, Any]:
    content: dict[str, Any] = {"id": tier.id, "name": tier.name.as_json(), "places": tier.places}
    content |= {"motion": True} if tier.motion else {}
    return content | ({"threshold": tier.threshold} if tier.threshold else {})


def read_agenda(data: Mapping[str, Any]) -> Agenda:
    """Return the agenda that ``agenda_json`` wrote."""
    return Agenda(
        tuple(
            BallotTier(t["id"], Text(**t["name"]), t["places"], t.get("motion", False), t.get("threshold", ""))
            for t in data["tiers"]
        ),
        tuple(
            Contest(
                *(c["tier"], c["places"], tuple(c["candidates"]), c["round"], c["runoff"]),
                held=tuple(VoteStanding(**s) for s in c.get("held", ())),
            )
            for c in data["contests"]
        ),
        tuple(data["later"]),
        tuple(Elected(**e) for e in data["elected"]),
        tuple((t, n) for t, n in data["vacant"]),
    )


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as JSON; the score stays exact as text."""
    score = None if candidate.score is None else str(candidate.score)
    return {
        "id": candidate.id, "name": candidate.name, "score": score, "tiers": list(candidate.tiers),
        "href": candidate.href, "hint": candidate.hint,
    }  # fmt: skip


def read_candidate(data: Mapping[str, Any]) -> Candidate:
    """Return the candidate that ``candidate_json`` wrote."""
    score = None if data.get("score") is None else Fraction(str(data["score"]))
    return Candidate(
        str(data["id"]), str(data["name"]), score, tuple(data.get("tiers") or ()),
        str(data.get("href") or ""), str(data.get("hint") or ""),
    )  # fmt: skip
