"""Submit a draft for review, and take it back."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.deploy import PackageRefused
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_access import (
    OPEN,
    REVIEW,
    demand_current,
    kept_details,
    open_for_change,
    visible_draft,
)
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.publication.review_draft import AUTHORS, SUBMITTED, authors_of
from service.casework.studio.publication.state_amendment import demand_stated
from service.catalog import Severity
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.store import Stale


@guarded("draft.edit")
def submit_draft(desk: Desk, actor: Actor, draft: int, note: str) -> None:
    """Hand ``draft`` to a second person; ``note`` says what was changed and why. It cannot be changed until it is back.

    Raises:
        PackageRefused: the draft has errors.
        Conflict: it cannot be changed, nothing in it differs from what is published, or somebody published meanwhile.
        Invalid: there is no note, or nothing is said of cases that run while clauses or values change.
    """
    if not note.strip():
        raise Invalid(
            Text("请写明改了什么、为什么，供评审人阅读。", "Say what was changed and why: the reviewer reads it.")
        )
    checked = check_draft(desk, actor, draft)
    errors = tuple(p for p in checked.problems if p.severity is Severity.ERROR)
    with desk.store.write() as tx:
        row = open_for_change(desk, tx, actor, draft)
        if errors:
            raise PackageRefused(row.package, errors)
        demand_current(tx, row)
        tree = tree_of(desk, tx, draft)
        if tree.revision != checked.revision:
            raise Stale
        if tree.package.version == row.base and dict(tree.files) == dict(tree.base):
            raise Conflict(
                Text("草稿与已发布的版本没有差别，无需评审。", "The draft does not differ from what is published.")
            )
        demand_stated(desk, tx, row, tree)
        now = desk.clock.now()
        sent = {"at": now.isoformat(), "by": actor.name, "person": actor.person_id, "note": note.strip()[:2000]}
        details = {**kept_details(row), "submitted": sent, "version": tree.package.version, "revision": tree.revision}
        tx.package_drafts.change(draft, {"state": REVIEW, "details": details, "changed_at": now})
        text = f"提交评审草稿“{row.title}”：{note.strip()[:200]}"
        data = {"version": tree.package.version, AUTHORS: sorted(authors_of(tx, row))}
        record_event(tx, actor, now, row.package, SUBMITTED, text, draft, data)


@guarded("draft.edit")
def take_back_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Make a draft under review, or approved and not begun, one that can be changed again; the approval is void."""
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft, "draft.edit")
        if row.state not in (REVIEW, "approved"):
            raise Conflict(
                Text("草稿不在评审中，无需取回。", "The draft is not under review: there is nothing to take back.")
            )
        now = desk.clock.now()
        tx.package_drafts.change(
            draft, {"state": OPEN, "details": kept_details(row) or None, "shared": True, "changed_at": now}
        )
        record_event(tx, actor, now, row.package, "taken_back", f"取回草稿“{row.title}”。", draft)
