"""Pages of forms: those of a draft with its tables and scoring editions, one in the editor, and the page people will see."""

from __future__ import annotations

from typing import Any

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.casework.studio.drafts.view_draft import view_draft
from service.casework.studio.pieces.change_scoring import view_scoring
from service.casework.studio.pieces.forms import FormPreview, FormStudy, list_forms, new_form, preview_form, study_form
from service.catalog.pieces.piece_kinds import PieceKind
from service.catalog.uses.piece_users import PieceUser, users_of_table
from service.domain.forms import Form
from service.domain.forms.offered import build_palette
from service.domain.text import Text
from service.web.forms import FormUrls, render_form, render_regions
from service.web.frame.page.form_shown import FILE_URL, build_citation_renderer
from service.web.frame.requests.current import say, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.studio.frame import editor_of, studio_page, studio_pages
from service.web.studio.pieces.pieces import add_posted_piece, inline_json, ordered_json

PAGES = studio_pages("studio_forms")


@PAGES.get("/forms")
@route_guard("draft.view")
def index(draft: int) -> ResponseReturnValue:
    """Show the forms of a draft, its own, shared ones in use and patterns, its tables and its scoring editions."""
    return _render_index(draft)


@PAGES.post("/forms")
@route_guard("draft.edit")
def add(draft: int) -> ResponseReturnValue:
    """Add a form and open it."""
    return add_posted_piece(draft, new_form, "studio_forms.edit", _render_index)


@PAGES.get("/forms/edit")
@route_guard("draft.view")
def edit(draft: int) -> ResponseReturnValue:
    """Show one form in the editor: ?path=, ?element= chooses a component."""
    path = request.args.get("path", "")
    study = study_form(the_desk(), the_actor(), draft, path)
    view = view_draft(the_desk(), the_actor(), draft)
    about = inline_json(_describe_study(draft, study))
    return studio_page("form_edit.html", view, "studio_forms.index", path=path, file=study.line, about=about)


@PAGES.post("/forms/preview")
@route_guard("draft.view")
def preview(draft: int) -> ResponseReturnValue:
    """Return the page people would see with what is being written; of what is typed into that page, what changes in it.

    Nothing is saved.
    """
    if not request.is_json:
        return _refresh_preview(draft)
    body: dict[str, Any] = request.get_json(silent=True) or {}
    path, content = str(body.get("path", "")), str(body.get("content", ""))
    language = "en" if body.get("language") == "en" else "zh"
    form_preview = preview_form(the_desk(), the_actor(), draft, path, content.encode())
    flaw = form_preview.flaw and {"component": form_preview.flaw.component, "message": say(form_preview.flaw.message)}
    html = (
        _render_frame(draft, form_preview, {"path": path, "content": content, "language": language})
        if form_preview.form
        else ""
    )
    return ordered_json(
        {"html": html, "problem": flaw, "made": dict(form_preview.made), "instead": form_preview.instead}
    )


def _refresh_preview(draft: int) -> ResponseReturnValue:
    sent = {key: request.form.get(f"_{key}", "") for key in ("path", "content", "language")}
    form_preview = preview_form(the_desk(), the_actor(), draft, sent["path"], sent["content"].encode())
    if form_preview.form is None:
        return make_response("", 204)
    values = dict(form_preview.form.from_html(request.form, lambda _ident: None))
    if form_preview.form.changes_rows(request.form):
        return make_response(_render_preview_form(draft, form_preview, sent["language"], values))
    regions = render_regions(
        form_preview.form,
        values,
        seen=request.form.getlist("_seen"),
        **_build_look(draft, form_preview, sent["language"]),
    )
    return make_response(regions)


def _render_index(draft: int, problem: str = "") -> str:
    view = view_draft(the_desk(), the_actor(), draft)
    tables = view.of(PieceKind.TABLE)
    return studio_page(
        "forms.html",
        view,
        "studio_forms.index",
        lines=list_forms(the_desk(), the_actor(), draft),
        hashes={file.path: file.hash for file in view.files},
        problem=problem,
        typed=request.form,
        patterns=_is_pattern,
        tables=tables,
        unused={file.path for file in tables if not users_of_table(view.package, file.path)},
        editions=view_scoring(the_desk(), the_actor(), draft)[1],
    )


def _is_pattern(path: str) -> bool:
    return path.startswith("forms/shared/patterns/")


def _describe_study(draft: int, study: FormStudy) -> dict[str, Any]:
    pieces = [pattern for pattern in study.patterns if not pattern.whole]
    return {
        "palette": build_palette(),
        "clauses": [
            {"id": clause.id, "article": clause.article, "summary": clause.summary}
            for clause in study.package.law.clauses.values()
        ],
        "patterns": {pattern.name: pattern.slots for pattern in study.patterns},
        "patternNames": {pattern.name: pattern.label for pattern in study.patterns},
        "piecePatterns": [pattern.name for pattern in pieces],
        "clauseSlots": sorted({slot for pattern in study.patterns for slot in pattern.clause_slots}),
        "users": [_describe_user(draft, user) for user in study.users],
        "readers": [{"path": path, **_describe_user(draft, user)} for path, user in study.readers],
        "slotPlaces": {pattern.name: dict(pattern.places) for pattern in study.patterns},
        "settings": {name: words.as_json() for name, words in study.settings.items()},
        "made": dict(study.made),
    }


def _describe_user(draft: int, user: PieceUser) -> dict[str, Any]:
    place = {"file": user.file, "name": user.name, "text": user.text, "what": user.what.as_json()}
    return {**place, "href": editor_of(draft, user.file, user.place)}


def _render_frame(draft: int, form_preview: FormPreview, sent: dict[str, str]) -> str:
    """Return the whole page of the preview, with what its refreshing sends back."""
    assert form_preview.form is not None
    language = sent["language"]
    markup = _render_preview_form(draft, form_preview, language, {})
    words = Text("表单", "Form") if not form_preview.form.title.zh else form_preview.form.title
    return render_template(
        "studio/form_frame.html", title=words.pick(language), markup=markup, sent=sent, tongue_tag=language
    )


def _render_preview_form(draft: int, form_preview: FormPreview, language: str, values: dict[str, Any]) -> Markup:
    form: Form | None = form_preview.form
    assert form is not None
    return render_form(form, {**form.blank(), **values}, **_build_look(draft, form_preview, language))


def _build_look(draft: int, form_preview: FormPreview, language: str) -> dict[str, Any]:
    return {
        "today": form_preview.today,
        "urls": FormUrls(refresh=url_for("studio_forms.preview", draft=draft), file=FILE_URL),
        "language": language,
        "stored": form_preview.stored,
        "cite": build_citation_renderer(form_preview.package),
    }
