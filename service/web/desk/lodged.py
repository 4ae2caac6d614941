"""What the public lodged, above the form of who acts on it."""

from __future__ import annotations

from markupsafe import Markup

from service.casework.queries.view_task import TaskView
from service.web.forms.parts import NOTHING
from service.web.frame.form_shown import show_values


def lodged_values(view: TaskView) -> Markup:
    """Return the form by which the public began the case, personal data masked; nothing where the office or a body did."""
    paper = view.lodged
    if paper is None:
        return NOTHING
    return show_values(paper.form, paper.values, paper.today, outside=paper.settings, apart="lodged-", reveal=paper.own)
