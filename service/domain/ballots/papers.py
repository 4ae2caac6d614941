"""Papers: what a voter marks, and the slips they are cut into.

A paper is cut into one slip per question before it goes into the box, and the slips of each question
are mixed on their own. So a count never shows which marks stood on one paper: no paper can be
recognised by its pattern, nor by what a recused voter left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.ballots.agenda import LIST, Agenda, Contest, Question
from service.domain.ballots.roll import Voter
from service.domain.ballots.rules import MarkUnit, Rules
from service.domain.errors import Invalid
from service.domain.text import Text


class Mark(StrEnum):
    """What a slip says."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"


MARKS: Mapping[Mark, Text] = {
    Mark.YES: Text("同意", "in favour"),
    Mark.NO: Text("不同意", "against"),
    Mark.ABSTAIN: Text("弃权", "abstain"),
}
"""The marks in words."""
SENT: Mapping[Mark, str] = {Mark.YES: "yes", Mark.NO: "no-", Mark.ABSTAIN: "abs"}
"""How a mark is sent: each is as long as every other, so that the length of a request tells no choice."""
READ: Mapping[str, Mark] = {sent: mark for mark, sent in SENT.items()}
"""Which mark each of these means."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What a box holds: papers by validity, and for every question its slips in no order."""

    valid: int
    spoiled: int
    slips: Mapping[Question, tuple[Mark, ...]]

    @property
    def cast(self) -> int:
        """Return how many papers are in the box."""
        return self.valid + self.spoiled


class BadPaper(Invalid):
    """A paper that breaks a rule of the ballot; nothing was cast."""

    code = "bad_paper"


def read_paper(marks: Mapping[str, str], agenda: Agenda, rules: Rules, voter: Voter) -> dict[Question, Mark]:
    """Return the slips of a voter's paper; ``marks`` maps question keys to "yes", "no" or "abstain".

    What is not marked is an abstention; where one marks up to the quota, what is not marked is against.

    Raises:
        BadPaper: a mark on something that is not asked or from which the voter is recused, an unknown
            mark, more marks in favour than places, or a voter who is recused from all of it.
    """
    questions = {q.key: q for q in agenda.questions(rules.unit)}
    _require_listed_marks(marks, questions, agenda, voter)
    unmarked = Mark.NO if rules.unit is MarkUnit.APPROVAL else Mark.ABSTAIN
    slips = {q: Mark(marks.get(key, unmarked)) for key, q in questions.items() if not voter.recused_from(q, agenda)}
    if not slips:
        raise BadPaper(
            Text(
                "您须回避本次表决的全部事项，没有要投的票；选票没有投出，不必再办理。",
                "You are recused from everything in this ballot: nothing was cast, and there is nothing to do.",
            )
        )
    if rules.unit is MarkUnit.APPROVAL:
        for contest in agenda.contests:
            _require_few(slips, contest, agenda)
    return slips


def _require_listed_marks(
    marks: Mapping[str, str], questions: Mapping[str, Question], agenda: Agenda, voter: Voter
) -> None:
    for key, mark in marks.items():
        if key not in questions or mark not in set(Mark):
            raise BadPaper(
                Text(
                    "选票上有本次表决没有列出的内容，没有投出。请重新打开投票页面填写。",
                    "The paper marks something this ballot does not ask. Nothing was cast: open the ballot again.",
                )
            )
        if voter.recused_from(questions[key], agenda):
            raise BadPaper(
                Text(
                    "您对其中一个组织须回避，不能就它投票；选票没有投出。请去掉该项后再投。",
                    "You are recused from one of the candidates and cannot vote on it. Nothing was cast.",
                )
            )


def _require_few(slips: Mapping[Question, Mark], contest: Contest, agenda: Agenda) -> None:
    chosen = sum(m is Mark.YES for q, m in slips.items() if q.tier == contest.tier)
    if chosen > contest.places:
        name = agenda.tier(contest.tier).name
        raise BadPaper(
            Text(
                f"{name.zh}最多选{contest.places}个，您选了{chosen}个；选票没有投出，请减少{chosen - contest.places}个。",
                f"Choose at most {contest.places} for {name.en}; you chose {chosen}. Nothing was cast.",
            )
        )


def rule_sentence(contest: Contest, agenda: Agenda, rules: Rules) -> Text:
    """Return in one sentence how the paper is marked for ``contest``."""
    tier, many = agenda.tier(contest.tier), len(contest.candidates)
    name = tier.name
    again = f"（第{contest.round}次投票）" if contest.round > 1 else ""
    if rules.unit is MarkUnit.APPROVAL:
        return Text(
            f"{name.zh}{again}：最多选 {contest.places} 个；不选视为不同意。",
            f"{name.en}: choose at most {contest.places}; what is not chosen counts as against.",
        )
    if rules.unit is MarkUnit.WHOLE_LIST:
        return Text(
            f"{name.zh}{again}：对{many}个组织的名单整体表决；不选视为弃权。",
            f"{name.en}: one vote on the list of {many}; no mark counts as abstention.",
        )
    if tier.motion:
        return Text(f"{name.zh}{again}：不选视为弃权。", f"{name.en}: no mark counts as abstention.")
    return Text(
        f"{name.zh}{again}：逐个表决，名额 {contest.places} 个；不选视为弃权。",
        f"{name.en}: vote on each; {contest.places} places; no mark counts as abstention.",
    )


def question_name(question: Question, names: Mapping[str, str]) -> Text:
    """Return what a question asks about, in words."""
    if question.candidate == LIST:
        return Text("名单整体", "the list as a whole")
    name = names[question.candidate]
    return Text(name, name)
