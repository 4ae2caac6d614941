"""The roll of voters, frozen when the ballot opens, with their recusals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from service.domain.ballots.agenda import LIST, Agenda, Question
from service.domain.ballots.rules import Presence, Rules


@dataclass(frozen=True, slots=True)
class Voter:
    """A member (person or unit) on the roll; ``weight`` is how many papers it is issued.

    ``recused`` are candidate ids; ``marked`` says that the papers were handed in, ``attended`` that the member signed in,
    ``hall`` that tellers entered the papers.
    """

    number: int
    name: str
    weight: int = 1
    recused: frozenset[str] = frozenset()
    marked: bool = False
    attended: bool = False
    hall: bool = False

    @property
    def present(self) -> bool:
        """Whether the member was there: who handed in a paper was, signed in or not."""
        return self.attended or self.marked

    def recused_from(self, question: Question, agenda: Agenda) -> bool:
        """Return whether the voter takes no part in ``question``; a whole list is out with any of its candidates."""
        if question.candidate == LIST:
            return not self.recused.isdisjoint(agenda.contest(question.tier).candidates)
        return question.candidate in self.recused


@dataclass(frozen=True, slots=True)
class Heads:
    """Members and papers behind one question, with and without the recused.

    ``present`` handed in a paper, ``attending`` signed in (or handed in a paper).
    """

    on_roll: int
    present: int
    papers_on_roll: int
    papers_present: int
    attending: int
    papers_attending: int

    def counted(self, rules: Rules) -> int:
        """Return how many count for the quorum."""
        return self.attending if rules.presence is Presence.SIGN_IN else self.present


@dataclass(frozen=True, slots=True)
class Roll:
    """Everybody who may vote."""

    voters: tuple[Voter, ...]

    @property
    def issued(self) -> int:
        """Return how many papers were issued."""
        return sum(v.weight for v in self.voters)

    @property
    def marked(self) -> int:
        """Return how many papers the marks stand for."""
        return sum(v.weight for v in self.voters if v.marked)

    @property
    def attending(self) -> int:
        """Return how many members were there."""
        return sum(v.present for v in self.voters)

    def with_attendance(self, numbers: Collection[int]) -> Roll:
        """Return the roll with those signed in whose places are ``numbers``."""
        return Roll(tuple(replace(v, attended=v.number in numbers) for v in self.voters))

    def heads(self, question: Question, agenda: Agenda, rules: Rules) -> Heads:
        """Count who stands behind ``question``; the recused are left out unless the rules count them."""
        counted = [v for v in self.voters if rules.recused_in_denominator or not v.recused_from(question, agenda)]
        return _count_heads(counted)

    def taking_part(self, agenda: Agenda, rules: Rules) -> Heads:
        """Count who stands behind the ballot: all but those recused from every question of it."""
        questions = agenda.questions(rules.unit)
        counted = [
            v
            for v in self.voters
            if rules.recused_in_denominator or not all(v.recused_from(q, agenda) for q in questions)
        ]
        return _count_heads(counted)


def _count_heads(voters: Iterable[Voter]) -> Heads:
    voters = list(voters)
    present, attending = [v for v in voters if v.marked], [v for v in voters if v.present]
    return Heads(
        len(voters),
        len(present),
        sum(v.weight for v in voters),
        sum(v.weight for v in present),
        len(attending),
        sum(v.weight for v in attending),
    )
