"""Decide on a draft under review: by somebody who changed nothing in it."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import APPROVED, first_wrong_event, record_event
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import OPEN, REVIEW, visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.scenarios.run_scenarios import on_record, standing, verdicts_of
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageDraftRow

SUBMITTED, AUTHORS = "submitted", "authors"
"""The event of a draft that is handed in, and what of it names everybody who had a part in the draft by then."""


@guarded("draft.review")
def review_draft(desk: Desk, actor: Actor, draft: int, approved: bool, reason: str, *, seen: str | None = None) -> None:
    """Approve ``draft``, or return it with a ``reason``; ``seen`` is the version that was submitted as the reviewer saw it.

    Raises:
        NotAllowed: the person opened it, submitted it or changed something in it.
        Conflict: it is not under review, or what is under review is not what was seen.
        Invalid: it is returned without a reason, or approved without one although scenarios failed or were not played.
    """
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft, "draft.review")
        if row.state != REVIEW:
            raise Conflict(Text("草稿不在评审中，请刷新页面。", "The draft is not under review: reload the page."))
        demand_seen(row, seen)
        if not reviews(tx, actor, row) or actor.person_id in _on_record(tx, row):
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
        details = {**(row.details or {}), "reviewed": said}
        state, action, word = (APPROVED, "approved", "通过") if approved else (OPEN, "returned", "退回")
        tx.package_drafts.change(draft, {"state": state, "details": details, "shared": True, "changed_at": now})
        text = f"评审{word}草稿“{row.title}”{'：' + reason.strip()[:200] if reason.strip() else '。'}"
        if how is not None:
            text = f"{text}（{how.zh}）"
        data = {"version": details.get("version"), "scenarios": on_record(verdicts)}
        record_event(tx, actor, now, row.package, action, text, draft, data)


def demand_seen(row: PackageDraftRow, seen: str | None) -> None:
    """Raise Conflict where another version was submitted than the one that a page showed (None: no page)."""
    if seen is not None and seen != (row.details or {}).get("version"):
        raise Conflict(
            Text(
                "打开本页之后，作者取回草稿、改过并重新提交了。请看清现在的内容再决定；您写的意见还在本页。",
                "Since this page was opened, the author took the draft back, changed and submitted it again: look at what it "
                "holds now; what you wrote is still on this page.",
            )
        )


def reviews(tx: Transaction, actor: Actor, row: PackageDraftRow) -> bool:
    """Return whether ``actor`` had no part in a draft, so that they may review it."""
    submitted = ((row.details or {}).get("submitted") or {}).get("person")
    return actor.person_id not in {submitted, *authors_of(tx, row)}


def authors_of(tx: Transaction, row: PackageDraftRow) -> set[int]:
    """Return who opened a draft, and who changed a file of it, as the rows say."""
    return {row.person_id, *tx.package_drafts.authors(row.id)}


def _on_record(tx: Transaction, row: PackageDraftRow) -> set[int]:
    """Return who had a part in a draft as its package has on record since it was submitted, whatever the rows say now.

    Raises Conflict where others wrote into that record.
    """
    wrong = first_wrong_event(tx, row.package)
    if wrong is not None:
        raise Conflict(
            Text(
                f"{row.package} 的记录第{wrong}条在系统之外被改动，不知道谁写的这份草稿，暂不能评审。请通知审计管理员。",
                f"Entry {wrong} in the record of {row.package} was changed beside the program: who wrote this draft is not known,"
                " and nobody reviews it. Tell the audit administrator.",
            )
        )
    events = [one for one in tx.package_events.of_package(row.package) if one.draft_id == row.id]
    handed_in = [one for one in events if one.action == SUBMITTED]
    if not handed_in:
        raise Conflict(
            Text(
                "没有这份草稿提交评审的记录，暂不能评审。请取回草稿，重新提交。",
                "That this draft was submitted is not on record, and nobody reviews it: take it back and submit it again.",
            )
        )
    found = {one.person_id for one in handed_in if one.person_id is not None}
    return found.union(*(one.data.get(AUTHORS, ()) for one in handed_in))
