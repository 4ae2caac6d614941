"""Jobs of the studio: long work for a draft, done part by part as work items of a lane of their own.

The row says what a job is about, how far it has come and what came of it. Each part is a work item: so a job goes on after
a restart, others have their turn between two parts, and whoever stopped it is rid of it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text, text_of
from service.store import NewWork, Transaction
from service.store.models import StudioJobRow

WORK = "studio"
"""Kind of the work items, one per part of a job."""
MOST_OPEN = 12
"""Jobs that one person may have begun that are not over."""
_BROKEN_OFF = Text(
    "运行期间程序中断，这次运行没有做完。请重新开始。",
    "The program broke off meanwhile, and this was not finished: start it again.",
)


class JobState(StrEnum):
    """How far a job has come."""

    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Job:
    """A job as pages show it; ``doing`` is the part that is next, ``trouble`` why it failed."""

    id: int
    revision: int
    state: JobState
    done: int
    total: int
    doing: Text
    trouble: Text | None

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state is not JobState.OPEN


@dataclass(frozen=True, slots=True)
class JobPart:
    """What a part of a job came to: what is ``kept`` with its end, what is done next, the file that was made."""

    keep: Callable[[Transaction], object]
    doing: Text
    result: bytes | None = None


@guarded("draft.view")
def start_job(
    desk: Desk, actor: Actor, draft: int, key: str, request: Mapping[str, Any], doing: Text, total: int = 1
) -> int:
    """Begin a job of ``total`` parts and return its number; one of the same ``key`` that is not over is stopped.

    ``request`` is what its parts, and starting it again, need: ``work`` says by what they are done.
    Raises Conflict where the person has too many that are not over.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        revision = visible_draft(tx, actor, draft).revision
        mine = tx.studio_jobs.count_rows(person_id=actor.person_id or 0, ended_at=None)
        if mine >= MOST_OPEN:
            raise Conflict(
                Text(
                    f"您有 {mine} 项运算还没有做完，这一项没有开始。请等它们做完，或者先停止不要的。",
                    f"{mine} of yours are not done yet, so this was not begun. Wait for them, or stop those that are not wanted.",
                )
            )
        row = StudioJobRow(
            draft_id=draft, revision=revision, key=key, asked=dict(request), person_id=actor.person_id,
            doing=doing.as_json(), total=total, begun_at=now,
        )  # fmt: skip
        job = tx.studio_jobs.begin(row)
        tx.work.enqueue_many([part_work(job, 0, desk)], now)
    return job


def part_work(job: int, part: int, desk: Desk) -> NewWork:
    """Return the work item of one part of a job."""
    return NewWork(WORK, None, _build_effect_key(job, part), {"job": job}, desk.clock.now())


def _build_effect_key(job: int, part: int) -> str:
    return f"{WORK}:{job}:{part}"


@guarded("draft.view")
def view_job(desk: Desk, actor: Actor, draft: int, job: int) -> Job:
    """Return a job of ``draft``; raises NotFound."""
    with desk.store.read() as tx:
        return _build_job(tx, _require_job(tx, actor, draft, job))


@guarded("draft.view")
def stop_job(desk: Desk, actor: Actor, draft: int, job: int) -> None:
    """Stop a job of ``draft``: what its running part comes to is not kept; raises NotFound."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = _require_job(tx, actor, draft, job)
        if tx.studio_jobs.change_where({"id": row.id, "ended_at": None}, state=JobState.STOPPED, ended_at=now):
            tx.work.cancel([_build_effect_key(row.id, row.done)], now)


@guarded("draft.view")
def get_job_request(desk: Desk, actor: Actor, draft: int, job: int) -> Mapping[str, Any]:
    """Return what a job that is over was asked for; raises NotFound, and Conflict where it still runs."""
    with desk.store.read() as tx:
        row = _require_job(tx, actor, draft, job)
        if not _build_job(tx, row).over:
            raise Conflict(Text("这次运行还没有结束，请先停止它。", "This run is not over: stop it first."))
    return dict(row.asked)


def latest_job(tx: Transaction, draft: int, key: str) -> Job | None:
    """Return the newest job of ``draft`` with ``key``."""
    newest = tx.studio_jobs.select("-id", limit=1, draft_id=draft, key=key)
    return _build_job(tx, newest[0]) if newest else None


def _require_job(tx: Transaction, actor: Actor, draft: int, job: int) -> StudioJobRow:
    visible_draft(tx, actor, draft)
    row = tx.studio_jobs.find(id=job)
    if row is None or row.draft_id != draft:
        raise NotFound(Text("这次运行的结果已不在，请重新运行。", "The result of this run is gone: run it again."))
    return row


def _build_job(tx: Transaction, row: StudioJobRow) -> Job:
    state, trouble = JobState(row.state), text_of(row.trouble) if row.trouble else None
    if state is JobState.OPEN:
        item = tx.work.find(effect_key=_build_effect_key(row.id, row.done))
        if item is None or item.state not in ("waiting", "running", "held"):
            state, trouble = JobState.FAILED, _BROKEN_OFF
    return Job(row.id, row.revision, state, row.done, row.total, text_of(row.doing), trouble)
