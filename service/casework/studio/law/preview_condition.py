"""Preview a condition of applying beside the requests, with progress: each scenario of a place is read, changed and checked."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.law.assist_clause import Assistance
from service.casework.studio.law.attest_condition import TypedCondition, demand_proposable, propose_condition
from service.casework.studio.law.kept_preview import preview_key
from service.casework.studio.law.view_preview import OTHERS_S
from service.casework.studio.work.jobs import JobOrder, Run, start_job


@guarded("draft.edit")
def preview_condition(
    desk: Desk, actor: Actor, draft: int, clause: str, words: str = "", bars: bool | None = None, scenario: str = ""
) -> int:
    """Start making what `propose_condition` returns; returns the job's number. Raises at once where nothing can be proposed."""
    typed = TypedCondition(clause, words, bars, scenario)
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        total = demand_proposable(tree_of(desk, tx, draft), row.package, typed)

    def work(job: Run) -> Assistance:
        return propose_condition(desk, actor, draft, typed, OTHERS_S, job.beat)

    asked = typed.asked
    return start_job(desk, actor, draft, JobOrder(preview_key(asked["work"], clause), total, asked), work)
