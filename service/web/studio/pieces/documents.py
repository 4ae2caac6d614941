"""Pages of the document editor: the documents of a draft, one in the editor, its pages as they are printed."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.documents import (
    DocumentPreview,
    list_documents,
    new_document,
    picture_preview,
    preview_document,
    print_preview,
    rewrite_document,
    study_document,
)
from service.catalog.documents.document_text import document_as_json
from service.catalog.pieces.piece_kinds import PieceKind, document_name, plain_title
from service.domain.errors import LaurelError
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import editor_of, studio_page, studio_pages
from service.web.studio.pieces.pieces import add_posted_piece, ordered_json

PAGES = studio_pages("studio_documents")


@PAGES.get("/documents")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the documents of a draft."""
    return _render_index(draft)


@PAGES.post("/documents")
@route_guard("draft.edit")
def add(draft: int) -> ResponseReturnValue:
    """Add a document and open it."""
    return add_posted_piece(draft, new_document, "studio_documents.edit", _render_index)


@PAGES.get("/documents/edit")
@route_guard("draft.view")
def edit(draft: int) -> ResponseReturnValue:
    """Show one document in the editor: ?path=."""
    path = request.args.get("path", "")
    study = study_document(the_desk(), the_actor(), draft, path)
    view = view_draft(the_desk(), the_actor(), draft)
    users = [{"href": editor_of(draft, user.file, user.place), "user": user} for user in study.users]
    title = plain_title(str(study.said.get("title", "")))
    if not title and study.ident in study.package.documents:
        title = document_name(study.package, study.ident)
    page = {"path": path, "study": study, "users": users, "title": title}
    return studio_page("document_edit.html", view, "studio_documents.index", **page)


@PAGES.get("/documents/about")
@route_guard("draft.view")
def about(draft: int) -> ResponseReturnValue:
    """Return what the editor must know of a document: ?path=."""
    study = study_document(the_desk(), the_actor(), draft, request.args.get("path", ""))
    package = study.package
    answer = {
        "said": dict(study.said),
        "layouts": study.layouts,
        "documents": [[ident, document_name(package, ident)] for ident in package.documents],
        "forms": sorted(package.forms),
        "clauses": [
            {"id": clause.id, "article": clause.article, "summary": clause.summary}
            for clause in package.law.clauses.values()
        ],
    }
    return ordered_json(answer)


@PAGES.post("/documents/preview")
@route_guard("draft.view")
def preview(draft: int) -> ResponseReturnValue:
    """Return the document as it would be issued with what is being written: its file, faults and pages; nothing is saved.

    Sent are ``path``, the ``opened`` file and what it should say now (``said``, null where that is what it says).
    """
    body: dict[str, Any] = request.get_json(silent=True) or {}
    path, opened = str(body.get("path", "")), str(body.get("opened", ""))
    wanted = body.get("said")
    content = rewrite_document(path, opened.encode(), wanted if isinstance(wanted, dict) else None)
    document_preview = preview_document(the_desk(), the_actor(), draft, path, content)
    pages, trouble = _draw_pages(document_preview)
    faults = [{"line": f.line, "formula": f.formula, "message": say(f.message)} for f in document_preview.faults]
    return ordered_json(
        {
            "text": content.decode(), "said": document_as_json(content, path), "faults": faults, "pages": pages,
            "trouble": trouble, "from": say(document_preview.filled_from), "instead": document_preview.instead,
        }
    )  # fmt: skip


@PAGES.post("/documents/preview.pdf")
@route_guard("draft.view")
def printed(draft: int) -> ResponseReturnValue:
    """Return the PDF of what is being written: ``path`` and the ``content`` of the file."""
    path, content = request.form.get("path", ""), request.form.get("content", "")
    pdf = print_preview(the_desk(), the_actor(), draft, path, content.replace("\r\n", "\n").encode())
    answer = Response(pdf, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="preview.pdf"'
    return answer


def _draw_pages(document_preview: DocumentPreview) -> tuple[list[str], str]:
    """Return the pages as addresses that hold them, or why there are none."""
    try:
        pages = picture_preview(the_desk(), document_preview)
    except LaurelError as trouble:
        return [], say(trouble.message)
    return [f"data:image/png;base64,{b64encode(page).decode()}" for page in pages], ""


def _render_index(draft: int, problem: str = "") -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    lines = list_documents(the_desk(), the_actor(), draft)
    return studio_page(
        "documents.html", view, "studio_documents.index", lines=lines,
        hashes={file.path: file.hash for file in view.of(PieceKind.DOCUMENT)}, problem=problem, typed=request.form,
    )  # fmt: skip
