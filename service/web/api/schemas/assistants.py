"""Schemas of the API's routes of the assistants and of the calendar of a draft."""

from __future__ import annotations

from marshmallow import fields, validate

from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.web.api.schemas.cities import NamedChoiceOut
from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse
from service.web.api.schemas.law import MovedDayOut

_WORD = validate.Length(0, 400)


class AssistedElementOut(Out):
    """An element that an assistant may change: ``element`` names it in a request."""

    element = fields.String(required=True)
    name = fields.String(required=True)
    diagram = fields.String(required=True)


class AssistedScenarioOut(Out):
    """A scenario that may get the expectation."""

    path = fields.String(required=True)
    title = fields.String(required=True)


class AssistantQuestionOut(Out):
    """A question of the assistant of a kind: ``asked`` says how it is answered, ``default`` what holds without an answer."""

    kind = fields.String(required=True)
    question = fields.String(required=True)
    title = fields.Nested(BothOut, required=True)
    asked = fields.String(required=True)
    default = fields.String(required=True)
    options = fields.List(fields.Nested(NamedChoiceOut), required=True)


class AssistChoicesOut(Out):
    """What an assistant may apply to."""

    elements = fields.List(fields.Nested(AssistedElementOut), required=True)
    scenarios = fields.List(fields.Nested(AssistedScenarioOut), required=True)
    tiers = fields.List(fields.Nested(NamedChoiceOut), required=True)
    roles = fields.List(fields.Nested(NamedChoiceOut), required=True)
    questions = fields.List(fields.Nested(AssistantQuestionOut), required=True)


class AssistanceIn(Strict):
    """What an assistant is told; ``confirm`` writes it, else it is only shown.

    ``bound`` is exactly, minimum, maximum or "", ``element`` as the choices name it, "" where one is to be drawn,
    ``scenario`` a path, ``tier`` the id of the one that a quota or a prize is for, ``answers`` what the choices ask besides.
    """

    kind = fields.Enum(AssistKind, by_value=True, required=True)
    clause = fields.String(required=True, validate=validate.Length(1, 60))
    parameter = fields.String(load_default="", validate=validate.Length(0, 120))
    name = fields.String(load_default="", validate=_WORD)
    unit = fields.String(load_default="", validate=_WORD)
    value = fields.String(load_default="", validate=_WORD)
    bound = fields.String(load_default="", validate=validate.OneOf(("", "exactly", "minimum", "maximum")))
    second = fields.String(load_default="", validate=_WORD)
    element = fields.String(load_default="", validate=_WORD)
    scenario = fields.String(load_default="", validate=_WORD)
    tier = fields.String(load_default="", validate=_WORD)
    answers = fields.Dict(keys=fields.String(validate=_WORD), values=fields.String(validate=_WORD), load_default=dict)
    confirm = TrueOrFalse(load_default=False)


class TierReadingOut(Out):
    """A tier to which a clause gives a number: its ``words``, and the ``parameter`` that has it already, "" for none."""

    tier = fields.String(required=True)
    words = fields.String(required=True)
    parameter = fields.String(required=True)


class ClauseReadingOut(Out):
    """What a clause says: the assistant it needs, ``values`` as they are sent to it, and the ``words`` each was read from.

    What could be read in two ways is left out of them: ``asked`` has its words. ``unread`` are the parts of the
    text with a number or an exception that no value took, ``others`` assistants that it needs too. ``tiers`` are those to
    which the text gives a number each; the values are those of ``tier``. ``condition``: it asks of an applicant what no
    assistant writes; a row of the table of conditions carries it out.
    """

    kind = fields.String(required=True)
    condition = fields.Boolean(required=True)
    values = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    words = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    asked = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    unread = fields.List(fields.String(), required=True)
    others = fields.List(fields.String(), required=True)
    tier = fields.String(required=True)
    tiers = fields.List(fields.Nested(TierReadingOut), required=True)


class ChangedLinesOut(Out):
    """A file with the lines that change, each with - or + before it."""

    path = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)


class AssistanceOut(Out):
    """What an assistant writes, by lines and in ``sentences``; ``expectation`` in words, or in ``remark`` why there is none.

    ``touched`` are the scenarios in which something waits longer from then on: their days may follow.
    """

    changes = fields.List(fields.Nested(ChangedLinesOut), required=True)
    sentences = fields.List(fields.Nested(BothOut), required=True)
    expectation = fields.String(required=True)
    remark = fields.Nested(BothOut, allow_none=True)
    touched = fields.List(fields.String(), required=True)
    written = fields.Boolean(required=True)


class ConditionIn(Strict):
    """A condition of applying: its ``words``, "" for those of the clause; ``bars``: they say what must not be, left out as read.

    ``scenario`` is the season of which one is made in which somebody is refused by it; ``confirm`` writes it, else it is only
    shown.
    """

    clause = fields.String(required=True, validate=validate.Length(1, 60))
    words = fields.String(load_default="", validate=_WORD)
    bars = TrueOrFalse(load_default=None, allow_none=True)
    scenario = fields.String(load_default="", validate=_WORD)
    confirm = TrueOrFalse(load_default=False)


class ConditionItemOut(Out):
    """An item of a list of conditions; ``rows`` are those that cite it, by name."""

    clause = fields.String(required=True)
    article = fields.String(required=True)
    words = fields.String(required=True)
    rows = fields.List(fields.String(), required=True)


class ConditionRowOut(Out):
    """A row of the conditions: the table's file, and what the row is called."""

    path = fields.String(required=True)
    name = fields.String(required=True)


class ConditionOut(Out):
    """What a clause asks of applicants: ``asked`` is the question, ``rows`` cite it already, ``items`` are those it introduces."""

    words = fields.String(required=True)
    bars = fields.Boolean(required=True)
    asked = fields.String(required=True)
    rows = fields.List(fields.Nested(ConditionRowOut), required=True)
    items = fields.List(fields.Nested(ConditionItemOut), required=True)
    scenarios = fields.List(fields.Nested(AssistedScenarioOut), required=True)


class DayOffOut(Out):
    """A span of days off, both ends included."""

    name = fields.Nested(BothOut, required=True)
    first = fields.Date(required=True)
    last = fields.Date(required=True)
    source = fields.String(required=True)
    applied = fields.Boolean(required=True)


class CalendarLayerOut(Out):
    """What one body says of the year; ``known`` false where it says nothing."""

    key = fields.String(required=True)
    name = fields.Nested(BothOut, required=True)
    known = fields.Boolean(required=True)
    days_off = fields.List(fields.Nested(DayOffOut), required=True)
    make_up = fields.List(fields.Date(), required=True)


class DraftCalendarOut(Out):
    """The calendar by which the place of a draft counts in a year, the most local layer first."""

    year = fields.Integer(required=True)
    years = fields.List(fields.Integer(), required=True)
    working_days = fields.Integer(required=True)
    layers = fields.List(fields.Nested(CalendarLayerOut), required=True)


class DaysOffNoticeIn(Strict):
    """A notice of days off: its text or rows, and the layer, year and document that it is."""

    text = fields.String(required=True, validate=validate.Length(1, 100_000))
    layer = fields.String(required=True, validate=validate.Length(1, 60))
    year = fields.Integer(required=True, validate=validate.Range(2000, 2100))
    title = fields.String(required=True, validate=validate.Length(1, 400))
    number = fields.String(load_default="", validate=_WORD)
    issued = fields.String(load_default="", validate=_WORD)


class PlaceMovesOut(Out):
    """How many limits would move in a place; ``unseen`` of its running cases were not looked at."""

    place = fields.Nested(BothOut, required=True)
    moved = fields.Integer(required=True)
    cases = fields.Integer(required=True)
    running = fields.Integer(required=True)
    unseen = fields.Integer(required=True)


class NoticeForecastOut(Out):
    """What a notice moves: ``places`` as numbers wherever it counts, ``missing`` are layers that lack the year.

    ``doubts`` say what is to be compared with the notice: another weekday or number of days than it says, days off anyway.
    """

    working_days = fields.Integer(required=True)
    file = fields.String(required=True)
    moved = fields.List(fields.Nested(MovedDayOut), required=True)
    missing = fields.List(fields.String(), required=True)
    places = fields.List(fields.Nested(PlaceMovesOut), required=True)
    doubts = fields.List(fields.Nested(BothOut), required=True)
