"""Fields of bodies that take days and instants only as RFC 3339 writes them."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from marshmallow import fields, validate

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


class OpenedRevision(fields.Integer):
    """The revision of a draft at which somebody read what they now change; null or left out: what is there now."""

    def __init__(self) -> None:
        super().__init__(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 2**31 - 1))


class Day(fields.Date):
    """A day as RFC 3339 writes it; "20260605" and "2026-W23-5" are none."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> date:
        if not (isinstance(value, str) and _DAY.fullmatch(value)):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **more)


class InstantWithOffset(fields.AwareDateTime):
    """An instant with its offset as RFC 3339 writes it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        if not (isinstance(value, str) and _INSTANT.fullmatch(value)):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **more)
