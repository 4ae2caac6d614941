"""Read the query string of the list of cases, for the page and the API."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.queries.cases.list_cases import CaseQuery
from service.web.frame.requests.parse_values import day_asked


def cases_asked(values: Mapping[str, str]) -> CaseQuery:
    """Return which cases the query string asks for; raises Invalid for a day that is none."""
    process, _, element = values.get("at", "").partition("/")
    return CaseQuery(
        text=values.get("q", ""),
        process=values.get("process", ""),
        live=values.get("live") == "1",
        ended=values.get("live") == "0",
        jurisdiction=values.get("jurisdiction", ""),
        waits_at=(process, element) if element else None,
        award=values.get("award", ""),
        voting=values.get("voting") == "1",
        awaiting=values.get("awaiting") == "1",
        mine=values.get("mine") == "1",
        began=day_asked(values, "started"),
        finished=day_asked(values, "finished"),
    )
