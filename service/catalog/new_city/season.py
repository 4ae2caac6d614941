"""The first scenario of a place: a season that goes well, and an applicant that is too young."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.new_city.first_forms import attested_conditions
from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.step_pieces import RECOMMENDING_ROLE
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import parse_month_day
from service.catalog.source.flow_style import flow_row, to_flow_lists

APPROVED = "一号"
_PERCENT = 60
_FEWEST = 3
"""So many members vote in a season where no clause asks for more."""


def first_season(outline: CityOutline) -> dict[str, Any]:
    """Return the scenario as plain values; it holds by what it expects of states and outcomes alone.

    It proves no clause: that a round goes well says nothing of a number or a tier that a clause gives.
    """
    opened = outline.since + timedelta(days=(7 - outline.since.weekday()) % 7 + 7)
    old, young = opened.replace(year=opened.year - outline.founded_years - 2, day=1), opened - timedelta(days=30)
    least = max(25, outline.window_days * 2 + 15 if outline.working_window else outline.window_days)
    deadline = _next_working_day(outline, opened + timedelta(days=least))
    over = deadline + timedelta(days=1)
    last = over + timedelta(days=outline.notice_days * 3 + 20)
    applied = {"category": outline.tiers[0].id} if CityStep.CATEGORIES in outline.steps else {}
    applied |= dict.fromkeys((condition.key for condition in attested_conditions(outline)), "yes")
    first, second = ({**applied, **authority} for authority in _choose_authorities(outline))
    members = max(_FEWEST, int(outline.vote_quorum) if outline.vote_quorum.isdecimal() else 0)
    refused = "成立不满年限的不予受理" if _is_second_recommended(outline) else "没有推荐名额的不予推荐"
    return {
        "title": f"条件具备的受理、表决、公示、授奖，{refused}",
        "start": opened,
        "organisations": flow_row({"甲": {"name": "甲公司"}, "乙": {"name": "乙公司"}}),
        **_assumed_years(outline, opened, last),
        "steps": _to_flow_rows([
            {"members": {"role": "committee", "count": members}},
            *_iterate_expert_steps(outline),
            {
                "at": f"{opened} 09:00", "as": "office", "start": "round", "name": "届",
                "with": {"round_name": "第一届", "deadline": deadline, **_build_late_reason(outline, opened, deadline)},
            },
            {"as": "甲", "start": "application", "parent": "届", "name": "甲", "with": {**first, "founded": old, "merit": "事迹。"}},
            {"as": "乙", "start": "application", "parent": "届", "name": "乙", "with": {**second, "founded": young, "merit": "事迹。"}},
            *_iterate_recommendation_steps(outline),
            {"as": "office", "case": "甲", "complete": "decide", "with": {"decision": "accept"}},
            *_iterate_scoring_steps(outline),
            {"until": f"{over} 09:00"},
            {"case": "届", "vote": {"甲": "y" * members}},
            {"until": last},
            *_iterate_approval_steps(outline, last),
        ]),
        "expect": _to_flow_rows([
            {"case": "甲", "outcome": "accepted"},
            {"case": "乙", "outcome": "refused" if _is_second_recommended(outline) else "not_recommended"},
            *_iterate_expectations(outline),
            {"case": "甲", "award": outline.tiers[0].id},
            {"case": "届", "notice": "winners", "state": "closed"},
            {"case": "届", "outcome": "conferred"},
        ]),
    }  # fmt: skip


def _next_working_day(outline: CityOutline, day: date) -> date:
    """Return ``day``, or the first working day behind it: applications close no earlier, and the season goes on the day after."""
    place_calendar = load_calendars(bundled_calendars()).get(outline.calendar)
    while place_calendar is not None and not place_calendar.is_working(day):
        day += timedelta(days=1)
    return day


def _assumed_years(outline: CityOutline, opened: date, last: date) -> dict[str, Any]:
    """Return the days off of years whose calendar is not published yet: on days that may still move no round is decided."""
    place_calendar = load_calendars(bundled_calendars()).get(outline.calendar)
    years = [
        year
        for year in (opened.year, opened.year + 1)
        if place_calendar is not None and year > (place_calendar.last_published_year() or 0)
    ]
    off = {year: {"name": "元旦", "from": date(year, 1, 1), "to": date(year, 1, 1)} for year in years}
    calendar_years: dict[Any, Any] = {year: {"days_off": [flow_row(day)], "make_up": []} for year, day in off.items()}
    return {"calendar_years": flow_row(to_flow_lists(calendar_years))} if last.year in calendar_years else {}


def _build_late_reason(outline: CityOutline, opened: date, deadline: date) -> dict[str, str]:
    """Return the reason that is asked for where the season opens its round behind the latest day of the call."""
    latest = parse_month_day(outline.call_by)
    late = latest is not None and opened > date(deadline.year, *latest)
    return {"late_reason": "办法自本届起施行，首届评选启动较晚。"} if late else {}


def _choose_authorities(outline: CityOutline) -> tuple[dict[str, str], dict[str, str]]:
    """Return what each of the two applicants says of who recommends it: nothing where there is one authority alone."""
    if CityStep.RECOMMENDATION not in outline.steps or len(outline.recommenders) == 1:
        return {}, {}
    return {"recommender": outline.recommenders[0].id}, {"recommender": outline.recommenders[1].id}


def _is_second_recommended(outline: CityOutline) -> bool:
    """Tell whether the second applicant is recommended: not where both need the one place of one authority."""
    alone = CityStep.RECOMMENDATION in outline.steps and len(outline.recommenders) == 1
    return not alone or outline.recommenders[0].places != 1


def _iterate_recommendation_steps(outline: CityOutline) -> Iterator[dict[str, Any]]:
    """Yield the steps by which both are recommended, or the second is not."""
    if CityStep.RECOMMENDATION not in outline.steps:
        return
    units = [outline.recommenders[0].id, outline.recommenders[min(1, len(outline.recommenders) - 1)].id]
    for nick, unit, yes in zip(("甲", "乙"), units, (True, _is_second_recommended(outline)), strict=True):
        answers = {
            "decision": "recommend" if yes else "refuse",
            "opinion": "经审核，材料属实。" if yes else "推荐名额已经用完。",
        }
        yield {"as": f"{RECOMMENDING_ROLE}@{unit}", "case": nick, "complete": "recommend", "with": answers}


def _iterate_expert_steps(outline: CityOutline) -> Iterator[dict[str, Any]]:
    if CityStep.SCORING in outline.steps:
        yield from ({"expert": {"name": f"专家{number}"}} for number in range(1, outline.reviewers + 1))


def _iterate_scoring_steps(outline: CityOutline) -> Iterator[dict[str, Any]]:
    """Yield the steps by which a panel reviews the first applicant."""
    if CityStep.SCORING in outline.steps:
        answers = {"strengths": "优势", "improvements": "改进", "conclusion": "结论", "recommendation": "go_on"}
        yield {"case": "甲", "each": "declare_interest", "with": {"declared": "no", "truthful": True}}
        yield {"case": "甲", "each": "score", "percent": [_PERCENT] * outline.reviewers}
        yield {"case": "甲", "each": "write_opinion", "with": answers}


def _iterate_approval_steps(outline: CityOutline, day: date) -> Iterator[dict[str, Any]]:
    if CityStep.APPROVAL in outline.steps:
        answers = {"signer": "负责人", "contact": "联系人", "text": "拟授予一家组织。"}
        decided = {"decision": "approve", "number": APPROVED, "decided_on": day}
        yield {"at": f"{day} 09:00", "as": "office", "case": "届", "complete": "submit_list", "with": answers}
        yield {"as": "government", "case": "届", "complete": "decide_list", "with": decided}


def _iterate_expectations(outline: CityOutline) -> Iterator[dict[str, Any]]:
    if CityStep.SCORING in outline.steps:
        yield {"case": "甲", "task": "write_opinion", "state": "done"}
    if CityStep.APPROVAL in outline.steps:
        yield {"case": "届", "fact": "decision_number", "value": APPROVED}


def _to_flow_rows(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [flow_row(row) for row in rows]
