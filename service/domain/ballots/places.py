"""Assign the places of one contest: passing, overflow, ties at the last place, second ballots."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from service.domain.ballots.agenda import Contest, VoteStanding
from service.domain.ballots.rules import Overflow, Rules, TieRule


class PlaceResult(StrEnum):
    """What became of a candidate in this ballot."""

    ELECTED = "elected"
    NOT_PASSED = "not_passed"
    NO_QUORUM = "no_quorum"
    WAITS = "waits"
    OUTVOTED = "outvoted"
    SECOND_BALLOT = "second_ballot"
    RUNOFF = "runoff"
    CHAIR = "chair"
    VACANT = "vacant"
    WITHDRAWN = "withdrawn"
    ELECTED_ABOVE = "elected_above"


@dataclass(frozen=True, slots=True)
class Placed:
    """Who got a place, what stays vacant, what is voted again and what the chair has to decide."""

    elected: tuple[VoteStanding, ...] = ()
    vacant: int = 0
    again: Contest | None = None
    chair: tuple[str, ...] = ()
    results: Mapping[str, PlaceResult] = field(default_factory=dict)


Rank = tuple[Fraction, ...]
_NO_SCORE = Fraction(-1)


def place(contest: Contest, standings: Sequence[VoteStanding], rules: Rules) -> Placed:
    """Give out the places of ``contest`` by the rules; those tied before who are no more than the places have them."""
    if contest.runoff and len(standings) <= contest.places:
        won = _build_elected(standings, standings)
        return Placed(won.elected, contest.places - len(standings), results=won.results)
    passers = [s for s in standings if s.passed]
    if len(passers) <= contest.places:
        return _fill_places(contest, passers, [s for s in standings if not s.passed], rules)
    if rules.overflow is Overflow.NEW_BALLOT and contest.round < rules.max_ballots:
        again = Contest(contest.tier, contest.places, _list_names(passers), contest.round + 1, contest.runoff)
        return Placed(again=again, results={s.candidate: PlaceResult.SECOND_BALLOT for s in passers})
    ranked: Callable[[VoteStanding], Rank] = _by_score if rules.overflow is Overflow.REVIEW_SCORE else _by_votes
    above, tied = _split_at_limit(passers, contest.places, ranked)
    if len(above) + len(tied) == contest.places:
        return _build_elected([*above, *tied], passers)
    return _resolve_tie(contest, above, tied, passers, rules)


def _fill_places(contest: Contest, passers: list[VoteStanding], failed: list[VoteStanding], rules: Rules) -> Placed:
    vacancies = contest.places - len(passers)
    won = _build_elected(passers, passers)
    if not (failed and vacancies) or contest.runoff or contest.round >= rules.max_ballots:
        return Placed(won.elected, vacancies, results=won.results)
    again = Contest(contest.tier, vacancies, _list_names(failed), contest.round + 1)
    return Placed(
        won.elected, 0, again, results={**won.results, **dict.fromkeys(again.candidates, PlaceResult.SECOND_BALLOT)}
    )


def _resolve_tie(
    contest: Contest, above: list[VoteStanding], tied: list[VoteStanding], passers: list[VoteStanding], rules: Rules
) -> Placed:
    vacancies, names = contest.places - len(above), _list_names(tied)
    won = _build_elected(above, passers)
    if rules.tie is TieRule.SECOND_BALLOT and not contest.runoff:
        again = Contest(contest.tier, vacancies, names, contest.round + 1, runoff=True)
        return Placed(won.elected, 0, again, results={**won.results, **dict.fromkeys(names, PlaceResult.RUNOFF)})
    if rules.tie is TieRule.CHAIR:
        return Placed(won.elected, 0, chair=names, results={**won.results, **dict.fromkeys(names, PlaceResult.CHAIR)})
    if rules.tie is TieRule.REVIEW_SCORE:
        better, level = _split_at_limit(tied, vacancies, _score_alone)
        if len(better) + len(level) == vacancies:
            return _build_elected([*above, *better, *level], passers)
        best = _build_elected([*above, *better], passers)
        stuck = dict.fromkeys(_list_names(level), PlaceResult.VACANT)
        return Placed(best.elected, vacancies - len(better), results={**best.results, **stuck})
    return Placed(won.elected, vacancies, results={**won.results, **dict.fromkeys(names, PlaceResult.VACANT)})


def _build_elected(elected: Sequence[VoteStanding], passers: Sequence[VoteStanding]) -> Placed:
    chosen = {s.candidate for s in elected}
    results = {s.candidate: PlaceResult.ELECTED if s.candidate in chosen else PlaceResult.OUTVOTED for s in passers}
    return Placed(tuple(sorted(elected, key=_by_votes, reverse=True)), results=results)


def _split_at_limit(
    passers: Sequence[VoteStanding], places: int, ranked: Callable[[VoteStanding], Rank]
) -> tuple[list[VoteStanding], list[VoteStanding]]:
    """Return who is surely in, and who shares the rank of the last place."""
    boundary = sorted((ranked(s) for s in passers), reverse=True)[places - 1]
    return [s for s in passers if ranked(s) > boundary], [s for s in passers if ranked(s) == boundary]


def _by_votes(standing: VoteStanding) -> Rank:
    return (Fraction(standing.votes),)


def _by_score(standing: VoteStanding) -> Rank:
    return (*_score_alone(standing), Fraction(standing.votes))


def _score_alone(standing: VoteStanding) -> Rank:
    return (_NO_SCORE if standing.score is None else standing.score,)


def _list_names(standings: Sequence[VoteStanding]) -> tuple[str, ...]:
    return tuple(s.candidate for s in standings)
