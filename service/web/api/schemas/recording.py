"""Schemas of the API's routes of a recording: a season played in a sandbox and kept as a scenario."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schema_fields import Day
from service.web.api.schemas.common import BothOut, FieldOut, Out, Strict, TrueOrFalse

_WORD = validate.Length(1, 200)


class BeginRecordingIn(Strict):
    """The title, the first day, the fictional applicants, and the parameters that this season changes, as a line each says them."""

    title = fields.String(required=True, validate=_WORD)
    start = Day(required=True)
    organisations = fields.List(fields.String(validate=_WORD), required=True, validate=validate.Length(1, 20))
    parameters = fields.List(fields.String(validate=_WORD), load_default=list)


class WaitingTaskOut(Out):
    """A task that waits on the stage, and for whom."""

    id = fields.Integer(required=True)
    case = fields.String(required=True)
    element = fields.String(required=True)
    title = fields.String(required=True)
    who = fields.String(required=True)
    who_name = fields.String(required=True, attribute="who_name.zh")
    due = fields.String(allow_none=True)


class WaitingBallotOut(Out):
    """An open ballot: who stands on its papers."""

    case = fields.String(required=True)
    title = fields.String(required=True)
    candidates = fields.List(fields.List(fields.String()), required=True)
    size = fields.Integer(required=True)


class StartableOut(Out):
    """A case that somebody may start now."""

    process = fields.String(required=True)
    name = fields.String(required=True)
    who = fields.String(required=True)
    parent = fields.String(required=True)


class RecordedCaseOut(Out):
    """A case of the stage: its kind, its title, and how it stands: running, or what it came to."""

    kind = fields.Nested(BothOut, required=True)
    title = fields.String(required=True)
    state = fields.Nested(BothOut, required=True)
    ended = fields.Boolean(required=True)


class RecordingOut(Out):
    """What goes on in a recording: its time, what was done, and what can be done now."""

    title = fields.String(required=True)
    now = fields.DateTime(required=True)
    due = fields.DateTime(allow_none=True)
    steps = fields.List(fields.Nested(BothOut), required=True)
    tasks = fields.List(fields.Nested(WaitingTaskOut), required=True)
    ballots = fields.List(fields.Nested(WaitingBallotOut), required=True)
    startable = fields.List(fields.Nested(StartableOut), required=True)
    cases = fields.List(fields.Nested(RecordedCaseOut), required=True)


class RecordedFormOut(Out):
    """A form of the stage: its fields, and the values that it shows first."""

    title = fields.String(required=True)
    fields_ = fields.List(fields.Nested(FieldOut), data_key="fields", required=True)
    values = fields.Dict(required=True)


class RecordedTaskIn(Strict):
    """What a task is completed with; ``percent`` fills a score sheet, ``everybody`` does it for all who have it."""

    values = fields.Dict(keys=fields.String(), load_default=dict)
    percent = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 100))
    everybody = TrueOrFalse(load_default=False)


class SettledDayIn(Strict):
    """The last day that is settled, and why."""

    last_day = fields.String(required=True, validate=_WORD)
    reason = fields.String(required=True, validate=validate.Length(1, 2000))


class RecordedStartIn(Strict):
    """A case to be started by ``who`` below the case ``parent``."""

    process = fields.String(required=True, validate=_WORD)
    who = fields.String(required=True, validate=_WORD)
    parent = fields.String(load_default="", validate=validate.Length(0, 200))
    values = fields.Dict(keys=fields.String(), load_default=dict)


class RecordedMomentIn(Strict):
    """A day, or a day and a time."""

    to = fields.String(required=True, validate=_WORD)


class RecordedVoteIn(Strict):
    """The letters of all members for each candidate."""

    case = fields.String(required=True, validate=_WORD)
    votes = fields.Dict(keys=fields.String(), values=fields.String(), required=True)


class RecordedPeopleIn(Strict):
    """Members of a role to be listed, or experts to be registered by name."""

    role = fields.String(load_default="", validate=validate.Length(0, 200))
    count = fields.Integer(load_default=0, validate=validate.Range(0, 99))
    experts = fields.List(fields.String(validate=_WORD), load_default=list, validate=validate.Length(0, 200))


class ProposedExpectationOut(Out):
    """Something that holds at the end of the recording; ``number`` names it when it is saved."""

    number = fields.Integer(required=True)
    words = fields.Nested(BothOut, required=True)


class ProposedExpectationsOut(Out):
    """What a scenario may expect."""

    expectations = fields.List(fields.Nested(ProposedExpectationOut), required=True)


class SavedRecordingIn(Strict):
    """The file name of the scenario, and the expectations that it takes."""

    name = fields.String(required=True, validate=_WORD)
    expect = fields.List(fields.Integer(), required=True, validate=validate.Length(0, 5000))


class DeedKeyIn(Strict):
    """Which deed is meant, as it is listed."""

    verb = fields.String(required=True, validate=_WORD)
    what = fields.String(load_default="", validate=validate.Length(0, 200))
    case = fields.Integer(load_default=0)
    who = fields.String(load_default="", validate=validate.Length(0, 200))
    notice = fields.String(load_default="", validate=validate.Length(0, 200))


class DeedIn(DeedKeyIn):
    """A deed, with the values of its form or of its fields."""

    values = fields.Dict(load_default=dict)


class DeedOut(Out):
    """Something that can be done apart from tasks; ``title`` names the case."""

    verb = fields.String(required=True)
    what = fields.String(required=True)
    case = fields.Integer(required=True)
    title = fields.String(required=True)
    who = fields.String(required=True)
    notice = fields.String(required=True)
    about = fields.String(required=True)
    form = fields.String(required=True)


class DeedsOut(Out):
    """What can be done apart from tasks."""

    deeds = fields.List(fields.Nested(DeedOut), required=True)


class ExpectedNowIn(Strict):
    """Which of the listed expectations are expected at this moment."""

    expect = fields.List(fields.Integer(), required=True)
