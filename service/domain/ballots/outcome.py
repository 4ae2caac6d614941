"""The outcome of a count: results by candidate, those elected, ties the chair must decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from service.domain.ballots.agenda import Agenda, BallotTier, Contest, Elected
from service.domain.ballots.places import PlaceResult
from service.domain.ballots.rules import Base, Overflow, Presence, Rules, TieRule
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
    def undecided(self) -> tuple[str, ...]:
        """Return for whom there was no quorum; they are voted on again, and no ballot is used up."""
        return tuple(line.candidate for line in self.lines if line.result is PlaceResult.NO_QUORUM)

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
        **({"undecided": list(outcome.undecided)} if outcome.undecided else {}),
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


_BASES = {
    Base.VOTES_CAST: Text("有效票", "valid votes cast"),
    Base.MEMBERS_PRESENT: Text("参加表决票数", "votes of those present"),
    Base.MEMBERS_ON_ROLL: Text("应到票数", "votes on the roll"),
    Base.MEMBERS_SIGNED_IN: Text("到会（签到）票数", "votes of those signed in"),
}
_RANKED = {
    Overflow.MOST_VOTES: Text("按得票多少", "by number of votes"),
    Overflow.REVIEW_SCORE: Text("按评审得分", "by review score"),
    Overflow.NEW_BALLOT: Text("按得票多少", "by number of votes"),
}
_TIES = {
    TieRule.SECOND_BALLOT: Text("再次投票后得票仍相同", "equal again after the second ballot"),
    TieRule.REVIEW_SCORE: Text("得票和评审得分均相同", "equal votes and equal review scores"),
    TieRule.CHAIR: Text("由主持人决定", "the chair decides"),
    TieRule.VACANT: Text("末位得票相同", "equal votes at the last place"),
}


def describe_sums(yes: int, no: int, abstain: int) -> Text:
    """Return how the votes on one candidate or motion fell, in words."""
    return Text(f"赞成{yes}，反对{no}，弃权{abstain}", f"{yes} for, {no} against, {abstain} abstained")


def explain_place_result(
    result: PlaceResult, votes: int, base: int, recused: int, tier: BallotTier, contest: Contest, rules: Rules
) -> Text:
    """Return why ``result`` came about for a candidate with ``votes`` of ``base``."""
    what = _BASES[rules.base]
    out = _describe_recusals(recused, rules)
    threshold = tier.threshold_under(rules)
    figures = Text(f"{what.zh}{base}，赞成{votes}{out.zh}", f"{votes} in favour of {base} {what.en}{out.en}")
    unopposed = result is PlaceResult.ELECTED and contest.runoff and not threshold.met(votes, base)
    sentence = (
        _describe_unopposed(tier)
        if unopposed
        else _describe_result(result, tier, contest, rules, threshold.text, threshold.met(votes, base))
    )
    return Text(f"{figures.zh}；{sentence.zh}", f"{figures.en}; {sentence.en}")


def quorum_met(undecided: Sequence[str], rules: Rules) -> Text:
    """Return that the vote is valid, and for which candidates (by name) it is not."""
    met = Text("参加人数达到法定人数，表决有效。", "The quorum was met; the vote is valid.")
    if not undecided:
        return met
    rule = rules.quorum.text
    return Text(
        f"{met.zh}但对{'、'.join(undecided)}，除回避者外参加人数不足（{rule.zh}），没有作出决定，须再次表决，不计入投票次数。",
        f"{met.en} But for {', '.join(undecided)} too few took part besides the recused ({rule.en}): nothing is decided, and it"
        " is voted again without using up a ballot.",
    )


def no_quorum(rules: Rules, present: int, on_roll: int) -> Text:
    """Return why a ballot has no result."""
    rule = rules.quorum.text
    came = Text("到会", "were there") if rules.presence is Presence.SIGN_IN else Text("参加", "took part")
    return Text(
        f"应到{on_roll}人，{came.zh}{present}人，未达到“{rule.zh}”，本次表决无效，须重新召集。",
        f"{present} of {on_roll} members {came.en}; the rule is {rule.en}. The vote is void and is called again.",
    )


def nobody_left() -> Text:
    """Return why nobody is voted on again."""
    return Text(
        "列入本次投票的候选已经退出，余下的不多于名额，不再表决；其余已经投出的有效票照算。",
        "Of those to be voted on no more are left than there are places: nobody votes again, and valid votes on others stand.",
    )


def _describe_recusals(recused: int, rules: Rules) -> Text:
    if not recused:
        return Text("", "")
    if rules.recused_in_denominator:
        return Text(f"（回避{recused}人，按规则计入基数）", f" ({recused} recused, counted by rule)")
    return Text(f"（回避{recused}人，不计入基数）", f" ({recused} recused, not counted)")


def _describe_unopposed(tier: BallotTier) -> Text:
    return Text(
        f"上一次投票已经通过，得票相同的其他候选退出，名额足够，当选{tier.name.zh}",
        f"passed in the ballot before; the others tied left, there are places enough: elected to {tier.name.en}",
    )


def _describe_result(
    result: PlaceResult, tier: BallotTier, contest: Contest, rules: Rules, rule: Text, met: bool
) -> Text:
    ranked, tie, places = _RANKED[rules.overflow], _TIES[rules.tie], contest.places
    return {
        PlaceResult.ELECTED: Text(f"符合“{rule.zh}”，通过", f"{rule.en}: carried")
        if tier.motion
        else Text(f"符合“{rule.zh}”，当选{tier.name.zh}", f"{rule.en}: elected to {tier.name.en}"),
        PlaceResult.NOT_PASSED: Text(f"未达到“{rule.zh}”，未通过", f"not {rule.en}: not passed"),
        PlaceResult.NO_QUORUM: Text(
            f"除回避者外参加人数不足（{rules.quorum.text.zh}），没有作出决定，再次表决，不计入投票次数",
            f"too few members besides the recused ({rules.quorum.text.en}): not decided, voted again, no ballot used up",
        ),
        PlaceResult.WAITS: Text(
            f"{'达到' if met else '未达到'}“{rule.zh}”，投票有效，名额待其余的再次表决后一并确定",
            f"{'' if met else 'not '}{rule.en}: the votes stand, the places wait until the others are voted on again",
        ),
        PlaceResult.OUTVOTED: Text(
            f"达到通过标准，但名额{places}个，{ranked.zh}未入选", f"passed, but not within {places} places {ranked.en}"
        ),
        PlaceResult.SECOND_BALLOT: Text(
            f"进入第{contest.round + 1}次投票（至多{rules.max_ballots}次）",
            f"goes to ballot {contest.round + 1} of at most {rules.max_ballots}",
        ),
        PlaceResult.RUNOFF: Text(
            "末位得票相同，在得票相同者之间再投一次", "tied at the last place: one more ballot among the tied"
        ),
        PlaceResult.CHAIR: Text("末位得票相同，由主持人决定", "tied at the last place: the chair decides"),
        PlaceResult.VACANT: Text(f"{tie.zh}，该名额空缺", f"{tie.en}: the place stays vacant"),
        PlaceResult.WITHDRAWN: Text(
            "表决期间退出或被取消资格，不计名次", "withdrawn or disqualified meanwhile: not ranked"
        ),
        PlaceResult.ELECTED_ABOVE: Text("已当选更高类别，不再计入本类别", "elected to a higher tier already"),
    }[result]
