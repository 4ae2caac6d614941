"""Boxes written as words: one string per candidate, one letter per paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from service.domain.ballots import (
    LIST,
    Agenda,
    BallotTier,
    Candidate,
    Mark,
    MarkUnit,
    Outcome,
    Papers,
    Question,
    Roll,
    Rules,
    Voter,
    count,
    first_agenda,
    read_rules,
)
from service.domain.text import Text

LETTERS = {"y": Mark.YES, "n": Mark.NO, "-": Mark.ABSTAIN}
QUALITY, NOMINATION = "quality", "nomination"


def tiers(quality: int = 2, nomination: int | None = None) -> list[BallotTier]:
    found = [BallotTier(QUALITY, Text("质量奖", "Quality Award"), quality)]
    return found + (
        [BallotTier(NOMINATION, Text("提名奖", "Nomination"), nomination)] if nomination is not None else []
    )


def candidates(names: str = "ABC", scores: Mapping[str, float] | None = None) -> list[Candidate]:
    known = scores or {}
    return [Candidate(n, n, Fraction(str(known[n])) if n in known else None) for n in names]


def roll(on_roll: int, cast: int, recused: Mapping[int, str] | None = None, weight: int = 1) -> Roll:
    """Return a roll whose first ``cast`` members voted; ``recused`` maps numbers to candidates."""
    out = recused or {}
    return Roll(tuple(Voter(n, f"m{n}", weight, frozenset(out.get(n, "")), n <= cast) for n in range(1, on_roll + 1)))


def counted(
    marks: Mapping[str, str],
    *,
    on_roll: int | None = None,
    spoiled: int = 0,
    places: int = 2,
    nomination: int | None = None,
    recused: Mapping[int, str] | None = None,
    scores: Mapping[str, float] | None = None,
    agenda: Agenda | None = None,
    withdrawn: str = "",
    valid: int | None = None,
    names: str = "",
    **parameters: Any,
) -> Outcome:
    """Count papers: ``marks`` maps candidates ("tier:candidate" for a lower tier, "*" for the list) to letters."""
    rules = read_rules(parameters)
    names = names or "".join(dict.fromkeys(k.split(":")[-1] for k in marks if k != LIST)) or "AB"
    people = candidates(names, scores)
    asked = agenda or first_agenda(tiers(places, nomination), people, rules)
    slips = {_question(key, asked, rules): tuple(LETTERS[m] for m in text) for key, text in marks.items() if text}
    whole = valid if valid is not None else max(len(s) for s in slips.values())
    papers = Papers(whole, spoiled, slips)
    return count(papers, rules, roll(on_roll or papers.cast, papers.cast, recused), people, asked, frozenset(withdrawn))


def _question(key: str, agenda: Agenda, rules: Rules) -> Question:
    tier, _, name = key.rpartition(":")
    return Question(tier or agenda.contests[0].tier, LIST if rules.unit is MarkUnit.WHOLE_LIST else name)


def elected(outcome: Outcome) -> str:
    return " ".join(f"{e.tier[0]}{e.candidate}" for e in outcome.elected)


def results(outcome: Outcome) -> dict[str, str]:
    return {line.candidate: str(line.result) for line in outcome.lines}


def again(outcome: Outcome) -> list[tuple[str, int, str, int, bool]]:
    """Return what is voted next as (tier, places, candidates, round, runoff)."""
    after = outcome.next
    if after is None:
        return []
    return [(c.tier[0], c.places, "".join(c.candidates), c.round, c.runoff) for c in after.contests]


def repeat(outcome: Outcome, **contest: Any) -> Agenda:
    """Return the next agenda, its first contest changed."""
    assert outcome.next is not None
    first, *rest = outcome.next.contests
    return replace(outcome.next, contests=(replace(first, **contest), *rest))


__all__: Sequence[str] = ("again", "candidates", "counted", "elected", "repeat", "results", "roll", "tiers")
