"""A job of the studio as it stands a moment later, or as soon as one has ended: who follows it need not ask again and again."""

from __future__ import annotations

from threading import BoundedSemaphore

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.scenarios.run_scenarios import view_job
from service.casework.studio.work.job_ends import ended_jobs, wait_for_end
from service.casework.studio.work.jobs import Job

MOMENT = 0.25
"""Seconds that an answer waits at most."""
_AT_ONCE = BoundedSemaphore(2)
"""So many answers wait in one process: each keeps a thread from other requests, so the rest is answered at once."""


@guarded("draft.view")
def await_job(desk: Desk, actor: Actor, draft: int, job: int) -> Job:
    """Return a job of ``draft`` once it is over, or as it stands after a moment; raises NotFound."""
    ended = ended_jobs()
    found = view_job(desk, actor, draft, job)
    if found.over or not _AT_ONCE.acquire(blocking=False):
        return found
    try:
        wait_for_end(ended, MOMENT)
    finally:
        _AT_ONCE.release()
    return view_job(desk, actor, draft, job)
