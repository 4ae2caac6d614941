"""What an award that is given every so many years brings: the years, and when it was given last before the program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from service.catalog.clause_kinds.term_lengths import CYCLE
from service.catalog.new_city.call_plays import moved_days, opened_on
from service.catalog.new_city.laid import Laid, Rows
from service.catalog.new_city.rows import flow_row
from service.catalog.new_city.site import NewParameter, Site, StepPieces

LAST_ROUND = "last_round_year"
_MOST = 10
_YEAR = timedelta(days=365)


def cycle_pieces(site: Site) -> StepPieces:
    """Return the years of the cycle; of the round before the program only what was answered."""
    years = NewParameter(site.cycle or 2, stated=site.stated.get(CYCLE))
    last = site.answers.get(LAST_ROUND)
    name = ("在本程序以外评选的上一届的年份", "Year of the last round that was not held in the program", "count")
    return StepPieces(parameters={CYCLE: years, **({LAST_ROUND: NewParameter(last, *name)} if last else {})})


def opened_too_early(laid: Laid) -> Rows | None:
    """Return the season with a further round that is opened before the cycle is over; None where no year is left for it.

    It is opened a year later; of a yearly award in the same year, once the season is over.
    """
    opened = opened_on(laid.steps)
    first = next((step for step in laid.steps if isinstance(step, dict) and step.get("start") == "round"), None)
    if opened is None or first is None or not isinstance(laid.value, int) or not 0 < laid.value <= _MOST:
        return None
    over = _last_day(laid.steps)
    later = _YEAR if laid.value > 1 else over + timedelta(days=1) - opened
    again: Mapping[str, Any] = {key: moved_days(value, opened, later) for key, value in first.items()}
    said = {**again.get("with", {}), "round_name": "下一届"}
    days = [str(of.get("with", {}).get("deadline"))[:4] for of in (first, again)]
    if over >= opened + later or (laid.value == 1 and len(set(days)) > 1):
        return None
    return [*laid.steps, flow_row({**again, "name": "下一届", "with": flow_row(said)})]


def _last_day(steps: Rows) -> date:
    days = (str(s[key])[:10] for s in steps if isinstance(s, dict) for key in ("at", "until") if key in s)
    return max(map(date.fromisoformat, days))
