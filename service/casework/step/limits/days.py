"""The last day of a time limit, as the rows of tasks and timers keep it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from service.domain.calendar import local_date
from service.engine import PersonTask
from service.store import NEVER
from service.store.models import TaskRow

NO_DUE_DATE = NEVER
"""The due date of a task without a time limit: it sorts behind all others."""

Limit = tuple[datetime, dict[str, Any] | None]
"""When a task is due, and why, as its row keeps it."""


def last_day_before(due: datetime) -> date:
    """Return the last day of a limit that ends at ``due``."""
    return local_date(due - timedelta(seconds=1))


def last_day_of(due_at: datetime, reason: Mapping[str, Any] | None) -> date:
    """Return the last day of a time limit, which ends at 24:00 of it."""
    day_text = (reason or {}).get("last_day")
    return date.fromisoformat(str(day_text)) if day_text else last_day_before(due_at)


def find_limit_day(limit: Limit) -> date | None:
    """Return the day that a limit shows as its last, None where there is none."""
    return None if limit[0] == NO_DUE_DATE else last_day_of(*limit)


def get_display_limit(row: TaskRow) -> Limit:
    """Return the limit that a task shows: its statutory one, or its last useful day."""
    return row.due_at, row.due_reason


def get_statutory_limit(row: TaskRow) -> Limit:
    """Return the statutory limit of a task, whatever its last useful day is."""
    return read_statutory_limit(row.due_at, row.due_reason)


def read_statutory_limit(due_at: datetime, reason: Mapping[str, Any] | None) -> Limit:
    """Return the statutory limit behind the one that a task shows."""
    if not (reason or {}).get("useful"):
        return due_at, dict(reason) if reason is not None else None
    law = dict((reason or {}).get("law") or {})
    return (datetime.fromisoformat(law.pop("due_at")), law or None) if law else (NO_DUE_DATE, None)


def data_of(task: PersonTask) -> dict[str, object]:
    """Return what the expressions of a task see of its token, the item of its round included."""
    return task.data if task.loop_item is None else {**task.data, "item": task.loop_item}
