"""Pages of diagrams in a draft: the list with its search, the editor of one, new and imported ones, printed ones."""

from __future__ import annotations

from flask import Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.diagrams import (
    MOST,
    import_diagram,
    new_diagram,
    open_diagram,
    print_diagram,
    search_diagrams,
)
from service.catalog.pieces.piece_kinds import Origin, PieceKind
from service.catalog.uses.piece_users import users_of_diagram
from service.domain.errors import Conflict, Invalid
from service.web.frame.page.frame import flash
from service.web.frame.page.names import translate_name
from service.web.frame.requests.current import language, say, t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.refusals import status_of
from service.web.studio.frame import studio_page, studio_pages

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
    unused = {file.path for _, files in groups for file in files if not users_of_diagram(view.package, file.path)}
    found = {"groups": groups, "unused": unused, "words": words, "hits": hits, "most": MOST, "Origin": Origin}
    return studio_page("diagrams.html", view, _HERE, **found)


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


@PAGES.get("/diagrams/print")
@route_guard("draft.view")
def download_diagram(draft: int) -> ResponseReturnValue:
    """Hand out a diagram with its clauses as PDF, PNG or SVG, or its file for other tools."""
    print_options = request.args.get("path", ""), request.args.get("format", "pdf")
    printed = print_diagram(the_desk(), the_actor(), draft, *print_options, language=language(), say=translate_name)
    answer = Response(printed.content, mimetype=printed.media_type)
    answer.headers["Content-Disposition"] = f"attachment; filename={printed.name}"
    return answer


@PAGES.post("/diagrams")
@route_guard("draft.edit")
def add(draft: int) -> ResponseReturnValue:
    """Begin a diagram and open it; with an uploaded BPMN file take its diagram in, or say why not."""
    sent, name = request.files.get("file"), request.form.get("name", "")
    if sent is None:
        saved = new_diagram(
            the_desk(), the_actor(), draft, name, request.form.get("title", ""), request.form.get("role", "")
        )
        return redirect(url_for("studio_diagrams.edit", draft=draft, path=saved.path))
    file = sent.filename or ""
    try:
        saved, tools = import_diagram(the_desk(), the_actor(), draft, name, sent.read(), file)
    except (Invalid, Conflict) as refusal:
        view = view_draft(the_desk(), the_actor(), draft)
        page = studio_page("import_refused.html", view, _HERE, sent=file, problem=say(refusal.message), name=name)
        return make_response(page, status_of(refusal))
    if tools:
        flash(
            t(
                "%s 的设置在这里不会执行，已去掉；角色、表单、期限、条款请在右侧填写。",
                "Settings of %s are not carried out here and were removed: choose role, form, time limit and clauses in the panel.",
            )
            % "、".join(tools)
        )
    return redirect(url_for("studio_diagrams.edit", draft=draft, path=saved.path))
