"""Read the query string of the list of cases, for the page and the API."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.queries.list_cases import CasePage, list_cases
from service.web.frame.current import the_actor, the_desk
from service.web.frame.parse_values import cursor, day_asked


def cases_asked(values: Mapping[str, str]) -> CasePage:
    """Return the page of cases that the query string asks for; raises Invalid for a day or a place that is none."""
    process, _, element = values.get("at", "").partition("/")
    return list_cases(
        the_desk(),
        the_actor(),
        text=values.get("q", ""),
        process=values.get("process", ""),
        live=values.get("live") == "1",
        ended=values.get("live") == "0",
        before=cursor(values, "before"),
        jurisdiction=values.get("jurisdiction", ""),
        waits_at=(process, element) if element else None,
        award=values.get("award", ""),
        voting=values.get("voting") == "1",
        began=day_asked(values, "started"),
        finished=day_asked(values, "finished"),
    )
