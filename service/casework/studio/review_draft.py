"""Decide on a draft under review: by somebody who changed nothing in it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.package_events import record_event
from service.casework.definitions.publications import APPROVED
from service.casework.desk.desk import Desk
from service.casework.people.standing_approvals import with_standing
from service.casework.studio.approvals import sealed_approval
from service.casework.studio.draft_access import OPEN, REVIEW, visible_draft
from service.casework.studio.draft_tree import tree_of
from service.casework.studio.scenario_verdicts import on_record, standing, verdicts_of
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import PackageDraftRow


@guarded("draft.review")
def review_draft(desk: Desk, actor: Actor, draft: int, approved: bool, reason: str) -> None:
    """Approve ``draft``, or return it with a ``reason``.

    Raises:
        NotAllowed: the person opened it, submitted it or changed something in it.
        Conflict: it is not under review.
        Invalid: it is returned without a reason, or approved without one although scenarios failed or were not played.
    """
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft, "draft.review")
        if row.state != REVIEW:
            raise Conflict(Text("草稿不在评审中，请刷新页面。", "The draft is not under review: reload the page."))
        if not reviews(tx, actor, row):
            raise NotAllowed(
                Text(
                    "评审人不能是草稿的作者：您新建、修改或者提交过这份草稿，请由另一人评审。",
                    "Whoever opened, changed or submitted a draft cannot review it: ask another person.",
                )
            )
        tree = tree_of(desk, tx, draft)
        verdicts = verdicts_of(tx, draft, tree)
        how = standing(verdicts)
        if not approved and not reason.strip():
            raise Invalid(Text("退回须写明理由。", "Say why the draft is returned."))
        if approved and not reason.strip() and how is not None:
            raise Invalid(
                Text(
                    f"{how.zh}请先运行；仍要通过的，写明理由。",
                    f"{how.en} Play them first, or say why it is approved all the same.",
                )
            )
        now = desk.clock.now()
        said = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "approved": approved}
        said["reason"] = reason.strip()[:2000]
        details = {**(row.details or {}), "reviewed": sealed_approval(desk.store.seals, row, tree, said)}
        state, action, word = (APPROVED, "approved", "通过") if approved else (OPEN, "returned", "退回")
        details = with_standing(desk.store.seals, row, details) if approved else details
        tx.package_drafts.change(draft, {"state": state, "details": details, "shared": True, "changed_at": now})
        text = f"评审{word}草稿“{row.title}”{'：' + reason.strip()[:200] if reason.strip() else '。'}"
        if how is not None:
            text = f"{text}（{how.zh}）"
        data = {"version": details.get("version"), "scenarios": on_record(verdicts)}
        record_event(tx, actor, now, row.package, action, text, draft, data)


def reviews(tx: Transaction, actor: Actor, row: PackageDraftRow) -> bool:
    """Return whether ``actor`` had no part in a draft, so that they may review it."""
    submitted = ((row.details or {}).get("submitted") or {}).get("person")
    return actor.person_id not in {row.person_id, submitted, *tx.package_drafts.authors(row.id)}
