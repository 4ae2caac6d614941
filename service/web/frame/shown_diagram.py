"""Diagrams as pages draw them: the BPMN file with its names in the reader's language."""

from __future__ import annotations

from flask import Response

from service.catalog.bpmn.in_words import in_words
from service.web.frame.current import language
from service.web.frame.in_english import named


def shown_diagram(bpmn: bytes) -> Response:
    """Return the answer with a diagram to be looked at."""
    said = bpmn if language() == "zh" else in_words(bpmn, "diagram.bpmn", named)
    return Response(said, mimetype="application/xml")
