"""A play in which a call waits for its day of the year: the round is opened a week before it, everything else follows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from service.catalog.new_city.laid import Laid, Rows
from service.catalog.new_city.rows import flow_row
from service.catalog.parameters.month_days import CALL_DAY, kept_month_day

_BEFORE = timedelta(days=7)


def called_on_its_day(laid: Laid) -> Rows | None:
    """Return the season moved so that its round is open on the day of the call; None without such a day or an opening."""
    known = laid.place.award.parameters.get(CALL_DAY)
    number = next(
        (n for n, step in enumerate(laid.steps) if isinstance(step, dict) and step.get("start") == "round"), -1
    )
    opened = opened_on(laid.steps)
    said = kept_month_day(known.values[-1].value) if known is not None else None
    if said is None or opened is None:
        return None
    called = next(d for year in (opened.year, opened.year + 1) if (d := date(year, *said)) >= opened + _BEFORE)
    later = called - opened
    moved = [flow_row({key: moved_days(value, opened, later) for key, value in step.items()}) for step in laid.steps]
    moved[number]["at"] = f"{called - _BEFORE} 09:00"
    return [*moved[: number + 1], flow_row({"until": f"{called} 12:00"}), *moved[number + 1 :]]


def opened_on(steps: Rows) -> date | None:
    """Return the day on which the steps open their round, None where none does at a day of its own."""
    said = next((step.get("at") for step in steps if isinstance(step, dict) and step.get("start") == "round"), None)
    try:
        return date.fromisoformat(str(said)[:10]) if said is not None else None
    except ValueError:
        return None


def moved_days(value: Any, since: date, later: timedelta) -> Any:
    """Return a value with every day from ``since`` on moved by ``later``."""
    if isinstance(value, Mapping):
        return {key: moved_days(inner, since, later) for key, inner in value.items()}
    if isinstance(value, date):
        return value + later if date(value.year, value.month, value.day) >= since else value
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value[:10])
        except ValueError:
            return value
        return f"{day + later}{value[10:]}" if day >= since else value
    return value
