"""What the third page of a new city asks: numbers with what is usual, the rules of the vote, and the clauses of each step."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.catalog.law.law import Clause
from service.catalog.law_text.numbers import number_words
from service.catalog.new_city.outline import key_of
from service.catalog.new_city.steps import CHOSEN_AT_START, STEP_TITLES, CityStep
from service.catalog.settings.periods import FROM_A_DAY, PHASES
from service.domain.text import Text

PHASE_KEYS = {key_of(phase): phase for phase in PHASES}
"""What is asked of each phase of an objection; those left empty take the usual time."""
NUMBERS = {
    "window_days": 0,
    "founded_years": 3,
    "acceptance_days": 10,
    "notice_days": 5,
    "vote_days": 5,
    "vote_ballots": 2,
    **dict.fromkeys(PHASE_KEYS, 0),
    "objection_days": 5,
    "reviewers": 3,
    "recommend_days": 10,
    "cycle_years": 0,
}
"""What is usual; 0: the step does without."""
NUMBER_TITLES = {
    "window_days": Text("申报时间至少", "Time to apply, at least"),
    "founded_years": Text("申报组织成立年限（年）", "Years since foundation"),
    "acceptance_days": Text("受理决定期限（工作日）", "Time to decide on acceptance (working days)"),
    "vote_days": Text("投票期限（工作日）", "Time to vote (working days)"),
    "vote_ballots": Text(
        "得票不足的，一共投几次（1：不再投，空缺）", "Ballots in all where votes do not suffice (1: vacant)"
    ),
    "notice_days": Text("拟奖名单公示期", "Notice of the winners"),
    "objection_acceptance_days": Text("异议：决定是否受理（工作日）", "Objection: to decide on it (working days)"),
    "objection_completion_days": Text("异议：补正材料（工作日）", "Objection: to complete it (working days)"),
    "objection_forwarding_days": Text("异议：转交核查（工作日）", "Objection: to forward it (working days)"),
    "objection_investigation_days": Text("异议：核查（工作日）", "Objection: to investigate (working days)"),
    "objection_finding_days": Text("异议：作出处理意见（工作日）", "Objection: to find on it (working days)"),
    "objection_reply_days": Text("异议：答复（工作日）", "Objection: to answer (working days)"),
    "objection_days": Text("异议的其他环节（工作日）", "Other phases of an objection (working days)"),
    "reviewers": Text("每个评审组人数", "Experts of a panel"),
    "recommend_days": Text("审核推荐期限（工作日）", "Time to recommend (working days)"),
    "cycle_years": Text("每几年评选一次", "Given every so many years"),
}
_NEEDED_BY = {
    **dict.fromkeys((*PHASE_KEYS, "objection_days"), CityStep.OBJECTION),
    "reviewers": CityStep.SCORING,
    "recommend_days": CityStep.RECOMMENDATION,
}
CHOICES = {
    "vote_base": (
        Text("得票比例是谁的几分之几", "Of whom the votes are a share"),
        (
            ("members_on_roll", Text("全体委员（应到会的）", "all members on the roll")),
            ("members_present", Text("到会委员", "the members present")),
            ("votes_cast", Text("有效票", "the valid votes")),
        ),
    ),
    "vote_secret": (
        Text("记名还是无记名", "Secret or open ballot"),
        (("true", Text("无记名投票", "secret ballot")), ("false", Text("记名投票", "open ballot"))),
    ),
}
"""What has to be chosen of the vote, with the answers."""
ANSWER_COUNTS = (("", Text("上一环节办完", "the end of the step before")), *FROM_A_DAY.items())
"""From when the time to answer an objection may count."""
STEPS = {
    "apply": Text("申报和受理时间", "Applying, and until when"),
    "conditions": Text("申报条件", "Conditions of applicants"),
    "acceptance": Text("受理决定", "Decision on acceptance"),
    "vote": Text("表决和名额", "Vote of the committee, and places"),
    "notice": Text("拟奖名单公示", "Notice of the winners"),
    "conferral": Text("授奖", "Conferral"),
}
"""The steps of the first procedure."""
_LIKELY = {
    "apply": ("time_limit", "notice"),
    "conditions": ("eligibility",),
    "acceptance": ("time_limit", "procedure"),
    "vote": ("vote", "quota"),
    "notice": ("notice",),
    "conferral": ("prize",),
    "objection": ("objection",),
    "separate": ("objection",),
    "scoring": ("procedure", "role"),
    "approval": ("procedure",),
    "withdrawal": ("procedure",),
    "recommendation": ("procedure", "role"),
    "cycle": ("time_limit",),
}
"""The kinds of clauses that are shown first for a step."""
_SURE = {"conditions": "eligibility", "vote": "vote", "objection": "objection"}
"""The kinds whose clauses are ticked before anybody looks."""


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """A number that is asked for: what stands beside it; days of a phase may be typed with their unit."""

    key: str
    title: Text
    hint: Text

    @property
    def typed_as(self) -> str:
        """The kind of its field."""
        return "text" if self.key in PHASE_KEYS else "number"


def read_steps(typed: Mapping[str, str]) -> tuple[CityStep, ...]:
    """Return the further steps that are ticked."""
    return tuple(step for step in CHOSEN_AT_START if step.value in typed["steps"].split())


def list_city_steps(typed: Mapping[str, str]) -> dict[str, Text]:
    """Return the steps of the procedure that is wanted, each with its name."""
    return {**STEPS, **{step.value: STEP_TITLES[step] for step in (*read_steps(typed), CityStep.CYCLE)}}


def list_city_numbers(ticked: Collection[CityStep]) -> list[AskedNumber]:
    """Return the numbers that the procedure needs."""
    return [
        AskedNumber(key, NUMBER_TITLES[key], _number_hint(key))
        for key in NUMBERS
        if key not in _NEEDED_BY or _NEEDED_BY[key] in ticked
    ]


def _number_hint(key: str) -> Text:
    if key in PHASE_KEYS:
        return Text(
            "空着就按下面“其他环节”的天数；条文只写“日”的（自然日）连单位一起填，例如 15日",
            "Empty: as the other phases below; calendar days (“日” alone) with their unit, such as 15日",
        )
    if not NUMBERS[key]:
        return Text("空着就不限", "Empty: no limit")
    return Text(f"通常是{NUMBERS[key]}；条文另有规定的照条文", f"Usually {NUMBERS[key]}; else as the text says")


def likely_clauses(clauses: Sequence[Clause], step: str) -> list[Clause]:
    """Return the clauses that are shown first for a step, by their kind."""
    return [clause for clause in clauses if clause.kind in _LIKELY.get(step, ())]


def presume_clauses(clauses: Sequence[Clause], typed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each step the clauses that are ticked before anybody looks."""
    return {
        step: tuple(clause.id for clause in clauses if clause.kind == _SURE.get(step))
        for step in list_city_steps(typed)
    }


def numbers_of_clauses(clauses: Sequence[Clause]) -> Iterator[tuple[Clause, Sequence[Text]]]:
    """Yield the clauses that say numbers, each with them between the words that stand beside them."""
    for clause in clauses:
        if words := number_words(clause):
            yield clause, words
