"""The first forms of a place: which pattern each is made of, and what the place puts into its slots."""

from __future__ import annotations

from typing import Any

from service.catalog.new_city.outline import CityOutline, Recommender
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.month_days import CALL_BY

WINDOW = {"calendar_days": "application_window_calendar_days", "working_days": "application_window_working_days"}
"""The parameters of the days that a round takes applications at least, by their unit."""
_STEP_OF_FORM = {"open_round": "apply", "apply": "apply", "decide": "acceptance", "recommend": "recommendation"}


def forms_of(outline: CityOutline) -> tuple[str, ...]:
    """Return the first forms of a place."""
    return tuple(n for n in _STEP_OF_FORM if n != "recommend" or CityStep.RECOMMENDATION in outline.steps)


def form_of(outline: CityOutline, name: str) -> dict[str, Any]:
    """Return what form ``name`` says of its pattern."""
    cited = " ".join(outline.cited.get(_STEP_OF_FORM[name], ()))
    said: dict[str, Any] = {"from_pattern": f"start_{name}", "form": cited or None}
    if name == "apply":
        asked = outline.recommenders if CityStep.RECOMMENDATION in outline.steps else ()
        return said | {"category": _category_field(outline), "recommender": _recommender_field(asked)}
    return said | _call_rules(outline) if name == "open_round" else said


def _category_field(outline: CityOutline) -> dict[str, Any] | None:
    """Return the field in which one says which of the categories one applies for, none where tiers are ranks."""
    if CityStep.CATEGORIES not in outline.steps:
        return None
    return {
        "type": "radio",
        "id": "field_category",
        "key": "category",
        "label": "申报的奖项",
        "values": [{"label": tier.name, "value": tier.id} for tier in outline.tiers],
        "validate": {"required": True},
        "properties": {"label_en": "Category"},
    }


def _recommender_field(recommenders: tuple[Recommender, ...]) -> dict[str, Any] | None:
    """Return the field in which an applicant says who recommends it, none where there is one authority alone."""
    if len(recommenders) < 2:
        return None
    return {
        "type": "radio",
        "id": "field_recommender",
        "key": "recommender",
        "label": "推荐单位",
        "values": [
            {"label": f"{one.name}（{one.whose}）" if one.whose else one.name, "value": one.id} for one in recommenders
        ],
        "validate": {"required": True},
        "properties": {"label_en": "Recommending unit"},
    }


def _call_rules(outline: CityOutline) -> dict[str, Any]:
    """Return what refuses to open a round: too short a time to apply, and a call behind its latest day without a reason."""
    reads = "param" if outline.window_days or outline.call_by else None
    if outline.window_days and outline.working_window:
        reads = "param coming_working_days"
    return {"window_reads": reads, **_window_rule(outline), **_latest_rule(outline)}


def _window_rule(outline: CityOutline) -> dict[str, Any]:
    """Return the rule that keeps a round open as long as the text asks for, counted from the day of the call."""
    if not outline.window_days:
        return dict.fromkeys(("window_rule", "window_said", "window_said_en"))
    days = f"param.{WINDOW[outline.unit_of('window_days').value]}"
    rule = f'deadline >= today() + duration("P" + string({days}) + "D")'
    if outline.working_window:
        rule = f"count(coming_working_days[item > today() and item <= deadline]) >= {days}"
    return {
        "window_rule": rule,
        "window_said": f"申报时间短于规定的天数{_articles(outline)}，请把截止日期延后。",
        "window_said_en": "The time to apply is shorter than the regulation asks for: choose a later deadline.",
    }


def _latest_rule(outline: CityOutline) -> dict[str, Any]:
    """Return the rule that asks why a call comes behind its latest day: it is late, and still has to be made."""
    if not outline.call_by:
        return dict.fromkeys(("call_rule", "call_said", "call_said_en", "late_reason"))
    return {
        "call_rule": f'today() <= date(string(deadline.year) + "-" + param.{CALL_BY}) or late_reason != null',
        "call_said": f"发布申报公告已经晚于规定的最迟日期{_articles(outline)}：仍要启动的，请写明逾期的原因。",
        "call_said_en": "The call comes behind its latest day: say why it is late if the round is to be opened.",
        "late_reason": {
            "type": "textarea",
            "id": "field_late_reason",
            "key": "late_reason",
            "label": "逾期发布申报公告的原因",
            "description": "晚于规定的最迟日期时填写",
            "properties": {"label_en": "Why the call is late"},
        },
    }


def _articles(outline: CityOutline) -> str:
    found = "、".join(dict.fromkeys(clause.article for clause in outline.clauses_of("apply")))
    return f"（{found}）" if found else ""
