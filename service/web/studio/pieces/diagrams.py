"""Pages of diagrams in a draft: the list with its search, the editor of one, new ones, printed ones."""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.save_files import save_files
from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.import_diagram import inspect_import
from service.casework.studio.pieces.new_diagram import new_diagram
from service.casework.studio.pieces.open_diagram import open_diagram
from service.casework.studio.pieces.print_diagram import print_diagram
from service.casework.studio.pieces.search_diagrams import MOST, search_diagrams
from service.catalog.pieces.piece_kinds import Origin, PieceKind
from service.domain.errors import Conflict, Invalid
from service.web.frame.page.frame import flash
from service.web.frame.page.in_english import named
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import studio_page, studio_pages
from service.web.studio.pieces.chosen_files import refused_import, wanted_files
from service.web.studio.pieces.removing import remove_asked

PAGES = studio_pages("studio_diagrams")
_HERE = "studio_diagrams.index"


@PAGES.get("/diagrams")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """List the diagrams of a draft, or the places in them where the words of ``q`` stand."""
    view = view_draft(the_desk(), the_actor(), draft)
    words = request.args.get("q", "").strip()
    hits = search_diagrams(the_desk(), the_actor(), draft, words)
    groups = [(origin, [file for file in view.of(PieceKind.DIAGRAM) if file.origin is origin]) for origin in Origin]
    return studio_page("diagrams.html", view, _HERE, groups=groups, words=words, hits=hits, most=MOST, Origin=Origin)


@PAGES.get("/diagrams/edit")
@route_guard("draft.view")
def edit(draft: int) -> ResponseReturnValue:
    """Show the editor of one diagram; ``from`` is the diagram that called it up."""
    path = request.args.get("path", "")
    if not path:
        return redirect(url_for(_HERE, draft=draft))
    view = view_draft(the_desk(), the_actor(), draft)
    opened = open_diagram(the_desk(), the_actor(), draft, path)
    return studio_page(
        "diagrams_edit.html",
        view,
        _HERE,
        diagram=opened,
        caller=request.args.get("from", ""),
        focus=request.args.get("element", ""),
        Origin=Origin,
    )


@PAGES.post("/diagrams/remove")
@route_guard("draft.edit")
def remove(draft: int) -> ResponseReturnValue:
    """Remove a diagram; what is still in use stays, and where is told."""
    return remove_asked(draft, "studio_diagrams.index")


@PAGES.get("/diagrams/print")
@route_guard("draft.view")
def print_one(draft: int) -> ResponseReturnValue:
    """Hand out a diagram with its clauses as PDF, PNG or SVG, or its file for other tools."""
    asked = request.args.get("path", ""), request.args.get("format", "pdf")
    printed = print_diagram(the_desk(), the_actor(), draft, *asked, language=language(), say=named)
    answer = Response(printed.content, mimetype=printed.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={printed.name}"
    return answer


@PAGES.post("/diagrams/new")
@route_guard("draft.edit")
def new(draft: int) -> ResponseReturnValue:
    """Begin a diagram and open it."""
    said = (request.form.get(name, "") for name in ("name", "title", "role"))
    saved = new_diagram(the_desk(), the_actor(), draft, *said)
    return redirect(url_for("studio_diagrams.edit", draft=draft, path=saved.path))


@PAGES.post("/diagrams/import")
@route_guard("draft.edit")
def look_at_import(draft: int) -> ResponseReturnValue:
    """Say element by element what of an uploaded diagram was mended and what will not run."""
    view = view_draft(the_desk(), the_actor(), draft)
    sent = request.files.get("file")
    content = sent.read() if sent else b""
    name = (sent.filename or "") if sent else ""
    try:
        found = inspect_import(the_desk(), the_actor(), draft, request.form.get("name", ""), content, name)
    except (Invalid, Conflict) as refusal:
        return refused_import(draft, ".bpmn", "diagrams", refusal)
    return studio_page("diagrams_import.html", view, _HERE, found=found, sent=name)


@PAGES.post("/diagrams/import/take")
@route_guard("draft.edit")
def take_import(draft: int) -> ResponseReturnValue:
    """Take what was shown in, each ``wanted`` process as a diagram of its own, and open the first."""
    saved = save_files(the_desk(), the_actor(), draft, wanted_files(), "导入流程图")
    if len(saved) > 1:
        said = "、".join(one.path.rpartition("/")[2] for one in saved)
        flash(t("已导入 %s 张图：%s", "%s diagrams were taken in: %s") % (len(saved), said))
    return redirect(url_for("studio_diagrams.edit", draft=draft, path=saved[0].path))
