"""Fields of bodies and answers that marshmallow has none for, or reads too kindly."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date, datetime
from typing import Any

from marshmallow import fields

from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.frame.requests.parse_values import dated_place

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})", re.ASCII)


class TrueOrFalse(fields.Boolean):
    """true or false as JSON writes them; 0, 1, "yes" and "off" are neither."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:  # noqa: ARG002  marshmallow's
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


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


class Place(fields.String):
    """Where a list goes on: a moment and the number of a row, as `dated_cursor` and `day_cursor` read them."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:  # noqa: ARG002  marshmallow's
        return dated_place(value)


class Base64(fields.String):
    """The bytes of a file in base64, outside of which nothing bounds them as a text."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:  # noqa: ARG002  marshmallow's
        return None if value is None else base64.b64encode(value).decode()

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **more: Any) -> Any:
        """Return the bytes; raises Invalid."""
        text = super().deserialize(value, attr, data, **more)
        try:
            return text if text is None else base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError) as mistake:
            raise Invalid(
                Text(
                    "content 不是 base64，没有读取。请把文件编码后再发送。",
                    "content is no base64; nothing was read. Encode the file.",
                )
            ) from mistake


class Utf8Text(fields.String):
    """Bytes that are a text."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **more: Any) -> str | None:  # noqa: ARG002  marshmallow's
        return None if value is None else value.decode("utf-8", "replace")

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **more: Any) -> Any:
        """Return the bytes."""
        text = super().deserialize(value, attr, data, **more)
        return text if text is None else text.encode()


class Several(fields.List[Any]):
    """A list whose entries do not change once they were read."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **more))
