"""The stored state of a case: the engine's bytes and the projection made of them.

The projection beside the engine's state tells a step what the tables already show, so
that a step writes only differences and reads none of them back.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, fields, replace

import orjson

_HEAD = struct.Struct(">I")


@dataclass(slots=True)
class Projection:
    """What the tables show of a case.

    ``tasks``: engine id → task id. ``timers``: engine id → [effect key, due instant as text].
    ``waits``: engine id → message name. ``visits``: "process/element" → count.
    ``parties``: role → body id, the latest bound. ``kept``: names of the messages that arrived early
    (before they were awaited), oldest first.  ``entries``: element → how often it waited.
    ``moved``: limit → the day that somebody gave it instead (`moved_limits`).
    ``rows``: table → number → mark of a submitted form, finding, notice or document of the case (`own_rows`).
    """

    tasks: dict[str, int] = field(default_factory=dict)
    timers: dict[str, list[str]] = field(default_factory=dict)
    waits: dict[str, str] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    moved: dict[str, dict[str, str | None]] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)


_NAMES = tuple(field.name for field in fields(Projection))


def pack(projection: Projection, engine_state: bytes) -> bytes:
    """Return projection and engine state as one opaque value."""
    shown = {name: getattr(projection, name) for name in _NAMES}
    for name in ("moved", "rows"):  # the version before knows neither
        if not shown[name]:
            del shown[name]
    head = orjson.dumps(shown)
    return _HEAD.pack(len(head)) + head + engine_state


def unpack(case_state: bytes) -> tuple[Projection, bytes]:
    """Return the projection and the engine's bytes of ``case_state``; an empty one has neither."""
    if not case_state:
        return Projection(), b""
    (size,) = _HEAD.unpack_from(case_state)
    head = case_state[_HEAD.size : _HEAD.size + size]
    return Projection(**orjson.loads(head)), case_state[_HEAD.size + size :]


def without_rows(case_state: bytes) -> bytes:
    """Return ``case_state`` with no mark of a row: what others may have written there vouches for none."""
    projection, engine_state = unpack(case_state)
    return pack(replace(projection, rows={}), engine_state) if projection.rows else case_state
