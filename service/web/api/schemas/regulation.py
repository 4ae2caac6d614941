"""Schemas of the API's routes of a published regulation: its clauses, and the diagrams that carry them out."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import Out


class PublishedDiagramOut(Out):
    """A diagram as BPMN 2.0 (XML)."""

    process = fields.String(required=True)
    bpmn = fields.String(required=True)
