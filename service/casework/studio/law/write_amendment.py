"""Write the chosen changes of a decision beside the requests, with progress: a decision that moves articles changes many files.

All of them are written at once at the end, or none: what is stopped or broken off has changed nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_files import save_files
from service.casework.studio.law.amend_law import planned_amendment
from service.casework.studio.work.jobs import Job, JobOrder, Run, job_of, latest_job, start_job
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text

AMENDMENT = "amendment"
"""The key and the ``work`` of the jobs that write the changes of a decision."""


@dataclass(frozen=True, slots=True)
class WrittenAmendment:
    """How many changes of a decision were written."""

    count: int


@dataclass(frozen=True, slots=True)
class AmendmentWriting:
    """The newest writing of a decision: the ``job``, what was ``asked``, and the ``count`` of changes once it is done."""

    job: Job
    asked: Mapping[str, Any]
    count: int | None


@guarded("draft.edit")
def write_amendment(
    desk: Desk,
    actor: Actor,
    draft: int,
    decision: str,
    chosen: Sequence[int],
    keys: Sequence[str] = (),
    follow: Sequence[str] = (),
    reword: Sequence[str] = (),
    *,
    renumber: bool = False,
    away: bool = False,
    since: str = "",
    revision: int | None = None,
) -> int:
    """Start writing what `confirm_amendment` writes; returns the job's number.

    ``since`` is the first day of the values as YYYY-MM-DD, "" for none, ``revision`` the one of the draft that was shown:
    what was written already is not written again. Raises Conflict where the draft was changed since, and at once as
    `confirm_amendment`.
    """
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    if revision is not None and revision != tree.revision:
        raise Conflict(
            Text(
                "读取修改决定以后，草稿又改过，没有写入。下面按现在的草稿重新读过：请核对勾选的各项，再写入。",
                "The draft was changed since the decision was read, and nothing was written. It was read again below: look at "
                "what is ticked, then write it.",
            )
        )
    day = date.fromisoformat(since) if since else None
    plan = planned_amendment(
        desk, tree, row, decision, chosen, keys, follow, reword, renumber=renumber, away=away, since=day
    )

    def work(job: Run) -> WrittenAmendment:
        save_files(desk, actor, draft, plan.changes, plan.note, job.beat)
        return WrittenAmendment(plan.count)

    asked = {
        "work": AMENDMENT, "decision": decision, "chosen": list(chosen), "keys": list(keys), "follow": list(follow),
        "reword": list(reword), "renumber": renumber, "away": away, "since": since, "revision": tree.revision,
    }  # fmt: skip
    return start_job(desk, actor, draft, JobOrder(AMENDMENT, len(plan.changes), asked), work)


@guarded("draft.edit")
def view_writing(desk: Desk, actor: Actor, draft: int) -> AmendmentWriting:
    """Return the newest writing of a decision into ``draft``; raises NotFound where there is none."""
    with desk.store.read() as tx:
        open_for_change(tx, actor, draft)
        latest = latest_job(tx, draft, AMENDMENT)
        if latest is None:
            raise NotFound(Text("还没有按修改决定写入过。", "No decision was written into this draft yet."))
        written = job_of(tx, draft, latest.id).result(WrittenAmendment)
        return AmendmentWriting(latest, latest.asked, written.count if written else None)
