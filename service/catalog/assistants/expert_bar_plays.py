"""Plays of a bar of experts: so many on the register are barred that no panel can be formed, and the office is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from service.catalog.assistants.expert_bars import limits_read
from service.catalog.new_city.laid import Laid, Rows, is_of, last_day

_SIZES = ("reviewers", "min_reviewers")


def panel_short(laid: Laid) -> Rows | None:
    """Return the season up to the draw, with one expert too few for a panel who is free; None where no value can show it."""
    limit = next(iter(limits_read(laid.place, laid.parameter)), "")
    listed = [n for n, step in enumerate(laid.steps) if isinstance(step, dict) and "expert" in step]
    decided = next((n for n, s in enumerate(laid.steps) if is_of(s, laid.winner) and s.get("complete") == "decide"), -1)
    places = next((laid.place.award.parameters[one] for one in _SIZES if one in laid.place.award.parameters), None)
    if places is None or decided < 0 or not listed or not isinstance(laid.value, int) or laid.value < 1:
        return None
    size, steps, drawn = (
        int(places.values[-1].value),
        list(laid.steps[: decided + 1]),
        last_day(laid.steps[: decided + 1]),
    )
    barred = len(listed) - size + (laid.value + 1 if limit == "employer" else 1)
    if not 0 < barred <= len(listed) or limit == "rounds":
        return None
    for number in listed[:barred]:
        steps[number] = _barred(laid, limit, steps[number], drawn)
    if limit == "interest":
        ties = [_tie(laid, steps[number]["expert"]["name"], drawn) for number in listed[:barred]]
        steps[decided:decided] = ties
    return steps


def _barred(laid: Laid, limit: str, step: dict[str, Any], drawn: date) -> dict[str, Any]:
    """Return the step that puts an expert on the register who works where the others do, or has practised a day too short."""
    if limit == "employer":
        return {"expert": {**step["expert"], "employer": "同一单位"}}
    if limit == "practice":
        return {"expert": {**step["expert"], "since": _years_before(drawn, laid.value) + timedelta(days=1)}}
    return step


def _tie(laid: Laid, name: str, drawn: date) -> dict[str, Any]:
    """Return the interest of an expert in the winner that ended on the first day that still counts."""
    ended = _years_before(drawn, laid.value)
    return {"interest": {"expert": name, "for": laid.winner, "kind": "paid_work", "until": ended}}


def _years_before(day: date, years: int) -> date:
    return date(day.year - years, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)
