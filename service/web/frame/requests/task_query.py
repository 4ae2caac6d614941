"""Read the query string of task lists, for the page and the API."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.queries.tasks.task_list import TaskQuery
from service.web.frame.requests.parse_values import dated_cursor, row_id_or_none


def read_query(values: Mapping[str, str]) -> TaskQuery:
    """Return the list that the query string asks for; what cannot be read is left out."""
    return TaskQuery(
        scope=values.get("scope", "mine"),
        text=values.get("q", "")[:100],
        step=values.get("step", "")[:240],
        due=values.get("due", ""),
        round_id=row_id_or_none(values, "round"),
        jurisdiction=values.get("jurisdiction", "")[:60],
        sort=values.get("kind", "")[:60],
        award=values.get("award", "")[:60],
        role=values.get("role", "")[:60],
        after=dated_cursor(values, "after"),
    )
