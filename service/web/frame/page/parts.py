"""Parts that several pages show: what comes next, progress, codes, diagrams, telephones."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import segno
from flask import Response, current_app, jsonify, make_response, render_template, request
from markupsafe import Markup, escape

from service.casework.access.guards import GUARDS
from service.casework.queries.own_place.next_up import NextUp, view_next
from service.casework.queries.rounds.round_proof import list_score_books
from service.casework.reading.contacts import TELEPHONE
from service.catalog.bpmn.picture import in_words, picture_of
from service.catalog.bpmn.read import read_diagram
from service.domain.wording.numbers import counted
from service.store.models import CaseRow
from service.web.frame.page.names import translate_name
from service.web.frame.requests.current import language, t, the_actor, the_desk
from service.web.frame.requests.parse_values import find_query_cursor

_FILE = "diagram.bpmn"
_LINK = Markup('<a href="tel:{}">{}</a>')


def macros_of(template: str) -> Any:
    """Return the macros of ``template``, for the program to call itself."""
    return current_app.jinja_env.get_template(template).module


def next_up_unless(shows: object) -> NextUp | None:
    """Return what comes next for the reader where a list shows nothing, for who has tasks at all."""
    if shows or not GUARDS["task.list"].admits(the_actor()):
        return None
    return view_next(the_desk(), the_actor())


def offer_score_books() -> tuple[CaseRow, ...]:
    """Return the rounds whose workbook of scores a list offers; none to who may not have it."""
    return list_score_books(the_desk(), the_actor()) if GUARDS["scores.export"].admits(the_actor()) else ()


def show_progress(template: str, progress: Mapping[str, tuple[int, int]], **page: Any) -> Response:
    """Return a page of batches; asked with the ``since`` that it counted, how many results came after and how far all is.

    ``progress`` is {name of a line of the page: (cases in all, of these done)}.
    """
    settled = sum(done for _, done in progress.values())
    if "since" not in request.args:
        return make_response(render_template(template, settled=settled, **page))
    fresh = max(0, settled - (find_query_cursor(request.args, "since") or 0))
    message = t(f"又有 {fresh} 件有了结果，点此更新", f"{fresh} more have a result: show them")
    if all(done >= total for total, done in progress.values()):
        message = t("已全部办完，点此查看结果", "All is done: show the results")
    lines = {
        name: {"done": done, "total": total, "words": progress_words(total, done)}
        for name, (total, done) in progress.items()
    }
    return jsonify(count=fresh, message=message, progress=lines)


def progress_words(total: int, done: int) -> str:
    """Return in words how many of ``total`` cases are done."""
    return t(f"共 {total} 件，已办 {done} 件。", f"{counted(total, 'case')}, {done} done.")


def qr_code(address: str, words: str) -> Markup:
    """Return ``address`` as a QR code (SVG to stand in a page) that a telephone reads from paper, too; ``words`` say what it holds."""
    drawn = segno.make(address, error="m", micro=False).svg_inline(scale=3, border=2, svgclass=None, lineclass=None)
    shapes = Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704 - segno writes shapes alone, no text
    return Markup('<span role="img" aria-label="{}">{}</span>').format(words, shapes)


def answer_diagram(bpmn: bytes) -> Response:
    """Return the answer with a diagram to be looked at; a page without script asks for ``?picture=1`` of it."""
    diagram = bpmn if language() == "zh" else in_words(bpmn, _FILE, translate_name)
    if "picture" in request.args:
        return Response(picture_of(read_diagram(diagram, _FILE)), mimetype="image/svg+xml")
    return Response(diagram, mimetype="application/xml")


def telephones(words: str) -> Markup:
    """Return ``words`` with every telephone number in it as a link; everything else stands as it is written."""
    markup, at = Markup(""), 0
    for match in TELEPHONE.finditer(words):
        markup += escape(words[at : match.start()]) + _LINK.format(re.sub(r"\D", "", match[0]), match[0])
        at = match.end()
    return markup + escape(words[at:])
