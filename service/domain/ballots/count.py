"""The count: from the slips of a box to who is elected, what stays vacant and what is voted again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from service.domain.ballots.agenda import LIST, Agenda, Candidate, Contest, Elected, Question, VoteStanding, advance
from service.domain.ballots.outcome import (
    CandidateResult,
    ChairChoice,
    Outcome,
    explain_place_result,
    no_quorum,
    nobody_left,
    quorum_met,
)
from service.domain.ballots.papers import Mark, Papers
from service.domain.ballots.places import Placed, PlaceResult, place
from service.domain.ballots.roll import Roll
from service.domain.ballots.rules import Base, MarkUnit, Rules
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text


class BoxMismatch(Conflict):
    """The urn does not hold what the roll says: it was tampered with, nothing was counted.

    ``found`` says what differs alone, without what became of the paper or count at which it was found.
    """

    code = "box_mismatch"

    def __init__(self, message: Text, found: Text | None = None) -> None:
        super().__init__(message)
        self.found = found or message


def count(
    papers: Papers,
    rules: Rules,
    roll: Roll,
    candidates: Sequence[Candidate],
    agenda: Agenda,
    withdrawn: frozenset[str] = frozenset(),
) -> Outcome:
    """Count a box; candidates in ``withdrawn`` left while it was open and get no place.

    Without a quorum it is voted again, unless nobody is left to be voted on: then votes that are held give out the places.

    Raises:
        BoxMismatch: the box holds other than one paper per mark, or slips do not add up.
    """
    prove(papers, roll, agenda, rules)
    taking_part = roll.taking_part(agenda, rules)
    if not rules.quorum.met(taking_part.counted(rules), taking_part.on_roll):
        present, on_roll = taking_part.counted(rules), taking_part.on_roll
        if is_anybody_left(agenda, withdrawn):
            return _without_quorum(papers, rules, roll, agenda, no_quorum(rules, present, on_roll))
        settled = settle_held(rules, roll, candidates, agenda, withdrawn)
        if any(contest.held or set(contest.candidates) - withdrawn for contest in agenda.contests):
            return replace(settled, valid=papers.valid, spoiled=papers.spoiled)
        return _without_quorum(papers, rules, roll, settled.after, settled.why)
    counted = _Count(papers, rules, roll, candidates, agenda, withdrawn)
    for contest in agenda.contests:
        counted.decide(contest)
    return counted.outcome()


def is_anybody_left(agenda: Agenda, withdrawn: frozenset[str]) -> bool:
    """Return whether there is anything to vote on: somebody has not ``withdrawn``, in a run-off more than there are places."""
    return any(
        set(contest.candidates) - withdrawn and not _is_unopposed(contest, withdrawn) for contest in agenda.contests
    )


def _is_unopposed(contest: Contest, out: Collection[str]) -> bool:
    """Return whether those left of a run-off, who passed before, are no more than its places."""
    left = {*contest.candidates, *(s.candidate for s in contest.held)}.difference(out)
    return contest.runoff and 0 < len(left) <= contest.places


def settle_held(
    rules: Rules, roll: Roll, candidates: Sequence[Candidate], agenda: Agenda, withdrawn: frozenset[str]
) -> Outcome:
    """Return the outcome where nothing is left to vote on: votes that are held stand, who is unopposed has a place.

    No paper is needed.
    """
    counted = _Count(Papers(0, 0, {}), rules, roll, candidates, agenda, withdrawn)
    for contest in agenda.contests:
        counted.decide(contest)
    return replace(counted.outcome(), why=nobody_left())


def prove(papers: Papers, roll: Roll, agenda: Agenda, rules: Rules) -> None:
    """Raise BoxMismatch unless marks and papers agree and each question's slips are those of the valid papers."""
    off = papers.cast != roll.marked
    for question in agenda.questions(rules.unit):
        slips = len(papers.slips.get(question, ()))
        recused = sum(v.weight for v in roll.voters if v.marked and v.recused_from(question, agenda))
        off = off or not papers.valid - recused <= slips <= papers.valid
        off = off or (not papers.spoiled and slips != papers.valid - recused)
    if off:
        raise BoxMismatch(
            Text(
                f"票箱与名册不符：名册标记{roll.marked}票，票箱内{papers.cast}票。没有计票，请立即报告监督机构。",
                f"The box does not agree with the roll: {roll.marked} marks, {papers.cast} papers. Not counted: report it.",
            )
        )


def settle_by_chair(
    choices: Sequence[ChairChoice],
    chosen: Mapping[str, Sequence[str]],
    after: Agenda,
    candidates: Sequence[Candidate],
    rules: Rules,
    withdrawn: frozenset[str] = frozenset(),
) -> Agenda:
    """Return what stands after the chair gave the tied places to ``chosen`` (tier → candidates); fewer are allowed.

    ``after`` is what stood before, as the outcome that asked for the choices says. Those ``withdrawn`` neither get a place
    nor stand for a later tier.

    Raises:
        Invalid: the chair chose more than there are places, or a candidate who was not tied or has withdrawn.
    """
    elected, vacant = list(after.elected), list(after.vacant)
    for choice in choices:
        names = tuple(dict.fromkeys(chosen.get(choice.tier, ())))
        tied = set(choice.candidates) - withdrawn
        if len(names) > choice.places or not set(names) <= tied:
            raise Invalid(
                Text(
                    f"只能在得票相同的{len(tied)}个组织中选定至多{choice.places}个。",
                    f"Choose at most {choice.places} among the {len(tied)} that are tied.",
                )
            )
        elected += [Elected(choice.tier, name, choice.votes) for name in names]
        if choice.places > len(names):
            vacant.append((choice.tier, choice.places - len(names)))
    settled = replace(after, elected=tuple(elected), vacant=tuple(vacant))
    return _build_next_agenda(settled, [c for c in candidates if c.id not in withdrawn], rules)


class _Count:
    """One count, contest by contest."""

    def __init__(
        self,
        papers: Papers,
        rules: Rules,
        roll: Roll,
        candidates: Sequence[Candidate],
        agenda: Agenda,
        withdrawn: frozenset[str],
    ) -> None:
        self.papers, self.rules, self.roll, self.agenda, self.withdrawn = papers, rules, roll, agenda, withdrawn
        self.candidates = {c.id: c for c in candidates}
        self.lines: list[CandidateResult] = []
        self.elected: list[Elected] = list(agenda.elected)
        self.vacant: list[tuple[str, int]] = list(agenda.vacant)
        self.again: list[Contest] = []
        self.chair: list[ChairChoice] = []

    def decide(self, contest: Contest) -> None:
        """Give out the places of ``contest``; a lower tier waits while a higher one is still open."""
        if self.again or self.chair:
            self.again.append(contest)
            return
        out = {c: PlaceResult.WITHDRAWN for c in contest.candidates if c in self.withdrawn}
        out |= {e.candidate: PlaceResult.ELECTED_ABOVE for e in self.elected if e.candidate in contest.candidates}
        figures = {c: self._compute_figures(contest, c) for c in contest.candidates}
        unopposed = _is_unopposed(contest, out)
        undecided = tuple(c for c in contest.candidates if c not in out and not (unopposed or figures[c].quorum))
        held = (s for s in contest.held if s.candidate not in self.withdrawn)
        standing = [replace(s, score=self.candidates[s.candidate].score) for s in held]
        standing += [figures[c].standing for c in contest.candidates if c not in out and c not in undecided]
        placed = _wait(contest, standing, undecided) if undecided else self._place_candidates(contest, standing)
        results = {**dict.fromkeys(contest.candidates, PlaceResult.NOT_PASSED), **placed.results, **out}
        for name in contest.candidates:
            self.lines.append(figures[name].line(results[name], contest, self.agenda, self.rules))
        self._record_result(contest, placed, standing)

    def outcome(self) -> Outcome:
        """Return what was decided and what comes next."""
        undecided = [line.candidate for line in self.lines if line.result is PlaceResult.NO_QUORUM]
        after = replace(self.agenda, contests=tuple(self.again), elected=tuple(self.elected), vacant=tuple(self.vacant))
        rest = [c for c in self.candidates.values() if c.id not in self.withdrawn]
        return Outcome(
            quorum=True,
            issued=self.roll.issued,
            valid=self.papers.valid,
            spoiled=self.papers.spoiled,
            lines=tuple(self.lines),
            after=after if self.chair else _build_next_agenda(after, rest, self.rules),
            second_ballot=bool(self.again) and not self.chair and not undecided,
            chair=tuple(self.chair),
            why=quorum_met([self.candidates[c].name for c in undecided], self.rules),
            attending=self.roll.attending if self.rules.ask_attendance else None,
        )

    def _place_candidates(self, contest: Contest, standing: list[VoteStanding]) -> Placed:
        if self.rules.unit is not MarkUnit.WHOLE_LIST:
            return place(contest, standing, self.rules)
        if standing and standing[0].passed:
            names = {s.candidate: PlaceResult.ELECTED for s in standing}
            return Placed(tuple(standing), contest.places - len(standing), results=names)
        if standing and contest.round < self.rules.max_ballots:
            again = Contest(contest.tier, contest.places, tuple(s.candidate for s in standing), contest.round + 1)
            return Placed(again=again, results=dict.fromkeys(again.candidates, PlaceResult.SECOND_BALLOT))
        return Placed(vacant=contest.places)

    def _record_result(self, contest: Contest, placed: Placed, standing: Sequence[VoteStanding]) -> None:
        self.elected += [Elected(contest.tier, s.candidate, s.votes) for s in placed.elected]
        if placed.vacant:
            self.vacant.append((contest.tier, placed.vacant))
        if placed.again:
            self.again.append(placed.again)
        if placed.chair:
            votes = next(s.votes for s in standing if s.candidate in placed.chair)
            vacancies = contest.places - len(placed.elected)
            self.chair.append(ChairChoice(contest.tier, vacancies, placed.chair, votes))

    def _compute_figures(self, contest: Contest, name: str) -> _Figures:
        question = Question(contest.tier, LIST if self.rules.unit is MarkUnit.WHOLE_LIST else name)
        slips = self.papers.slips.get(question, ())
        yes, no, abstain = (sum(s is mark for s in slips) for mark in Mark)
        heads = self.roll.heads(question, self.agenda, self.rules)
        base = {
            Base.VOTES_CAST: self.papers.valid if self.rules.recused_in_denominator else len(slips),
            Base.MEMBERS_PRESENT: heads.papers_present,
            Base.MEMBERS_ON_ROLL: heads.papers_on_roll,
            Base.MEMBERS_SIGNED_IN: heads.papers_attending,
        }[self.rules.base]
        quorum = self.rules.quorum.met(heads.counted(self.rules), heads.on_roll)
        passed = quorum and self.agenda.tier(contest.tier).threshold_under(self.rules).met(yes, base)
        recused = sum(v.recused_from(question, self.agenda) for v in self.roll.voters)
        return _Figures(
            VoteStanding(name, yes, passed, self.candidates[name].score), no, abstain, base, quorum, recused
        )


@dataclass(frozen=True, slots=True)
class _Figures:
    standing: VoteStanding
    no: int
    abstain: int
    base: int
    quorum: bool
    recused: int

    def line(self, result: PlaceResult, contest: Contest, agenda: Agenda, rules: Rules) -> CandidateResult:
        """Return the line of the record, with its reason."""
        s = self.standing
        why = explain_place_result(result, s.votes, self.base, self.recused, agenda.tier(contest.tier), contest, rules)
        return CandidateResult(
            contest.tier, s.candidate, s.votes, self.no, self.abstain, self.base, s.passed, result, why
        )


def _wait(contest: Contest, standing: Sequence[VoteStanding], undecided: tuple[str, ...]) -> Placed:
    """Vote again on the ``undecided`` alone; no place is given out until there was a quorum for everybody."""
    results = dict.fromkeys((s.candidate for s in standing), PlaceResult.WAITS)
    again = replace(contest, candidates=undecided, held=tuple(standing))
    return Placed(again=again, results=results | dict.fromkeys(undecided, PlaceResult.NO_QUORUM))


def _build_next_agenda(agenda: Agenda, candidates: Sequence[Candidate], rules: Rules) -> Agenda:
    """Return the next ballot of the series: what is voted again, else the next tier."""
    gone = {e.candidate for e in agenda.elected}
    standing = {c.id for c in candidates} - gone
    contests = (replace(c, candidates=tuple(n for n in c.candidates if n in standing)) for c in agenda.contests)
    again = tuple(c for c in contests if c.candidates)
    return replace(agenda, contests=again) if again else advance(agenda, candidates, rules)


def _without_quorum(papers: Papers, rules: Rules, roll: Roll, after: Agenda, why: Text) -> Outcome:
    return Outcome(
        quorum=False,
        issued=roll.issued,
        valid=papers.valid,
        spoiled=papers.spoiled,
        lines=(),
        after=after,
        second_ballot=False,
        chair=(),
        why=why,
        attending=roll.attending if rules.ask_attendance else None,
    )
