"""The numbers that the first procedure of a place needs: what is usual, what the text says, which are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.catalog.assistants.review_questions import USUAL_BALLOTS, VOTE_BASES, VOTE_SECRECY
from service.catalog.clause_kinds.clause_question import PERIOD_HINT
from service.catalog.clause_kinds.phase_days import PhaseDays, days_said, demand_phase_days
from service.catalog.law_text.call_day import call_by_presets
from service.catalog.law_text.limit_starts import start_said
from service.catalog.law_text.objection_phases import PHASES, key_of
from service.catalog.law_text.places import places_unread, tiers_of
from service.catalog.law_text.preset import Preset, ReadText, read_text
from service.catalog.law_text.presets import read_numbers
from service.catalog.law_text.vote_said import vote_read
from service.catalog.new_city.steps import CityStep
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.values.whole_numbers import typed_whole_number

PHASE_KEYS = {key_of(phase): phase for phase in PHASES}
"""What is asked of each phase of an objection; the numbers of those left empty are the usual ones."""
NUMBERS = {
    "window_days": 0,
    "founded_years": 3,
    "acceptance_days": 10,
    "notice_days": 5,
    "vote_days": 5,
    "vote_ballots": USUAL_BALLOTS,
    **dict.fromkeys(PHASE_KEYS, 0),
    "objection_days": 5,
    "reviewers": 3,
    "recommend_days": 10,
    "cycle_years": 0,
}
"""What is proposed where the text says nothing; 0: the step does without."""
_TITLES = {
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


_LIMITS = ("acceptance_days", "recommend_days")
"""Time limits of tasks, which run from a day that the text names."""
VOTE_ASKED = {
    "vote_base": ("base", Text("得票比例是谁的几分之几", "Of whom the votes are a share"), VOTE_BASES),
    "vote_secret": ("secret", Text("记名还是无记名", "Secret or open ballot"), VOTE_SECRECY),
}
"""What is asked of the vote, as the text reads it, with the answers to choose from."""


@dataclass(frozen=True, slots=True)
class AskedNumber:
    """What is asked in the third step: what stands beside it, and whether it must be answered because the text is unsure.

    ``options`` are the answers to choose from; none for a number.
    """

    key: str
    title: Text
    hint: Text
    required: bool = False
    options: tuple[tuple[str, Text], ...] = ()

    @property
    def typed_as(self) -> str:
        """The kind of its field: days of a phase may be typed with their unit."""
        return "text" if self.key in PHASE_KEYS else "number"


def city_read(passages: Sequence[tuple[str, str]]) -> ReadText:
    """Return what the text says of the numbers and of the vote, and where somebody has to choose."""
    numbers, votes = read_numbers(passages), read_text(vote_read(passages))
    return ReadText({**numbers.presets, **votes.presets}, {**numbers.doubts, **votes.doubts})


def numbers_asked(ticked: Collection[CityStep], read: ReadText) -> list[AskedNumber]:
    """Return the numbers that the procedure needs, each with what the text says of it."""
    return [
        AskedNumber(key, _TITLES[key], _number_hint(key, read), key in read.doubts)
        for key in NUMBERS
        if key not in _NEEDED_BY or _NEEDED_BY[key] in ticked
    ]


def vote_asked(read: ReadText) -> list[AskedNumber]:
    """Return what is asked of the vote: it is chosen, also where the text says nothing."""
    silent = Text(
        "正文里没有找到：请选择，参数上注明条文未写明", "Not found in the text: choose, it is marked as not stated"
    )
    return [
        AskedNumber(key, title, _told(question, read) or silent, True, options)
        for key, (question, title, options) in VOTE_ASKED.items()
    ]


def numbers_found(typed: Mapping[str, str], passages: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return what was typed, with what the text says of the numbers, of the days that they count and of the last day of the call."""
    read, latest = city_read(passages), call_by_presets(passages)
    found = {key: preset for key, preset in read.presets.items() if key in NUMBERS}
    filled = {key: typed[key] or value_said(key, preset) for key, preset in found.items()}
    for unit, key in (("notice_unit", "notice_days"), ("window_unit", "window_days")):
        if not typed[unit] and key in found:
            filled[unit] = "calendar_days" if found[key].calendar else "working_days"
    for key, (question, _, _) in VOTE_ASKED.items():
        filled[key] = typed[key] or (read.presets[question].value if question in read.presets else "")
    return {**typed, **filled, "call_by": typed["call_by"] or (latest[0] if latest else "")}


def _number_hint(key: str, read: ReadText) -> Text:
    """Return where a number stands, the sentences to choose from, or what happens where nothing is entered."""
    told = _told(key, read)
    if told is not None:
        return told
    if key in PHASE_KEYS:
        return Text(
            f"正文里没有找到；空着就按下面“其他环节”的天数；{PERIOD_HINT.zh}",
            f"Not found in the text; empty: as the other phases below. {PERIOD_HINT.en}",
        )
    if not NUMBERS[key]:
        return Text("正文里没有找到；空着就不限", "Not found in the text; empty: no limit")
    usual = NUMBERS[key]
    return Text(
        f"正文里没有找到；空着就按{usual}拟定，参数上注明条文未写明",
        f"Not found in the text; empty: {usual} is proposed and marked as not stated",
    )


def _told(key: str, read: ReadText) -> Text | None:
    """Return the article and the sentence that give a value, or those between which somebody chooses; None for neither."""
    preset = read.presets.get(key)
    if preset is not None:
        value, since = value_said(key, preset) if key in NUMBERS else "", _counted_from(key, preset)
        return Text(
            f"{preset.article}：{value}“{preset.said}”{since.zh}",
            f"{preset.article}: {value} “{preset.said}”{since.en}",
        )
    if key not in read.doubts:
        return None
    said = "；".join(_sentences(read.doubts[key]))
    return Text(f"正文里有这些，请核对后选择填写：{said}", f"The text has these, choose: {said}")


def _counted_from(key: str, preset: Preset) -> Text:
    """Return what to do where a time limit runs from a day that the first procedure has not on record."""
    said = start_said(preset.said, preset.value) if key in _LIMITS else None
    if said is None or said.start is not None:
        return Text("", "")
    return Text(
        f"；先从任务开始时起算，是不是“{said.words}”请核对，不是的，建好以后在图元的期限里改",
        f"; counted from when the task begins: where that is not “{said.words}”, change it at the element afterwards",
    )


def value_said(key: str, preset: Preset) -> str:
    """Return what the text says of a number as it is typed: of a phase of an objection with 日 where all days count."""
    return days_said(preset).typed if key in PHASE_KEYS else preset.value


def phases_typed(typed: Mapping[str, str]) -> dict[str, PhaseDays]:
    """Return the time of each phase of an objection that was typed; raises Invalid, naming it, for what is none."""
    return {phase: demand_phase_days(_TITLES[key], typed[key]) for key, phase in PHASE_KEYS.items() if typed[key]}


def _sentences(doubts: Sequence[Preset]) -> Iterator[str]:
    yield from dict.fromkeys(f"{one.article}“{one.said}”" for one in doubts)


def tiers_typed(passages: Sequence[tuple[str, str]], award: str = "") -> str:
    """Return the tiers that the text names with their places, as somebody would type them; ``award`` is that of the whole."""
    return "\n".join(f"{name} {places}" for name, places, _ in tiers_of(passages, award))


def places_beside(typed: str, passages: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the places (article, words) that the text gives beside its tiers, without those that were ``typed`` as a tier."""
    read = set(tiers_typed(passages).split("\n"))
    own = [
        typed_whole_number(line.split()[-1]) for line in typed.splitlines() if line.strip() and line.strip() not in read
    ]
    left: list[tuple[str, str]] = []
    for article, words, places in places_unread(passages):
        if places in own:
            own.remove(places)
        else:
            left.append((article, words))
    return left


def places_beyond(typed: str, passages: Sequence[tuple[str, str]]) -> list[tuple[str, int, str, int]]:
    """Return the tiers that were ``typed`` with more places than the text gives them: name, places, article, places there."""
    known = {name: (article, places) for name, places, article in tiers_of(passages)}
    found: list[tuple[str, int, str, int]] = []
    for line in (line.split() for line in typed.splitlines()):
        said = known.get(line[0]) if len(line) == 2 else None
        places = typed_whole_number(line[-1]) if said else None
        if said and places is not None and places > said[1]:
            found.append((line[0], places, *said))
    return found


def number_typed(typed: str) -> int:
    """Return a whole number of at most four digits; raises Invalid for anything else."""
    found = typed_whole_number(typed)
    if found is None or found > 9_999:
        raise Invalid(Text(f"“{typed}”不是整数。", f"“{typed}” is no whole number."))
    return found


def number_of(key: str, typed: str) -> int:
    """Return what was typed for the number ``key``; raises Invalid, naming it."""
    try:
        return number_typed(typed)
    except Invalid as error:
        title, said = _TITLES[key], error.message
        zh, en = title.zh.partition("（")[0], title.en.partition(" (")[0]
        raise Invalid(Text(f"{zh}：{said.zh}", f"{en}: {said.en}")) from error
