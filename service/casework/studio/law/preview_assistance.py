"""Preview what the assistant of a clause would write beside the requests, with progress: seasons are played for it."""

from __future__ import annotations

from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.law.assist_clause import PARTS, Assistance, begun_assistance, finished_assistance
from service.casework.studio.law.kept_preview import preview_key
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.law.view_preview import OTHERS_S
from service.casework.studio.work.jobs import JobOrder, Run, start_job
from service.catalog.clause_kinds.clause_assistants import AssistKind


@guarded("draft.edit")
def preview_assistance(desk: Desk, actor: Actor, draft: int, typed: TypedAssistance) -> int:
    """Start making what `propose_assistance` returns; returns the job's number. What the law does not allow is refused at once."""
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    begun = begun_assistance(desk, row.package, tree, typed)

    def work(job: Run) -> Assistance:
        return finished_assistance(desk, tree, begun, OTHERS_S, job.beat)

    asked = typed.asked
    return start_job(desk, actor, draft, JobOrder(preview_key(asked["work"], typed.clause), PARTS, asked), work)


@guarded("draft.edit")
def preview_again(desk: Desk, actor: Actor, draft: int, kind: str, **asked: Any) -> int:
    """Start a preview again, as it was asked for; returns the job's number."""
    return preview_assistance(desk, actor, draft, TypedAssistance(AssistKind(kind), **asked))
