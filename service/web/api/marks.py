"""API routes of marks of rows: what the newest look found, and a look again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from service.casework.soundness.marks import ask_marks, view_marks
from service.web.api.operation import ApiOperation, add_route
from service.web.api.schemas.marks import MarksOut
from service.web.frame.requests.current import the_actor, the_desk


def register(api: Blueprint) -> None:
    """Add the routes."""
    seen = ApiOperation("GET", "/marks", "marks.view", "Marks of rows that do not hold", MarksOut)
    add_route(api, seen, list_marks)
    asked = ApiOperation("POST", "/marks", "marks.ask", "Have marks of rows looked at again", None)
    add_route(api, asked, look_again)


def list_marks() -> dict[str, Any]:
    """Show."""
    view = view_marks(the_desk(), the_actor())
    return {
        "asking": view.asking.name.lower(),
        "at": view.at,
        "asked_at": view.asked_at,
        "count": view.count,
        "rows": [
            {
                "table": one.mark.table,
                "row": one.mark.row,
                "matter": one.mark.matter.name.lower(),
                "since": one.since,
                "said": one.mark.as_json(),
                "remedy": one.mark.matter.remedy.as_json(),
            }
            for one in view.rows
        ],
    }


def look_again() -> None:
    """Ask."""
    ask_marks(the_desk(), the_actor())
