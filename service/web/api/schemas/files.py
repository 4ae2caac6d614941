"""Schemas of files that the API hands out and takes: their bytes stand in base64."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from marshmallow import fields, validate

from service.domain.errors import Invalid
from service.domain.text import Text
from service.web.api.schemas.common import Out, Strict

_MOST = 28 * 1024 * 1024


class HandedFileOut(Out):
    """A file: its name, its kind, and its bytes in base64."""

    name = fields.String(required=True)
    media_type = fields.String(required=True)
    content = fields.String(required=True)


class SentFileIn(Strict):
    """A file that is brought in, its bytes in base64."""

    content = fields.String(required=True, validate=validate.Length(1, _MOST))


def handed(name: str, media_type: str, content: bytes) -> dict[str, Any]:
    """Return what `HandedFileOut` hands out."""
    return {"name": name, "media_type": media_type, "content": base64.b64encode(content).decode()}


def sent_bytes(content: str) -> bytes:
    """Return the bytes of what was sent in base64; raises Invalid."""
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError) as mistake:
        raise Invalid(
            Text(
                "content 不是 base64，没有读取。请把文件编码后再发送。",
                "content is no base64; nothing was read. Encode the file.",
            )
        ) from mistake
