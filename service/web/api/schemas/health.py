"""Schemas of the API's routes of how the installation is."""

from __future__ import annotations

from marshmallow import fields, validate

from service.casework.health.limits import LIMIT_FIELDS
from service.web.api.schemas.common import Out, Strict, TrueOrFalse


class CheckOut(Out):
    """What a check found: level 0 fine, 1 warning, 2 fault; not ``looked``: not set, or not run yet."""

    name = fields.String(required=True)
    level = fields.Integer(required=True)
    looked = fields.Boolean(required=True)
    what = fields.Dict(required=True)
    found = fields.Dict(required=True)


class AlarmOut(Out):
    """An alarm that is not over: the level, and the level that people were told."""

    name = fields.String(required=True)
    level = fields.Integer(required=True)
    told = fields.Integer(required=True)
    since = fields.DateTime(required=True)
    trouble = fields.String(required=True)
    trouble_en = fields.String(required=True)


class HealthOut(Out):
    """Every check, and the alarms."""

    checks = fields.List(fields.Nested(CheckOut), required=True)
    alarms = fields.List(fields.Nested(AlarmOut), required=True)


_RANGE = {field.name: validate.Range(field.least, field.most) for field in LIMIT_FIELDS}


class LimitsIn(Strict):
    """Limits, addresses of mail (none: the administrators'), and whether the gateway is told."""

    heartbeat_minutes = fields.Integer(required=True, strict=True, validate=_RANGE["heartbeat_minutes"])
    incident_hours = fields.Integer(required=True, strict=True, validate=_RANGE["incident_hours"])
    disk_megabytes = fields.Integer(required=True, strict=True, validate=_RANGE["disk_megabytes"])
    backup_days = fields.Integer(required=True, strict=True, validate=_RANGE["backup_days"])
    certificate_days = fields.Integer(required=True, strict=True, validate=_RANGE["certificate_days"])
    calendar_days = fields.Integer(required=True, strict=True, validate=_RANGE["calendar_days"])
    archive_days = fields.Integer(required=True, strict=True, validate=_RANGE["archive_days"])
    retention_days = fields.Integer(load_default=90, strict=True, validate=_RANGE["retention_days"])
    refusals_hour = fields.Integer(load_default=30, strict=True, validate=_RANGE["refusals_hour"])
    mails = fields.List(
        fields.String(validate=validate.Length(3, 190)), load_default=[], validate=validate.Length(max=10)
    )
    webhook = TrueOrFalse(load_default=True)


class LimitsOut(Out):
    """The limits in force."""

    heartbeat_minutes = fields.Integer(required=True)
    incident_hours = fields.Integer(required=True)
    disk_megabytes = fields.Integer(required=True)
    backup_days = fields.Integer(required=True)
    certificate_days = fields.Integer(required=True)
    calendar_days = fields.Integer(required=True)
    archive_days = fields.Integer(required=True)
    retention_days = fields.Integer(required=True)
    refusals_hour = fields.Integer(required=True)
    mails = fields.List(fields.String(), required=True)
    webhook = fields.Boolean(required=True)


class AlarmTrialOut(Out):
    """To whom a trial of an alarm was sent: addresses, or the names of channels."""

    told = fields.List(fields.String(), required=True)
