"""The numbers that the first procedure of a place needs: what is usual, what the text says, which are asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from service.catalog.law_text.call_day import call_by_presets
from service.catalog.law_text.presets import Preset, presets_of, tiers_of
from service.catalog.new_city.steps import CityStep
from service.catalog.review_questions import USUAL_BALLOTS
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.whole_numbers import whole_number

NUMBERS = {
    "window_days": 0,
    "founded_years": 3,
    "acceptance_days": 10,
    "notice_days": 5,
    "vote_days": 5,
    "vote_ballots": USUAL_BALLOTS,
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
    "objection_days": Text("异议各环节期限（工作日）", "Time limits of an objection (working days)"),
    "reviewers": Text("每个评审组人数", "Experts of a panel"),
    "recommend_days": Text("审核推荐期限（工作日）", "Time to recommend (working days)"),
    "cycle_years": Text("每几年评选一次", "Given every so many years"),
}
_NEEDED_BY = {
    "objection_days": CityStep.OBJECTION,
    "reviewers": CityStep.SCORING,
    "recommend_days": CityStep.RECOMMENDATION,
}


def numbers_asked(
    ticked: Collection[CityStep], found: Mapping[str, Preset]
) -> list[tuple[str, Text, int, Preset | None]]:
    """Return the numbers that the procedure needs: key, what it is, what is usual, and what the text says."""
    kept = (key for key in NUMBERS if key not in _NEEDED_BY or _NEEDED_BY[key] in ticked)
    return [(key, _TITLES[key], NUMBERS[key], found.get(key)) for key in kept]


def numbers_found(typed: Mapping[str, str], passages: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Return what was typed, with what the text says of the numbers, of the days that they count and of the last day of the call."""
    found, latest = presets_of(passages), call_by_presets(passages)
    read = {key: typed[key] or preset.value for key, preset in found.items()}
    for unit, key in (("notice_unit", "notice_days"), ("window_unit", "window_days")):
        if not typed[unit] and key in found:
            read[unit] = "calendar_days" if found[key].calendar else "working_days"
    return {**typed, **read, "call_by": typed["call_by"] or (latest[0] if latest else "")}


def tiers_typed(passages: Sequence[tuple[str, str]]) -> str:
    """Return the tiers that the text names with their places, as somebody would type them."""
    return "\n".join(f"{name} {places}" for name, places, _ in tiers_of(passages))


def number_typed(typed: str) -> int:
    """Return a whole number of at most four digits; raises Invalid for anything else."""
    found = whole_number(typed)
    if found is None or len(typed) > 4:
        raise Invalid(Text(f"“{typed}”不是整数。", f"“{typed}” is no whole number."))
    return found
