"""Schemas of interventions."""

from __future__ import annotations

from marshmallow import fields, validate

from service.web.api.schemas.common import BothOut, Out, Strict, TrueOrFalse


class InterventionIn(Strict):
    """What is to be changed and why; with ``dry_run`` nothing is, and the answer says what would be.

    Without it ``tried`` is asked for, the mark that the trial answered with.
    """

    kind = fields.String(required=True, validate=validate.Length(1, 40))
    reason = fields.String(required=True, validate=validate.Length(max=500))
    public = TrueOrFalse(load_default=False, metadata={"description": "whether those concerned read the reason too"})
    dry_run = TrueOrFalse(load_default=False)
    values = fields.Dict(keys=fields.String(), values=fields.String(), load_default=dict)
    tried = fields.String(
        load_default="", validate=validate.Length(max=120), metadata={"description": "the mark of the trial"}
    )


class ChangedThingOut(Out):
    """One thing that is otherwise afterwards; before or after is null where it is new or gone."""

    what = fields.Nested(BothOut)
    name = fields.String(required=True)
    before = fields.Nested(BothOut, allow_none=True)
    after = fields.Nested(BothOut, allow_none=True)


class ToldPersonOut(Out):
    """A message that goes out with it."""

    name = fields.String(required=True)
    subject = fields.String(required=True)


class EffectOut(Out):
    """What an intervention did, or would do."""

    case_id = fields.Integer(required=True)
    dry = fields.Boolean(required=True)
    changes = fields.List(fields.Nested(ChangedThingOut))
    told = fields.List(fields.Nested(ToldPersonOut))
    informed = fields.Integer(required=True)
    tried = fields.String(required=True)


class OfferedThingOut(Out):
    """A value to choose; ``refusal`` says why it cannot be."""

    value = fields.String(required=True)
    label = fields.String(required=True)
    refusal = fields.Nested(BothOut, allow_none=True)


class WantedOut(Out):
    """Something an intervention asks for."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    label = fields.Nested(BothOut)
    optional = fields.Boolean()
    offered = fields.List(fields.Nested(OfferedThingOut))


class InterventionKindOut(Out):
    """A kind of intervention that the case admits now."""

    id = fields.String(required=True)
    title = fields.Nested(BothOut)
    wanted = fields.List(fields.Nested(WantedOut))


class InterventionsOut(Out):
    """What may be changed in a case."""

    case_id = fields.Integer(required=True)
    status = fields.String(required=True)
    interventions = fields.List(fields.Nested(InterventionKindOut))


class CaseWishIn(Strict):
    """What all chosen cases have in common; ``at`` and ``stage`` are "process/element"."""

    text = fields.String(load_default="", validate=validate.Length(max=200))
    jurisdiction = fields.String(load_default="", validate=validate.Length(max=60))
    award = fields.String(load_default="", validate=validate.Length(max=130))
    process = fields.String(load_default="", validate=validate.Length(max=60))
    status = fields.String(load_default="", validate=validate.OneOf(["", "running", "suspended"]))
    stage = fields.String(load_default="", validate=validate.Length(max=200))
    at = fields.String(load_default="", validate=validate.Length(max=200))
    holder = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 2**63 - 1),
        metadata={"description": "the person who has claimed a task of the case; 0: anybody"},
    )


class SelectionIn(InterventionIn):
    """The same for several cases; with ``dry_run`` false what the batch ``tried`` tried is done in its cases.

    Then what else is said must be as it was tried, but for the words of the reason; the cases may be left out.
    """

    dry_run = TrueOrFalse(load_default=True)
    tried = fields.Integer(  # type: ignore[assignment]  # a batch, not the mark of one case
        load_default=None, allow_none=True, validate=validate.Range(1, 2**63 - 1)
    )
    public = TrueOrFalse(
        load_default=None,
        metadata={"description": "whether those concerned read the reason too; null: no, or as tried"},
    )
    cases = fields.List(fields.Integer(validate=validate.Range(1, 2**63 - 1)), load_default=None)
    matching = fields.Nested(
        CaseWishIn, load_default=None, allow_none=True, metadata={"description": "instead: all that fit"}
    )
    excluded = fields.List(fields.Integer(validate=validate.Range(1, 2**63 - 1)), load_default=None)


class CaseResultOut(Out):
    """What came of it in one case: waiting, done, or refused and why."""

    case_id = fields.Integer(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    why = fields.Nested(BothOut, allow_none=True)
    changes = fields.List(fields.Nested(BothOut))


class BatchOut(Out):
    """How far a batch is; pass ``next`` as ``after`` for more results."""

    id = fields.Integer(required=True)
    kind = fields.String(required=True)
    dry = fields.Boolean(required=True)
    over = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["running", "done"]))
    total = fields.Integer(required=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer())
    results = fields.List(fields.Nested(CaseResultOut))
    next = fields.Integer(allow_none=True)
