"""The cause of a step (completed task, fired timer …), handed to ``save_step`` for its projections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Returned:
    """A task that opens again: what the new one notes, and the person it is given to, if it was taken back."""

    engine_id: str
    note: Mapping[str, Any]
    assignee: int | None = None


@dataclass(frozen=True, slots=True)
class Cause:
    """A completed task and a fired timer end as done, they are not called off; ``returned`` is what opens again."""

    done_task: int | None = None
    fired_timer: str | None = None
    returned: Returned | None = None


BY_ITSELF = Cause()
"""Nothing that a projection must know of."""
