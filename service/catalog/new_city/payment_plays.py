"""Plays of a prize that is paid in parts: the first is paid, and the time of the second comes where it names one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from service.catalog.new_city.laid import Laid, Rows, last_day
from service.catalog.parameters.month_days import month_day
from service.catalog.source.freeze import thaw

_LATER = ("years", "months", "on", "when", "after")
"""What has a part wait."""
_MARGIN = timedelta(days=7)


def first_parts(laid: Laid, name: str) -> Rows:
    """Return the steps by which the case ``name`` pays the first of several parts at once; nothing where it pays none so."""
    known = laid.place.award.parameters.get("prize_parts")
    plan = thaw(known.values[-1].value) if known is not None and known.values else []
    parts = [row for row in plan if row.get("tier") in (None, "", laid.tier)]
    if len(parts) < 2 or any(parts[0].get(key) for key in _LATER):
        return []
    day = last_day(laid.steps)
    paid = {"paid_on": day, "voucher": "一号"}
    rows: Rows = [{"as": laid.place.jurisdiction.bind("office"), "case": name, "complete": "pay_part", "with": paid}]
    due = _due(parts[1], day)
    return [*rows, {"until": due + _MARGIN}] if due is not None else rows


def _due(part: Mapping[str, Any], decided: date) -> date | None:
    """Return the day of a part that waits for years, or for a day of a later year, before anything else it waits for.

    None for what waits for something at once.
    """
    if any(part.get(key) for key in ("months", "when")) or not part.get("years"):
        return None
    year, named = decided.year + int(part["years"]), month_day(str(part.get("on") or ""))
    month, day = map(int, named.split("-")) if named else (decided.month, min(decided.day, 28))
    return date(year, month, day)
