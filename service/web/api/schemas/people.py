"""Schemas of the API's routes of people, messages and settings."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse

_NAME = validate.Length(1, 200)


class SeatIn(Strict):
    """A role to be held with a body; ``jurisdiction`` "*" for organisations that apply."""

    jurisdiction = fields.String(required=True, validate=validate.Length(1, 60))
    role = fields.String(required=True, validate=validate.Length(1, 60))
    body_id = fields.Integer(required=True, validate=validate.Range(1, 2**53))


class AccountIn(Strict):
    """An account to be opened with a first seat; the person changes the password."""

    login = fields.String(required=True, validate=validate.Length(1, 80))
    name = fields.String(required=True, validate=validate.Length(1, 80))
    password = fields.String(required=True, validate=_NAME)
    email = fields.String(load_default="", validate=validate.Length(0, 200))
    telephone = fields.String(load_default="", validate=validate.Length(0, 40))
    seat = fields.Nested(SeatIn, required=True)


class RequestedOut(Out):
    """``request`` is the number under which the change waits for a second administrator, null where it is done."""

    request = fields.Integer(required=True, allow_none=True)


class PersonIdOut(RequestedOut):
    """The person who was added; ``request`` is about the first seat."""

    person_id = fields.Integer(required=True)


class HeldSeatOut(Out):
    """A seat that a person holds."""

    id = fields.Integer(required=True)
    jurisdiction = fields.String(required=True)
    role = fields.String(required=True)
    role_name = fields.Nested(BothOut)
    body = fields.String()


class PersonOut(Out):
    """A person with their seats."""

    id = fields.Integer(required=True)
    login = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String()
    telephone = fields.String()
    active = fields.Boolean()
    may_sign_in = fields.Boolean()
    seats = fields.List(fields.Nested(HeldSeatOut))


class SeatChoiceOut(Out):
    """A seat that can be given."""

    jurisdiction = fields.String(required=True, attribute="seat.jurisdiction")
    role = fields.String(required=True, attribute="seat.role")
    body_id = fields.Integer(required=True, attribute="seat.body_id")
    label = fields.String(required=True)


class PeopleOut(Out):
    """A page of people; pass ``next`` as ``after`` to go on."""

    people = fields.List(fields.Nested(PersonOut), required=True)
    choices = fields.List(fields.Nested(SeatChoiceOut))
    next = fields.Integer(allow_none=True, attribute="after")


class PersonViewOut(Out):
    """A person; the list of people has the seats that can be given."""

    person = fields.Nested(PersonOut, required=True)


class BodyMemberOut(Out):
    """Somebody of a body."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)


class BodyLeafOut(Out):
    """A body with its roles and people."""

    id = fields.Integer(required=True)
    name = fields.Nested(BothOut, required=True)
    area = fields.String(required=True)
    roles = fields.List(fields.Nested(BothOut), required=True)
    people = fields.List(fields.Nested(BodyMemberOut), required=True)


class BodyBranchOut(Out):
    """The bodies of one kind."""

    kind = fields.Nested(BothOut, required=True)
    people = fields.Integer(required=True)
    vacant = fields.Integer(required=True)
    bodies = fields.List(fields.Nested(BodyLeafOut), required=True)


class BodyTreeOut(Out):
    """A place."""

    place = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    kinds = fields.List(fields.Nested(BodyBranchOut), required=True)


class BodyTreesOut(Out):
    """The places one administers."""

    places = fields.List(fields.Nested(BodyTreeOut), required=True)


class OwnProfileIn(Strict):
    """Where one is reached, "" for nothing; an administrator changes the name."""

    email = fields.String(required=True, validate=validate.Length(0, 200))
    telephone = fields.String(required=True, validate=validate.Length(0, 40))


class ProfileIn(OwnProfileIn):
    """What a person is called and where they are reached."""

    name = fields.String(required=True, validate=validate.Length(1, 80))


class ActiveIn(Strict):
    """Whether the account may sign in."""

    active = TrueOrFalse(required=True)


class ApplicantIn(Strict):
    """An organisation (by its credit code) or an individual (by the identity number) that may apply."""

    name = fields.String(required=True, validate=_NAME)
    code = fields.String(required=True, validate=validate.Length(1, 40))
    individual = TrueOrFalse(load_default=False)


class BodyIdOut(Out):
    """The organisation that was registered."""

    body_id = fields.Integer(required=True)


class CorrectionIn(Strict):
    """How a running notice reads from now on; ``of_substance`` restarts its period."""

    title = fields.String(required=True, validate=_NAME)
    text = fields.String(required=True, validate=validate.Length(1, 100_000))
    reason = fields.String(required=True, validate=validate.Length(1, 2000))
    of_substance = TrueOrFalse(required=True)
    entries = fields.List(fields.Dict(), load_default=None, allow_none=True)
