"""The newest preview of a clause as it was kept: what was shown is written, without playing a season once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from service.casework.desk.desk import Desk
from service.casework.studio.work.jobs import job_of, latest_job

ASSISTANCE, CONDITION = "assistance", "condition"
"""The ``work`` of the jobs that preview what an assistant writes for a clause, or for a condition of applying."""
Result = TypeVar("Result")


def preview_key(work: str, clause: str) -> str:
    """Return the key of the jobs that preview ``clause``."""
    return f"{work} {clause}"


def kept_preview(desk: Desk, draft: int, asked: Mapping[str, Any], kind: type[Result]) -> Result | None:
    """Return what the newest preview came to, where just this was ``asked`` of the draft as it is now; None otherwise."""
    with desk.store.read() as tx:
        latest = latest_job(tx, draft, preview_key(asked["work"], asked["clause"]))
        if latest is None or dict(latest.asked) != dict(asked):
            return None
        if latest.revision != tx.package_drafts.brief(draft).revision:
            return None
        return job_of(tx, draft, latest.id).result(kind)
