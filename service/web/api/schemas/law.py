"""Schemas of the API's routes of a draft's law: clauses, parameters, new cities."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import OpenedRevision
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse
from service.web.api.schemas.pieces import PieceUserOut

_WORD = validate.Length(0, 400)
_TEXT = validate.Length(1, 400_000)


class LawTextIn(Strict):
    """The text of a regulation or of a decision."""

    text = fields.String(required=True, validate=_TEXT)


class LawUnitOut(Out):
    """A passage: ``place`` as it is cited, ``numbers`` of article, item and sub-item, ``seams`` where a page ended."""

    place = fields.String(required=True)
    text = fields.String(required=True)
    level = fields.String(required=True)
    numbers = fields.List(fields.Integer(), required=True)
    again = fields.Integer(required=True)
    seams = fields.List(fields.Integer(), required=True)


class LawUnitsOut(Out):
    """The passages of a text."""

    units = fields.List(fields.Nested(LawUnitOut), required=True)


class LawPieceIn(Strict):
    """A passage, or a part of one, that becomes a clause; an empty ``kind`` is guessed, an empty ``summary`` is the text."""

    place = fields.String(required=True, validate=_WORD)
    numbers = fields.List(fields.Integer(), required=True, validate=validate.Length(1, 4))
    text = fields.String(required=True, validate=validate.Length(1, 5000))
    kind = fields.String(load_default="", validate=_WORD)
    summary = fields.String(load_default="", validate=_WORD)


class LawPiecesIn(Strict):
    """Passages to be registered, and what their ids begin with."""

    prefix = fields.String(required=True, validate=_WORD)
    pieces = fields.List(fields.Nested(LawPieceIn), required=True, validate=validate.Length(0, 1000))


class LawClauseOut(Out):
    """A clause of the register; ``status`` as coverage has it, ``places`` how many carry it out."""

    id = fields.String(required=True)
    article = fields.String(required=True)
    kind = fields.String(required=True)
    summary = fields.String(required=True)
    text = fields.String(required=True)
    status = fields.String(required=True)
    places = fields.Integer(required=True)


class LawClausesOut(Out):
    """The clauses of a draft."""

    clauses = fields.List(fields.Nested(LawClauseOut), required=True)


class LawClauseIn(Strict):
    """What the register says of a clause; what is left out stays."""

    article = fields.String(validate=_WORD)
    kind = fields.String(validate=_WORD)
    summary = fields.String(validate=_WORD)
    text = fields.String(validate=validate.Length(0, 5000))
    informative = fields.String(validate=_WORD)
    outside = fields.String(validate=_WORD)
    words_only = fields.String(validate=_WORD)
    later = fields.String(validate=_WORD)
    revision = OpenedRevision()


class SettledClausesIn(Strict):
    """Clauses with one answer: later, words_only, informative, outside, each with a reason, or open (without)."""

    clauses = fields.List(fields.String(validate=_WORD), required=True, validate=validate.Length(1, 2000))
    answer = fields.String(required=True, validate=_WORD)
    reason = fields.String(load_default="", validate=_WORD)


class RebindIn(Strict):
    """The clause that is to be cited instead."""

    other = fields.String(required=True, validate=_WORD)


class ProposedClauseOut(Out):
    """A difference from the register: ``act`` add, change, move, remove or look; ``uses`` are the lines that name the clause."""

    number = fields.Integer(required=True)
    act = fields.String(required=True)
    clause = fields.String(required=True)
    article = fields.String(required=True)
    before = fields.String(required=True)
    after = fields.String(required=True)
    uses = fields.List(fields.String(), required=True)


class WithdrawalOut(Out):
    """What becomes of what cites the clauses that go, as "file#element": ``gone`` goes with them, ``kept`` rests on others too.

    ``left`` are the lines that would still name one of them: a person sees to them before it goes.
    """

    gone = fields.List(fields.String(), required=True)
    kept = fields.List(fields.String(), required=True)
    left = fields.List(fields.String(), required=True)


class ProposedClausesOut(Out):
    """What an amended text changes; ``running`` counts the cases of the award that have not ended.

    ``moved`` are the articles that get other numbers, "" for one that goes, ``naming`` the files that name them by the old ones.
    """

    running = fields.Integer(required=True)
    moved = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    naming = fields.List(fields.String(), required=True)
    changes = fields.List(fields.Nested(ProposedClauseOut), required=True)
    withdrawal = fields.Nested(WithdrawalOut, required=True)


class ConfirmedIn(LawTextIn):
    """The amended text with the numbers of the changes that are confirmed.

    ``away``: what rests on the clauses that go alone goes with them, and what rests on others too cites those alone.
    """

    chosen = fields.List(fields.Integer(), required=True)
    away = TrueOrFalse(load_default=False)


class DraftParameterIn(Strict):
    """A parameter as typed; ``since`` "" replaces the value, ``confirm`` writes it, else it is only foreseen.

    What is left out of a parameter that is there stays as it is; "" takes a bound, the clauses or the question away.
    """

    name = fields.String(validate=_WORD)
    unit = fields.String(validate=_WORD)
    clauses = fields.String(validate=_WORD)
    source = fields.String(validate=validate.OneOf(("stated", "default")))
    value = fields.String(required=True, validate=validate.Length(0, 5000))
    since = fields.String(load_default="", validate=_WORD)
    minimum = fields.String(validate=_WORD)
    maximum = fields.String(validate=_WORD)
    choices = fields.String(validate=_WORD)
    question = fields.String(validate=_WORD)
    confirm = TrueOrFalse(load_default=False)
    new = TrueOrFalse(load_default=False)
    revision = OpenedRevision()


class MovedDayOut(Out):
    """A notice or a time limit that would end on another day."""

    case = fields.String(required=True)
    name = fields.String(required=True)
    old = fields.Date(required=True)
    new = fields.Date(required=True)


class ParameterForecastOut(Out):
    """What a value changes and brings about; ``said`` in sentences, ``lines`` of the file, each with - or + before it.

    ``by_program``: the program itself reads the parameter, besides the places in ``read_at``, whose names are ``readers``.
    """

    path = fields.String(required=True)
    said = fields.List(fields.Nested(BothOut), required=True)
    lines = fields.List(fields.String(), required=True)
    readers = fields.List(fields.String(), required=True)
    read_at = fields.List(fields.Nested(PieceUserOut), required=True)
    by_program = fields.Boolean(required=True)
    notices = fields.List(fields.Nested(MovedDayOut), required=True)
    limits = fields.List(fields.Nested(MovedDayOut), required=True)
    running = fields.Integer(required=True)
    written = fields.Boolean(required=True)


class CopiedCityIn(Strict):
    """A new place that is made out of the published package ``package``."""

    package = fields.String(required=True, validate=validate.Length(1, 120))
    id = fields.String(required=True, validate=_WORD)
    name = fields.String(required=True, validate=validate.Length(1, 100))
    name_en = fields.String(load_default="", validate=_WORD)
    prefix = fields.String(load_default="A", validate=_WORD)
