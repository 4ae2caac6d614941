"""The engine's view of a running instance for the rest of the program: tasks, timers, waits, tokens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.calendar import Window


@dataclass(frozen=True, slots=True)
class PersonTask:
    """A user or manual task that waits for a person.

    ``call_path``: ids of the call activities it lies in, from the outermost. ``loop_item``: the item of the nearest
    multi-instance activity around it, or None.
    """

    id: str
    element_id: str
    process_id: str
    call_path: tuple[str, ...]
    data: dict[str, object]
    loop_item: object | None = None


RESUMED = "resumed"
"""In place of an operation: what could not be carried out, and is to be tried again."""


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A task that waits for the program: ``operation`` with its evaluated ``parameters`` (Python values).

    A business rule task has the operation ``decision:<id of the decision>``.
    """

    id: str
    element_id: str
    process_id: str
    call_path: tuple[str, ...]
    operation: str
    parameters: dict[str, object]
    result_variable: str | None
    data: dict[str, object]


@dataclass(frozen=True, slots=True)
class TimerWait:
    """A timer that waits for ``due`` (UTC).

    ``window``: why it is due then, known only in the step that computed it. ``interrupting``: None unless it is
    attached to an activity.
    """

    id: str
    element_id: str
    process_id: str
    call_path: tuple[str, ...]
    due: datetime
    window: Window | None
    interrupting: bool | None


@dataclass(frozen=True, slots=True)
class MessageWait:
    """A catcher that waits for the message ``name``."""

    id: str
    element_id: str
    process_id: str
    call_path: tuple[str, ...]
    name: str


class TokenState(StrEnum):
    """The state of a token: waiting, being worked on by the program, or stuck."""

    WAITING = "waiting"
    WORKING = "working"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Token:
    """Where an instance stands on its diagram."""

    element_id: str
    process_id: str
    call_path: tuple[str, ...]
    state: TokenState


@dataclass(frozen=True, slots=True)
class ThrownMessage:
    """A message an instance sent that was not caught inside; ``correlation`` as the diagram computes it, if it does."""

    name: str
    payload: dict[str, object]
    element_id: str
    correlation: Mapping[str, object] | None = None
