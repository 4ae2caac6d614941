"""What the pages of the studio share: the navigation of a draft, and the policy of contents that its editors need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for

from service.casework.studio.drafts.view_draft import DraftView
from service.domain.text import Text
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import say, t
from service.web.frame.requests.failures import refused_texts
from service.web.frame.requests.request_checks import policy_of_contents

_STYLES = "style-src 'self'"


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """One of the places of a draft."""

    label: str
    href: str
    active: bool


_PLACES = (
    ("studio.draft", Text("概览", "Overview")),
    ("studio_diagrams.index", Text("流程图", "Diagrams")),
    ("studio_tables.index", Text("决策表", "Tables")),
    ("studio_forms.index", Text("表单", "Forms")),
    ("studio_documents.index", Text("文书", "Documents")),
    ("studio_basics.index", Text("地方与奖项", "Place and award")),
    ("studio_parameters.index", Text("参数", "Parameters")),
    ("studio_calendar.index", Text("日历", "Calendar")),
    ("studio_clauses.index", Text("条款", "Clauses")),
    ("studio_scenarios.index", Text("情景", "Scenarios")),
    ("studio_shared.index", Text("共用件", "Shared pieces")),
    ("studio.problems", Text("问题", "Problems")),
    ("studio_compare.index", Text("比较", "Compare")),
    ("studio_history.index", Text("历史", "History")),
    ("studio_publish.index", Text("评审与发布", "Review and publish")),
)


def studio_pages(name: str, prefix: str = "/studio/drafts/<int:draft>") -> Blueprint:
    """Return a blueprint for pages of the studio, with the policy that its editors need."""
    pages = Blueprint(name, __name__, url_prefix=prefix)
    pages.after_request(_allow_editors)
    return pages


def studio_page(template: str, view: DraftView, endpoint: str, **values: Any) -> str:
    """Return a page of a draft; ``endpoint`` is the place of the draft's navigation that it belongs to.

    What was typed into a form that the page has no more (``has_form`` among the values; as a rule where the draft cannot be
    edited now) is shown to be copied.
    """
    row = view.row
    crumbs((t("设计", "Studio"), "/studio"), (row.title, None))
    places = [
        DraftPlace(say(label), url_for(name, draft=row.id), name == endpoint)
        for name, label in _PLACES
        if name in current_app.view_functions
    ]
    lost = [] if values.pop("has_form", view.editable) else refused_texts(409)
    return render_template(f"studio/{template}", view=view, row=row, draft_places=places, lost_texts=lost, **values)


def opened_at() -> int | None:
    """Return the revision of the draft at which the form of the request was shown, None where it does not say."""
    return request.form.get("revision", type=int)


def _allow_editors(answer: Response) -> Response:
    """The editors place what they draw by style attributes; scripts and style sheets are our own alone."""
    attributes = f"{_STYLES}; style-src-attr 'unsafe-inline'"
    answer.headers["Content-Security-Policy"] = policy_of_contents().replace(_STYLES, attributes)
    return answer
