"""Pages of drafts: packages and their drafts, one draft, its problems."""

from __future__ import annotations

from collections import Counter

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.access.guards import GUARDS
from service.casework.studio.drafts.check_draft import check_draft, last_check
from service.casework.studio.drafts.open_draft import list_discarded, open_draft
from service.casework.studio.drafts.view_draft import DraftView, list_drafts, view_draft
from service.casework.studio.parameters.calendar_years import list_years
from service.catalog import Severity
from service.catalog.patterns.patterns import USES
from service.catalog.pieces.piece_kinds import PieceKind
from service.domain.text import Text
from service.web.frame.page.frame import crumbs
from service.web.frame.requests.current import say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import cursor
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.places import editor_of, place_of

PAGES = studio_pages("studio", "/studio")

KIND_NAMES = {
    PieceKind.DIAGRAM: Text("流程图", "Diagrams"),
    PieceKind.TABLE: Text("决策表", "Tables"),
    PieceKind.FORM: Text("表单", "Forms"),
    PieceKind.DOCUMENT: Text("文书", "Documents"),
    PieceKind.LAYOUT: Text("版式", "Layouts"),
    PieceKind.SCENARIO: Text("情景", "Scenarios"),
    PieceKind.PARAMETERS: Text("参数", "Parameters"),
    PieceKind.AWARD: Text("奖项", "Award"),
    PieceKind.JURISDICTION: Text("辖区与机构", "Jurisdiction"),
    PieceKind.LAW: Text("条款登记", "Law register"),
    PieceKind.OTHER: Text("其他", "Other"),
}

_ONE_OF_ITS_KIND = (PieceKind.PARAMETERS, PieceKind.AWARD, PieceKind.JURISDICTION, PieceKind.LAW)
"""Kinds of which a draft has one file, which is called by its kind."""


@PAGES.get("")
@route_guard("draft.view")
def index() -> ResponseReturnValue:
    """Show every package with its drafts."""
    crumbs((t("设计", "Studio"), None))
    actor = the_actor()
    before = cursor(request.args, "before")
    discarded = list_discarded(the_desk(), actor, before) if GUARDS["people.manage"].admits(actor) else None
    years = sum(line.decides for line in list_years(the_desk(), actor))
    packages = list_drafts(the_desk(), actor)
    return render_template(
        "studio/index.html", packages=packages, discarded=discarded, years=years, last_check=last_check
    )


@PAGES.post("/drafts")
@route_guard("draft.edit")
def add() -> ResponseReturnValue:
    """Open a draft of a published package."""
    draft = open_draft(the_desk(), the_actor(), request.form.get("package", ""), request.form.get("title", ""))
    return redirect(f"/studio/drafts/{draft}")


@PAGES.get("/drafts/<int:draft>")
@route_guard("draft.view")
def draft(draft: int) -> ResponseReturnValue:
    """Show what a draft holds."""
    view = view_draft(the_desk(), the_actor(), draft)
    changed = [file for file in view.files if file.changed]
    shown = {
        "things": _things(view),
        "changed": changed,
        "kinds": KIND_NAMES,
        "names": names_of(view),
        "editor_of": editor_of,
    }
    return studio_page("draft.html", view, "studio.draft", last_check=last_check(view.row), **shown)


def _things(view: DraftView) -> list[tuple[Text, int, str]]:
    """Return what a draft holds: its name, how many there are, and where they are edited."""
    counts, package = Counter(file.kind for file in view.files), view.package
    pieces = (PieceKind.DIAGRAM, PieceKind.TABLE, PieceKind.FORM, PieceKind.DOCUMENT, PieceKind.SCENARIO)
    basics = url_for("studio_basics.index", draft=view.row.id)
    return [
        *((KIND_NAMES[kind], counts[kind], place_of(view.row.id, kind)) for kind in pieces),
        (Text("参数", "Parameters"), len(package.award.parameters), place_of(view.row.id, PieceKind.PARAMETERS)),
        (Text("条款", "Clauses"), len(package.law.clauses), place_of(view.row.id, PieceKind.LAW)),
        (Text("办件种类", "Kinds of cases"), len(package.award.processes), basics),
        (Text("角色", "Roles"), len(package.jurisdiction.roles), basics),
        (Text("单位", "Bodies"), len(package.jurisdiction.bodies), basics),
    ]


@PAGES.get("/drafts/<int:draft>/problems")
@route_guard("draft.view")
def problems(draft: int) -> ResponseReturnValue:
    """Show what is wrong with a draft."""
    view = view_draft(the_desk(), the_actor(), draft)
    checked = check_draft(the_desk(), the_actor(), draft)
    found = checked.problems
    errors = sum(1 for problem in found if problem.severity is Severity.ERROR)
    shown = {
        "problems": found,
        "whole": checked.whole,
        "errors": errors,
        "names": names_of(view),
        "editor_of": editor_of,
    }
    return studio_page("problems.html", view, "studio.problems", **shown)


def names_of(view: DraftView) -> dict[str, str]:
    """Return what the files of a draft are called, by path."""
    found = {
        file.path: say(KIND_NAMES[file.kind]) if file.kind in _ONE_OF_ITS_KIND else file.name for file in view.files
    }
    filled = (path for path in found if path.endswith(f"/{USES}"))
    return found | dict.fromkeys(filled, t("取自范本的流程图", "diagrams made from patterns"))
