"""Schemas of the incident desk."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class RetryIn(Strict):
    """Whether all open incidents of the same cause are retried with it."""

    alike = TrueOrFalse(load_default=False)


class SkipIn(Strict):
    """Why it is not done; goes on record."""

    reason = fields.String(required=True, validate=validate.Length(1, 300))


class HandOverIn(Strict):
    """To whom, and what is to be done."""

    person = fields.Integer(required=True, validate=validate.Range(1, 2**63 - 1))
    message = fields.String(required=True, validate=validate.Length(1, 300))


class HandedOut(Out):
    """Who has it now."""

    name = fields.String(required=True)


class RetriedOut(Out):
    """How many are tried again, and how many of them failed at once.

    Those of several cases are tried by ``batch``, which GET /interventions/{batch} tells the results of; ``begun_before``
    where somebody had begun that batch, so that nothing was begun now.
    """

    tried = fields.Integer(required=True)
    failed = fields.Integer(required=True)
    batch = fields.Integer(required=True, allow_none=True)
    begun_before = fields.Boolean(required=True)


class IncidentLineOut(Out):
    """One incident: where, since when, how often, with whom it is, and since when its work is queued again to be tried.

    ``correctable``: some value of its case may be set (`value` among the interventions), which tries it again.
    """

    id = fields.Integer(required=True)
    case_id = fields.Integer(allow_none=True)
    case_title = fields.String()
    step = fields.String()
    what = fields.Nested(BothOut)
    since = fields.AwareDateTime()
    count = fields.Integer()
    handed_to = fields.String()
    handed_note = fields.String()
    queued_at = fields.AwareDateTime(allow_none=True, required=True)
    correctable = fields.Boolean(required=True)


class ReceiverOut(Out):
    """Somebody to whom an incident can be handed over."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class IncidentCauseOut(Out):
    """What one remedy settles; ``skip`` says why it cannot be skipped, ``after`` continues the page of a cause."""

    jurisdiction = fields.String(required=True)
    cause = fields.String(required=True)
    count = fields.Integer(required=True)
    since = fields.AwareDateTime()
    what = fields.Nested(BothOut)
    consequence = fields.Nested(BothOut)
    remedy = fields.Nested(BothOut)
    skip = fields.Nested(BothOut, allow_none=True)
    receivers = fields.List(fields.Nested(ReceiverOut))
    lines = fields.List(fields.Nested(IncidentLineOut))
    before = fields.Integer(allow_none=True)


class IncidentsOut(Out):
    """Every open incident, by its cause; the longest standing first. Of one cause ``next`` continues the incidents."""

    causes = fields.List(fields.Nested(IncidentCauseOut))
    next = fields.Integer(allow_none=True)
