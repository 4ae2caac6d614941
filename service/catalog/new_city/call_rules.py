"""What is refused when a round is opened: too short a time to apply, and a call behind its latest day without a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.catalog.law.law import passages_of
from service.catalog.law_text.call_day import call_by_presets
from service.catalog.new_city.outline import CityOutline
from service.catalog.parameters.month_days import CALL_BY, CALL_DAY

WINDOW = {"calendar_days": "application_window_calendar_days", "working_days": "application_window_working_days"}
"""The parameters of the days that a round takes applications at least, by their unit."""
_YEAR = "string(deadline.year)"
_CALLED = f'date({_YEAR} + "-" + get value(param, "{CALL_DAY}"))'
_BEFORE = f'date(string(deadline.year - 1) + "-" + get value(param, "{CALL_DAY}"))'
_POSTED = (
    f'(if get value(param, "{CALL_DAY}") = null then today() '
    f"else max(today(), if {_CALLED} <= deadline then {_CALLED} else {_BEFORE}))"
)
"""The day on which is called for applications: at once, or where the call waits for its day of the year, then."""


def call_rules(outline: CityOutline) -> dict[str, Any]:
    """Return what fills the rules of the form by which a round is opened, and the field of a reason; none where none is asked."""
    return {
        "window_reads": _reads(outline),
        **_window(outline),
        **_latest(outline),
    }


def call_parameters(
    outline: CityOutline, days: Callable[..., dict[str, Any]], basis: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the parameters that the rules read: ``days`` gives the entry of a number of days, ``basis`` that of the last day."""
    unit = "working_days" if outline.working_window else "calendar_days"
    window = (
        days("apply", "window_days", "申报时间至少", "Time to apply, at least", unit) if outline.window_days else None
    )
    latest = {
        "name": "最迟发布申报公告的日子（月-日）",
        "name_en": "Latest day of the call (month-day)",
        "unit": "text",
    }
    by = {**latest, **basis, "value": outline.call_by} if outline.call_by else None
    return {key: entry for key, entry in ((WINDOW[unit], window), (CALL_BY, by)) if entry}


def is_call_by_said(outline: CityOutline) -> bool:
    """Tell whether the clauses on applying give the last day of the call as it was entered."""
    cited = outline.cited.get("apply", ())
    told = call_by_presets(passages_of(tuple(clause for clause in outline.clauses if clause.id in cited)))
    return told is not None and told[0] == outline.call_by


def _reads(outline: CityOutline) -> str | None:
    """Return the names from outside that the rules read."""
    if outline.window_days and outline.working_window:
        return "param coming_working_days"
    return "param" if outline.window_days or outline.call_by else None


def _window(outline: CityOutline) -> dict[str, Any]:
    """Return the rule that keeps a round open as long as the text asks for, counted from the day of the call."""
    if not outline.window_days:
        return dict.fromkeys(("window_rule", "window_said", "window_said_en"))
    unit = "working_days" if outline.working_window else "calendar_days"
    days = f"param.{WINDOW[unit]}"
    rule = f'deadline >= {_POSTED} + duration("P" + string({days}) + "D")'
    if outline.working_window:
        rule = f"count(coming_working_days[item > {_POSTED} and item <= deadline]) >= {days}"
    return {
        "window_rule": rule,
        "window_said": f"申报时间短于规定的天数{_articles(outline)}，请把截止日期延后。",
        "window_said_en": "The time to apply is shorter than the regulation asks for: choose a later deadline.",
    }


def _latest(outline: CityOutline) -> dict[str, Any]:
    """Return the rule that asks why a call comes behind its latest day: it is late, and still has to be made."""
    if not outline.call_by:
        return dict.fromkeys(("call_rule", "call_said", "call_said_en", "late_reason"))
    return {
        "call_rule": f'{_POSTED} <= date({_YEAR} + "-" + param.{CALL_BY}) or late_reason != null',
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
    cited = outline.cited.get("apply", ())
    found = "、".join(dict.fromkeys(c.article for c in outline.clauses if c.id in cited))
    return f"（{found}）" if found else ""
