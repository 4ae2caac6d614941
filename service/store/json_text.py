"""JSON in its stored form: without spaces, and with numbers that survive a round trip."""

from __future__ import annotations

import json

import orjson

_STRICT = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
"""What is no JSON by itself is refused, as by Python's own module."""


def to_text(value: object) -> str:
    """Return JSON; whole numbers of more than 64 bits, which orjson does not know, are marked by a leading space.

    Raises TypeError for what is no JSON.
    """
    try:
        return orjson.dumps(value, option=_STRICT).decode()
    except TypeError:
        return " " + json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str | bytes) -> object:
    """Return the document that `to_text` wrote; raises ValueError for anything else."""
    return json.loads(text) if text[:1] in (" ", b" ") else orjson.loads(text)
