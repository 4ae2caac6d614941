"""Schemas of the monitor."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.schemas.common import BothOut, LimitOut, Out


class FiguresOut(Out):
    """Key figures, each the length of the list behind it."""

    running = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    today = fields.Integer(required=True)
    timers = fields.Integer(required=True)
    incidents = fields.Integer(required=True)
    notices = fields.Integer(required=True)


class StepCountOut(Out):
    """What waits at one element of a diagram."""

    process = fields.String(required=True)
    element = fields.String(required=True)
    name = fields.String()
    tasks = fields.Integer()
    messages = fields.Integer()
    timers = fields.Integer()


class MonitorOut(Out):
    """Figures, and what waits at each step of one package's diagrams."""

    at = fields.AwareDateTime(required=True)
    figures = fields.Nested(FiguresOut, required=True)
    steps = fields.List(fields.Nested(StepCountOut))


class KindLineOut(Out):
    """Sums of one kind of case of one place."""

    jurisdiction = fields.String(required=True)
    award = fields.String(required=True)
    kind = fields.String(required=True)
    name = fields.Nested(BothOut)
    running = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    overdue = fields.Integer(required=True)
    incidents = fields.Integer(required=True)
    finished = fields.Integer(required=True)
    waits_for = fields.Function(
        lambda line: [{"id": w.role, "role": w.name.as_json(), "tasks": w.count} for w in line.waits_for]
    )
    votes = fields.Integer(required=True)
    timers = fields.Integer(required=True)
    messages = fields.Integer(required=True)
    until = fields.Date(allow_none=True)


class DayOut(Out):
    """Open tasks whose last day is ``day``."""

    day = fields.Date(required=True)
    due = fields.Integer(required=True)


class WeekOut(Out):
    """Cases that began and ended in the week from ``monday`` on."""

    monday = fields.Date(required=True)
    started = fields.Integer(required=True)
    ended = fields.Integer(required=True)


class OverviewOut(Out):
    """Sums by place and kind of case, tasks due on the next working days, cases per week."""

    at = fields.AwareDateTime(required=True)
    lines = fields.List(fields.Nested(KindLineOut), required=True)
    days = fields.List(fields.Nested(DayOut), required=True)
    weeks = fields.List(fields.Nested(WeekOut), required=True)


class SpreadOut(Out):
    """Durations in days: the middle one, what 95 of 100 do not exceed, the longest."""

    median = fields.Float(required=True)
    p95 = fields.Float(required=True)
    longest = fields.Float(required=True)


class HeatLineOut(Out):
    """One step: what stands there now and for how long, what was done in the period and how long it took."""

    element = fields.String(required=True)
    name = fields.String(required=True)
    count = fields.Integer(required=True)
    late = fields.Integer(required=True)
    standing = fields.Nested(SpreadOut, allow_none=True)
    done = fields.Integer(required=True)
    done_late = fields.Integer(required=True)
    took = fields.Nested(SpreadOut, allow_none=True)
    limit = fields.Integer(allow_none=True, metadata={"description": "usual statutory period in working days"})
    articles = fields.List(fields.String(), required=True)
    timers = fields.Integer(required=True)
    messages = fields.Integer(required=True)
    here = fields.Integer(required=True, metadata={"description": "cases that stand there"})
    inside = fields.Integer(required=True, metadata={"description": "of a call activity: cases that are in it"})
    summed = fields.Boolean(
        required=True, metadata={"description": "`here` sums up waits, too many to be counted by case"}
    )
    called = fields.Boolean(required=True, metadata={"description": "a call activity, of which none is late by itself"})


class AgeOut(Out):
    """Open tasks that stand for ``first`` days or more and less than ``last`` (None: no end)."""

    first = fields.Integer(required=True)
    last = fields.Integer(allow_none=True)
    count = fields.Integer(required=True)


class HeatOut(Out):
    """The heat of one diagram; ``capped``: only the newest of the period were looked at."""

    at = fields.AwareDateTime(required=True)
    package = fields.String(attribute="chosen.package.key")
    process = fields.String(attribute="chosen.process")
    days = fields.Integer()
    capped = fields.Boolean()
    lines = fields.List(fields.Nested(HeatLineOut), required=True)
    ages = fields.List(fields.Nested(AgeOut), required=True)


class TimerLineOut(Out):
    """A timer that runs in a case: the moment at which it fires, and its last day with the reason."""

    case_id = fields.Integer(required=True)
    case_title = fields.String(required=True)
    jurisdiction = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True)
    provisional = fields.Boolean(required=True)
    due_at = fields.AwareDateTime(required=True)
    limit = fields.Nested(LimitOut, required=True)


class TimerPageOut(Out):
    """A page of timers, soonest first; pass ``next`` as ``after`` to go on."""

    timers = fields.List(fields.Nested(TimerLineOut), required=True)
    total = fields.Integer(required=True)
    next = fields.String(allow_none=True)
