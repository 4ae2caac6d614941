"""Diagrams as pages draw them: the BPMN file with its names in the reader's language, or the picture of it."""

from __future__ import annotations

from flask import Response, request

from service.catalog.bpmn.in_words import in_words
from service.catalog.bpmn.picture import picture_of
from service.catalog.bpmn.read import read_diagram
from service.web.frame.page.in_english import named
from service.web.frame.requests.current import language

_FILE = "diagram.bpmn"


def shown_diagram(bpmn: bytes) -> Response:
    """Return the answer with a diagram to be looked at; a page without script asks for ``?picture=1`` of it."""
    said = bpmn if language() == "zh" else in_words(bpmn, _FILE, named)
    if "picture" in request.args:
        return Response(picture_of(read_diagram(said, _FILE)), mimetype="image/svg+xml")
    return Response(said, mimetype="application/xml")
