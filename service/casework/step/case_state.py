"""The stored state of a case: the engine's bytes and the projection made of them.

The projection beside the engine's state tells a step what the tables already show, so
that a step writes only differences and reads none of them back.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import orjson

from service.domain.errors import LaurelError
from service.domain.proof.fact_changes import FactChange
from service.domain.text import Text
from service.store import AuditEvent, NewWork


@dataclass(frozen=True, slots=True)
class Returned:
    """A task that opens again: what the new one notes, and the person it is given to, if it was taken back."""

    engine_id: str
    note: Mapping[str, Any]
    assignee: int | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """A completed task and a fired timer end as done, they are not called off; ``returned`` is what opens again.

    ``note`` is what every task that follows notes, where a decision sent something back.
    """

    done_task: int | None = None
    fired_timer: str | None = None
    returned: Returned | None = None
    note: Mapping[str, Any] | None = None


BY_ITSELF = Cause()
"""Nothing that a projection must know of."""


@dataclass(slots=True)
class Pending:
    """Work, events and changes of facts collected while a step runs; a failed handler's part is discarded."""

    work: list[NewWork] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    facts: list[FactChange] = field(default_factory=list)

    def mark(self) -> tuple[int, int, int]:
        """Return where the lists end now."""
        return len(self.work), len(self.events), len(self.facts)

    def cut(self, mark: tuple[int, int, int]) -> None:
        """Drop what was added after ``mark``."""
        del self.work[mark[0] :]
        del self.events[mark[1] :]
        del self.facts[mark[2] :]


_HEAD = struct.Struct(">I")


class StateUnreadable(LaurelError):
    """The stored state of a case is no state."""

    code = "state_unreadable"


@dataclass(slots=True)
class Projection:
    """What the tables show of a case.

    ``tasks``: engine id → task id. ``timers``: engine id → [effect key, due instant as text].
    ``waits``: engine id → message name. ``visits``: "process/element" → count.
    ``parties``: role → body id, the latest bound. ``kept``: names of the messages that arrived early
    (before they were awaited), oldest first.  ``entries``: element → how often it waited.
    ``moved``: limit → the day that somebody gave it instead (`moved_limits`).
    """

    tasks: dict[str, int] = field(default_factory=dict)
    timers: dict[str, list[str]] = field(default_factory=dict)
    waits: dict[str, str] = field(default_factory=dict)
    visits: dict[str, int] = field(default_factory=dict)
    parties: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    entries: dict[str, int] = field(default_factory=dict)
    moved: dict[str, dict[str, str | None]] = field(default_factory=dict)


_NAMES = tuple(field.name for field in fields(Projection))


def pack_case_state(projection: Projection, engine_state: bytes) -> bytes:
    """Return projection and engine state as one opaque value."""
    values = {name: getattr(projection, name) for name in _NAMES}
    head = orjson.dumps(values)
    return _HEAD.pack(len(head)) + head + engine_state


def unpack_case_state(case_state: bytes) -> tuple[Projection, bytes]:
    """Return the projection and the engine's bytes of ``case_state``; an empty one has neither.

    Raises StateUnreadable for anything else.
    """
    if not case_state:
        return Projection(), b""
    try:
        (size,) = _HEAD.unpack_from(case_state)
        projection = Projection(**orjson.loads(case_state[_HEAD.size : _HEAD.size + size]))
    except (struct.error, ValueError, TypeError) as error:
        raise StateUnreadable(
            Text(
                "办件保存的状态读不出，不能继续办理。请管理员运行 laurel doctor --deep 找出这样的办件，并从备份恢复。",
                "The stored state of the case cannot be read: it cannot go on. Let an administrator run laurel doctor --deep,"
                " which names such cases, and restore a backup.",
            )
        ) from error
    return projection, case_state[_HEAD.size + size :]
