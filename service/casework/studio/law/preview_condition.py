"""Preview a condition of applying beside the requests, with progress: each scenario of a place is read, changed and checked."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.law.assist_clause import Assistance
from service.casework.studio.law.attest_condition import TypedCondition, demand_proposable, propose_condition
from service.casework.studio.work.jobs import Job, JobOrder, Run, job_of, latest_job, start_job
from service.domain.errors import NotFound
from service.domain.text import Text

CONDITION = "condition"
_OTHERS_S = 2.0
"""A preview is waited for: no scenario that proves another clause is begun after so many seconds."""


@dataclass(frozen=True, slots=True)
class ConditionPreview:
    """The newest preview of a clause: the ``job``, what was ``typed``, and the ``proposal`` once it is made.

    ``stale`` when the draft was changed since it was asked for.
    """

    job: Job
    typed: TypedCondition
    proposal: Assistance | None
    stale: bool


@guarded("draft.edit")
def preview_condition(
    desk: Desk, actor: Actor, draft: int, clause: str, words: str = "", bars: bool | None = None, scenario: str = ""
) -> int:
    """Start making what `propose_condition` returns; returns the job's number. Raises at once where nothing can be proposed."""
    typed = TypedCondition(clause, words, bars, scenario)
    with desk.store.read() as tx:
        row = open_for_change(tx, actor, draft)
        total = demand_proposable(tree_of(desk, tx, draft), row.package, typed)

    def work(job: Run) -> Assistance:
        return propose_condition(desk, actor, draft, typed, _OTHERS_S, job.beat)

    asked = {"work": CONDITION, "clause": clause, "words": words, "bars": bars, "scenario": scenario}
    return start_job(desk, actor, draft, JobOrder(_key(clause), total, asked), work)


@guarded("draft.view")
def view_preview(desk: Desk, actor: Actor, draft: int, clause: str) -> ConditionPreview:
    """Return the newest preview of ``clause``; raises NotFound where there is none."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        latest = latest_job(tx, draft, _key(clause))
        if latest is None:
            raise NotFound(
                Text("这一条还没有预览过，请先预览。", "This clause was not previewed yet: preview it first.")
            )
        job = job_of(tx, draft, latest.id)
        asked = {name: value for name, value in job.asked.items() if name != "work"}
        return ConditionPreview(
            job, TypedCondition(**asked), job.result(Assistance), job.over and job.revision != row.revision
        )


def _key(clause: str) -> str:
    return f"{CONDITION} {clause}"
