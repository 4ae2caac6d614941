"""Schemas of the API's routes of organisations that register."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class VerifierOut(Out):
    """Who may verify."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class RegistrationFormOut(Out):
    """Where one may register, and who may verify it there."""

    jurisdiction = fields.String(required=True)
    city = fields.Nested(BothOut, required=True)
    bodies = fields.List(fields.Nested(VerifierOut), required=True)


class RegistrationIn(Strict):
    """An organisation that asks for an account; the answer goes to ``email``.

    ``acknowledged``: who asks has read ``/personal-information`` and agrees.
    """

    body_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))
    name = fields.String(required=True, validate=validate.Length(1, 200))
    code = fields.String(required=True, validate=validate.Length(1, 40))
    contact = fields.String(required=True, validate=validate.Length(1, 80))
    telephone = fields.String(required=True, validate=validate.Length(1, 40))
    email = fields.String(required=True, validate=validate.Length(1, 200))
    acknowledged = TrueOrFalse(required=True)


class RegistrationOut(Out):
    """A request that waits; ``known`` is the name under which the code is registered already."""

    id = fields.Integer(required=True, attribute="row.id")
    jurisdiction = fields.String(required=True, attribute="row.jurisdiction")
    name = fields.String(required=True, attribute="row.name")
    code = fields.String(required=True, attribute="row.code")
    contact = fields.String(required=True, attribute="row.contact")
    telephone = fields.String(required=True, attribute="row.telephone")
    email = fields.String(required=True, attribute="row.email")
    at = fields.AwareDateTime(required=True, attribute="row.at")
    verifier = fields.String(required=True)
    known = fields.String(required=True)
    people = fields.Integer(required=True)
    elsewhere = fields.Boolean(required=True)


class RegistrationsOut(Out):
    """A page of requests, oldest first; pass ``next`` as ``after`` to go on."""

    registrations = fields.List(fields.Nested(RegistrationOut), required=True, attribute="lines")
    next = fields.Integer(allow_none=True, attribute="after")


class RegisteredOut(Out):
    """The login name of the new account ("" if refused), and whether the answer left by mail."""

    login = fields.String(required=True)
    sent = fields.Boolean(required=True)


class RefuseIn(Strict):
    """Why."""

    reason = fields.String(required=True, validate=validate.Length(1, 500))
