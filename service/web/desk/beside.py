"""The papers of a case beside the form of a task, so that both are seen at once: which of them is shown."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from markupsafe import Markup

from service.casework.queries.view_task import TaskView
from service.casework.reading.submissions import Submission
from service.web.frame.form_shown import show_values

_DO = "beside:"
"""Begins the deed of a button that keeps what is typed and shows another paper; its number follows."""


@dataclass(frozen=True, slots=True)
class PaperBeside:
    """The paper that is read, drawn; 0 asked for is the first of them, as a rule the application."""

    paper: Submission
    drawn: Markup


def asked_beside() -> bool:
    """Return whether a button was pressed that shows another paper."""
    return request.form.get("do", "").startswith(_DO)


def beside_query() -> str:
    """Return the end of the address that keeps the papers open, "" where none is."""
    asked = _asked()
    return "" if asked is None else f"?beside={asked}"


def paper_beside(view: TaskView) -> PaperBeside | None:
    """Return the paper that the page was asked for; None where it stands without papers."""
    asked = _asked()
    if asked is None or not view.papers:
        return None
    paper = next((one for one in view.papers if one.id == asked), view.papers[0])
    drawn = show_values(paper.form, paper.values, paper.today, outside=paper.settings, apart="paper-", reveal=paper.own)
    return PaperBeside(paper, drawn)


def _asked() -> int | None:
    asked = request.form["do"].removeprefix(_DO) if asked_beside() else request.values.get("beside", "")
    return int(asked) if asked.isascii() and asked.isdecimal() else None
