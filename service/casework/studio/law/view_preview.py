"""View the newest preview of what an assistant of a clause would write: how far it is, what was asked, what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.law.assist_clause import Assistance
from service.casework.studio.law.kept_preview import preview_key
from service.casework.studio.work.jobs import Job, job_of, latest_job
from service.domain.errors import NotFound
from service.domain.text import Text

OTHERS_S = 2.0
"""A preview is waited for: no scenario that proves another clause is begun after so many seconds, the page says how many."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The newest preview of a clause: the ``job``, what was ``asked``, and the ``proposal`` once it is made.

    ``stale`` when the draft was changed since it was asked for.
    """

    job: Job
    asked: Mapping[str, Any]
    proposal: Assistance | None
    stale: bool


@guarded("draft.view")
def view_preview(desk: Desk, actor: Actor, draft: int, work: str, clause: str) -> Preview:
    """Return the newest preview of ``clause`` by the assistants of ``work``; raises NotFound where there is none."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        latest = latest_job(tx, draft, preview_key(work, clause))
        if latest is None:
            raise NotFound(
                Text("这一条还没有预览过，请先预览。", "This clause was not previewed yet: preview it first.")
            )
        job = job_of(tx, draft, latest.id)
        asked = {name: value for name, value in job.asked.items() if name != "work"}
        return Preview(job, asked, job.result(Assistance), job.over and job.revision != row.revision)
