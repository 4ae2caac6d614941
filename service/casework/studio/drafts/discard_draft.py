"""Discard a draft; an administrator can bring it back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import jurisdiction_of
from service.casework.studio.drafts.draft_access import OPEN, demand_owner, open_for_change, visible_draft
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import PackageDraftRow

DISCARDED = "discarded"
PAGE = 50


@dataclass(frozen=True, slots=True)
class DiscardedPage:
    """A page of discarded drafts; ``before`` continues it."""

    drafts: tuple[PackageDraftRow, ...]
    before: int | None


@guarded("draft.edit")
def discard_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Put ``draft`` away with everything in it; raises NotFound, NotAllowed, Conflict."""
    with desk.store.write() as tx:
        demand_owner(actor, visible_draft(tx, actor, draft, "draft.edit"))
        row = open_for_change(desk, tx, actor, draft)
        tx.package_drafts.change(draft, {"state": DISCARDED, "changed_at": desk.clock.now()})
        record_event(tx, actor, desk.clock.now(), row.package, "discarded", f"作废草稿“{row.title}”。", draft)


@guarded("people.manage")
def list_discarded(desk: Desk, actor: Actor, before: int | None = None) -> DiscardedPage:
    """Return a page of the discarded drafts of the jurisdictions that ``actor`` administers, youngest first."""
    with desk.store.read() as tx:
        rows = list(
            islice((row for row in _discarded(tx, before) if actor.administers(jurisdiction_of(row))), PAGE + 1)
        )
    return DiscardedPage(tuple(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None)


def _discarded(tx: Transaction, before: int | None) -> Iterator[PackageDraftRow]:
    """Yield discarded drafts, read as many at once as a page has: whose a draft is stands in it."""
    while rows := tx.package_drafts.discarded(before, PAGE + 1):
        yield from rows
        before = rows[-1].id


@guarded("people.manage")
def restore_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Bring a discarded draft back as it was; raises NotFound, NotAllowed, Conflict."""
    with desk.store.write() as tx:
        row = tx.package_drafts.brief(draft)
        if not actor.administers(jurisdiction_of(row)):
            raise NotAllowed(
                Text(
                    "作废的草稿由本辖区管理员恢复。", "An administrator of the jurisdiction restores discarded drafts."
                )
            )
        if row.state != DISCARDED:
            raise Conflict(Text("这个草稿没有作废，无需恢复。", "This draft is not discarded: nothing to restore."))
        tx.package_drafts.change(draft, {"state": OPEN, "changed_at": desk.clock.now()})
        record_event(tx, actor, desk.clock.now(), row.package, "restored", f"恢复草稿“{row.title}”。", draft)
