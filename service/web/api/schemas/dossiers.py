"""Schemas of the API's routes of submitted forms, dossiers and single experts."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.clauses import ClauseOut
from service.web.api.schemas.common import BothOut, Out
from service.web.api.schemas.register import ExpertOut


class SubmittedFormOut(Out):
    """A submitted form; personal and secret values are masked unless they are one's own or revealed."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    title = fields.Nested(BothOut, required=True)
    step = fields.String()
    who = fields.String()
    at = fields.AwareDateTime(required=True)
    own = fields.Boolean()
    values = fields.Dict(required=True)


class CaseFormOut(Out):
    """A form of a case by its id."""

    id = fields.Integer(required=True)
    title = fields.Nested(BothOut, required=True)
    step = fields.String()
    at = fields.AwareDateTime(required=True)


class GroundOut(Out):
    """A ground of eligibility as found."""

    text = fields.String(required=True)
    result = fields.String(required=True)
    clauses = fields.List(fields.Nested(ClauseOut))


class ReviewerOut(Out):
    """A member of a panel, and why one is no member any more; ``waits``: their recusal is to be decided."""

    name = fields.String(required=True)
    leader = fields.Boolean()
    state = fields.String(required=True)
    reason = fields.String()
    waits = fields.Boolean()


class ReviewSheetOut(Out):
    """A score sheet: whose, and its total."""

    who = fields.String(required=True)
    total = fields.String(required=True)


class ReviewStageOut(Out):
    """A stage of review: who reviewed, their sheets, what came of it."""

    stage = fields.String(required=True)
    state = fields.String(required=True)
    group = fields.String()
    members = fields.List(fields.Nested(ReviewerOut))
    sheets = fields.List(fields.Nested(ReviewSheetOut))
    dropped = fields.List(fields.Nested(ReviewSheetOut))
    consensus = fields.Nested(ReviewSheetOut, allow_none=True)
    points = fields.String()


class DossierOut(Out):
    """An application with its forms, findings and stages of review."""

    case_id = fields.Integer(required=True, attribute="case.id")
    applicant = fields.String(required=True)
    forms = fields.List(fields.Nested(CaseFormOut), attribute="submissions")
    findings = fields.List(fields.Nested(GroundOut))
    stages = fields.List(fields.Nested(ReviewStageOut))


class CandidateOut(Out):
    """A candidate of a ballot with everything that a member may read."""

    case_id = fields.Integer(required=True, attribute="case.id")
    name = fields.String(required=True)
    hint = fields.String()
    forms = fields.List(fields.Nested(SubmittedFormOut))
    findings = fields.List(fields.Nested(GroundOut))
    stages = fields.List(fields.Nested(ReviewStageOut))
    recused = fields.List(fields.String())


class ExpertTrainingOut(Out):
    """A training of an expert."""

    title = fields.String(required=True)
    held_on = fields.Date(required=True)
    hours = fields.Integer(allow_none=True)
    valid_until = fields.Date(allow_none=True)


class ExpertChangeOut(Out):
    """A change of an entry: when, by whom, what."""

    at = fields.AwareDateTime(required=True)
    actor = fields.String(required=True)
    text = fields.String(required=True)


class OneExpertOut(Out):
    """An expert with everything on record."""

    expert = fields.Nested(ExpertOut, required=True, attribute="line")
    trainings = fields.List(fields.Nested(ExpertTrainingOut))
    changes = fields.List(fields.Nested(ExpertChangeOut))
