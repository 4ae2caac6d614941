"""What the pages of the studio share: the eight places of a draft, the ways to its editors, and their policy of contents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import DraftView
from service.catalog.patterns.patterns import USES
from service.catalog.pieces.piece_kinds import PieceKind, kind_of
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.web.frame.page.frame import set_breadcrumbs
from service.web.frame.requests.current import say, t
from service.web.frame.requests.failures import refused_texts
from service.web.frame.requests.refusals import status_of
from service.web.frame.requests.request_checks import policy_of_contents
from service.web.presentation import KIND_NAMES

_STYLES = "style-src 'self'"
_PLACES: tuple[tuple[Text, dict[str, Text]], ...] = (
    (Text("概览", "Overview"), {"studio.draft": Text("草稿", "Draft")}),
    (Text("流程图", "Diagrams"), {"studio_diagrams.index": Text("流程图", "Diagrams")}),
    (Text("表单与决策表", "Forms and tables"), {"studio_forms.index": Text("表单", "Forms")}),
    (Text("文书", "Documents"), {"studio_documents.index": Text("文书", "Documents")}),
    (
        Text("条款与参数", "Clauses and parameters"),
        {
            "studio_clauses.index": Text("条款", "Clauses"),
            "studio_parameters.index": Text("参数", "Parameters"),
            "studio_calendar.index": Text("日历", "Calendar"),
            "studio_basics.index": Text("地方与奖项", "Place and award"),
        },
    ),
    (Text("情景", "Scenarios"), {"studio_scenarios.index": Text("情景", "Scenarios")}),
    (
        Text("问题与比较", "Problems and differences"),
        {
            "studio_compare.problems": Text("问题", "Problems"),
            "studio_compare.index": Text("比较", "Compare"),
            "studio_compare.history": Text("历史", "History"),
        },
    ),
    (Text("复核与发布", "Review and publish"), {"studio_publish.index": Text("复核与发布", "Review and publish")}),
)
"""The places of a draft, each with its pages: where there are several they stand as a row of their own below the places."""

_EDITORS = {
    PieceKind.DIAGRAM: "studio_diagrams.edit",
    PieceKind.TABLE: "studio_tables.edit",
    PieceKind.FORM: "studio_forms.edit",
    PieceKind.DOCUMENT: "studio_documents.edit",
    PieceKind.SCENARIO: "studio_scenarios.view",
}
_SINGLE_PAGE_KINDS = {
    PieceKind.PARAMETERS: "studio_parameters.index",
    PieceKind.LAW: "studio_clauses.index",
    PieceKind.AWARD: "studio_basics.index",
    PieceKind.JURISDICTION: "studio_basics.index",
}
"""Kinds of which a draft has one file, which is called by its kind, with the page that shows it."""
LISTED = {
    PieceKind.DIAGRAM: "studio_diagrams.index",
    PieceKind.TABLE: "studio_forms.index",
    PieceKind.FORM: "studio_forms.index",
    PieceKind.DOCUMENT: "studio_documents.index",
    PieceKind.SCENARIO: "studio_scenarios.index",
}
"""The pages that list the files of a kind."""


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """One of the places of a draft, or a page of one."""

    label: str
    href: str
    active: bool


def studio_pages(name: str, prefix: str = "/studio/drafts/<int:draft>") -> Blueprint:
    """Return a blueprint for pages of the studio, with the policy that its editors need."""
    pages = Blueprint(name, __name__, url_prefix=prefix)
    pages.after_request(_allow_editors)
    return pages


def studio_page(template: str, view: DraftView, endpoint: str, **values: Any) -> str:
    """Return a page of a draft; ``endpoint`` is the page of the draft's navigation that it belongs to.

    What was typed into a form that the page has no more (``has_form`` among the values; as a rule where the draft cannot be
    edited now) is shown to be copied.
    """
    row = view.row
    set_breadcrumbs((t("设计", "Studio"), "/studio"), (row.title, None))
    places = [
        DraftPlace(say(label), url_for(next(iter(pages)), draft=row.id), endpoint in pages) for label, pages in _PLACES
    ]
    beside = next(pages for _, pages in _PLACES if endpoint in pages)
    pages = [DraftPlace(say(label), url_for(page, draft=row.id), page == endpoint) for page, label in beside.items()]
    lost = [] if values.pop("has_form", view.editable) else refused_texts(409)
    return render_template(
        f"studio/{template}", view=view, row=row, draft_places=places, place_pages=pages, lost_texts=lost, **values
    )


def guarded_page(act: Callable[[], ResponseReturnValue], again: Callable[[str], str]) -> ResponseReturnValue:
    """Do ``act``; what is refused is said on the page ``again``, which keeps what was typed."""
    try:
        return act()
    except LaurelError as error:
        return again(say(error.message)), status_of(error)


def opened_at() -> int | None:
    """Return the revision of the draft at which the form of the request was shown, None where it does not say."""
    return request.form.get("revision", type=int)


def editor_of(draft: int, path: str, element: str = "") -> str:
    """Return the address at which file ``path`` of a draft is edited, at ``element``; "" where it has no editor."""
    kind = kind_of(path)
    if kind in _EDITORS:
        return url_for(_EDITORS[kind], draft=draft, path=path, element=element or None)
    return place_of(draft, kind)


def place_of(draft: int, kind: PieceKind) -> str:
    """Return the address of the page of a draft for files of ``kind``; "" where it has none."""
    endpoint = LISTED.get(kind) or _SINGLE_PAGE_KINDS.get(kind)
    return url_for(endpoint, draft=draft) if endpoint else ""


def names_of(view: DraftView) -> dict[str, str]:
    """Return what the files of a draft are called, by path."""
    names = {
        file.path: say(KIND_NAMES[file.kind]) if file.kind in _SINGLE_PAGE_KINDS else file.name for file in view.files
    }
    filled = (path for path in names if path.endswith(f"/{USES}"))
    return names | dict.fromkeys(filled, t("取自范本的流程图", "diagrams made from patterns"))


def _allow_editors(answer: Response) -> Response:
    """The editors place what they draw by style attributes; scripts and style sheets are our own alone."""
    attributes = f"{_STYLES}; style-src-attr 'unsafe-inline'"
    answer.headers["Content-Security-Policy"] = policy_of_contents().replace(_STYLES, attributes)
    return answer
