"""Schemas of what is found by one field."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import BothOut, CaseOut, Out


class FoundBodyOut(Out):
    """An authority or organisation."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    key = fields.String(required=True)


class FoundPersonOut(Out):
    """A person with their seats; the name is masked where the reader does not administer them."""

    id = fields.Integer(required=True)
    name = fields.String(required=True)
    seats = fields.List(fields.Nested(BothOut), required=True)
    expert_id = fields.Integer(allow_none=True)
    cases = fields.Function(lambda person: [{"id": ident, "title": title} for ident, title in person.cases])


class FoundPaperOut(Out):
    """A document or ballot, and its case."""

    id = fields.Integer(required=True)
    case_id = fields.Integer(required=True)
    jurisdiction = fields.String(required=True)
    title = fields.String(required=True)
    number = fields.String(allow_none=True)
    case_title = fields.String(required=True)


class FoundFileOut(Out):
    """A file that was handed in with a case, by its name; ``upload_id`` opens it."""

    upload_id = fields.String(required=True)
    case_id = fields.Integer(required=True)
    jurisdiction = fields.String(required=True)
    name = fields.String(required=True)
    case_title = fields.String(required=True)


class FoundStepOut(Out):
    """A step of a diagram, and how much waits there; ``former`` where only older versions have it, and cases still stand there."""

    jurisdiction = fields.String(required=True)
    process = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String(required=True)
    waiting = fields.Integer(required=True)
    former = fields.Boolean(required=True)


class FoundFactOut(Out):
    """A fact of a case by its name, and the value that was found; of a list the names that fit."""

    name = fields.String(required=True)
    label = fields.Nested(BothOut, required=True)
    value = fields.Nested(BothOut, required=True)


class CaseByFactsOut(Out):
    """A case and the facts by which it was found."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    facts = fields.List(fields.Nested(FoundFactOut), required=True)


class FoundLimitOut(Out):
    """A time limit that ends with the day asked for."""

    case_id = fields.Integer(required=True)
    case_title = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    name = fields.String(required=True)
    last_day = fields.Date(attribute="limit.last_day", allow_none=True)


class CaseByWorkOut(Out):
    """A case, and the work that is still to do for it."""

    id = fields.Integer(required=True)
    title = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    work = fields.List(fields.Nested(BothOut), required=True)


class FoundStandingOut(Out):
    """Where a case stands: the steps at which it waits, and the name of the round or case above it."""

    case_id = fields.Integer(required=True)
    steps = fields.List(fields.Nested(BothOut), required=True)
    above = fields.String(required=True)


class SearchOut(Out):
    """What was found, ten of each kind at most; ``more`` names the kinds of which there are others.

    ``standing`` says of each case that the answer names where it stands.
    """

    text = fields.String(required=True)
    short = fields.Boolean(required=True)
    cases = fields.List(fields.Nested(CaseOut), required=True)
    bodies = fields.List(fields.Nested(FoundBodyOut), required=True)
    people = fields.List(fields.Nested(FoundPersonOut), required=True)
    documents = fields.List(fields.Nested(FoundPaperOut), required=True)
    files = fields.List(fields.Nested(FoundFileOut), required=True)
    ballots = fields.List(fields.Nested(FoundPaperOut), required=True)
    steps = fields.List(fields.Nested(FoundStepOut), required=True)
    facts = fields.List(fields.Nested(CaseByFactsOut), required=True)
    work = fields.List(fields.Nested(CaseByWorkOut), required=True)
    limits = fields.List(fields.Nested(FoundLimitOut), required=True)
    more = fields.Function(lambda found: sorted(found.more))
    standing = fields.List(fields.Nested(FoundStandingOut), required=True)
