"""Read the query string of the list of cases, for the page and the API."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from service.web.frame.parse_values import cursor, day_asked


class CasesAsked(TypedDict):
    """What of ``list_cases`` a query string can ask for."""

    text: str
    process: str
    live: bool
    ended: bool
    before: int | None
    jurisdiction: str
    waits_at: tuple[str, str] | None
    award: str
    voting: bool
    awaiting: bool
    mine: bool
    began: date | None
    finished: date | None


def cases_asked(values: Mapping[str, str], onward: str = "before") -> CasesAsked:
    """Return which cases the query string asks for, from the place that ``onward`` names; raises Invalid for a day or a place that is none."""
    process, _, element = values.get("at", "").partition("/")
    return CasesAsked(
        text=values.get("q", ""),
        process=values.get("process", ""),
        live=values.get("live") == "1",
        ended=values.get("live") == "0",
        before=cursor(values, onward),
        jurisdiction=values.get("jurisdiction", ""),
        waits_at=(process, element) if element else None,
        award=values.get("award", ""),
        voting=values.get("voting") == "1",
        awaiting=values.get("awaiting") == "1",
        mine=values.get("mine") == "1",
        began=day_asked(values, "started"),
        finished=day_asked(values, "finished"),
    )
