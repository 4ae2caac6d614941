"""Schemas of the API's routes of a published regulation: its clauses, and the diagrams that carry them out."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import Out


class DiagramNameOut(Out):
    """A diagram by its id and title."""

    id = fields.String(required=True)
    title = fields.String(required=True)


class RegulationClauseOut(Out):
    """A clause in our words, with the names of the steps and settings that carry it out."""

    id = fields.String(required=True)
    article = fields.String(required=True)
    summary = fields.String(required=True)
    carried_out_by = fields.List(fields.String(), required=True)


class RegulationStepOut(Out):
    """A step of a diagram with the articles that it rests on."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    clauses = fields.List(fields.Nested(ClauseOut), required=True)


class RegulationOut(Out):
    """The clauses of a regulation, its diagrams, and the steps of diagram ``process``."""

    law = fields.String(required=True)
    clauses = fields.List(fields.Nested(RegulationClauseOut), required=True)
    diagrams = fields.List(fields.Nested(DiagramNameOut), required=True)
    process = fields.String(required=True)
    steps = fields.List(fields.Nested(RegulationStepOut), required=True)


class PublishedDiagramOut(Out):
    """A diagram as BPMN 2.0 (XML)."""

    process = fields.String(required=True)
    bpmn = fields.String(required=True)
