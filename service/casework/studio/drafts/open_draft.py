"""Open a draft of a package: from what is published, or from files for a package that is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.definitions.publish import record_event
from service.casework.desk.desk import Desk
from service.casework.desk.packages import pack_files, unpack_package
from service.casework.people.rights.first_people import jurisdiction_of
from service.casework.studio.drafts.draft_access import (
    OPEN,
    demand_owner,
    is_edited_by_another,
    make_editor,
    open_for_change,
    open_to_edit,
    visible_draft,
)
from service.catalog.tree import Files
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import DefinitionRow, PackageDraftRow

_LONGEST = 200


@guarded("draft.edit")
def open_draft(desk: Desk, actor: Actor, key: str, title: str) -> int:
    """Open a draft of the published package ``key`` ("jurisdiction/award") and return its id.

    Raises:
        NotFound: nothing is published under ``key``.
        Invalid: ``title`` is longer than 200 characters.
    """
    GUARDS["draft.edit"].demand(actor, key.partition("/")[0])
    with desk.store.write() as tx:
        current = tx.definitions.current(key)
        if current is None:
            raise NotFound(
                Text(f"“{key}”尚未发布，请从“新建”开始。", f"“{key}” is not published: begin with “New city”.")
            )
        version = tx.definitions.get(current.version)
        packed = tx.definitions.sources(current.version) or pack_files(files_published(desk, version))
        return add_draft(desk, tx, actor, key, title, packed, current.version)


def add_draft(desk: Desk, tx: Transaction, actor: Actor, key: str, title: str, sources: bytes, base: str | None) -> int:
    """Keep a new draft; ``sources`` are packed files. Raises Invalid for a title that is too long."""
    if len(title) > _LONGEST:
        raise Invalid(
            Text(f"草稿名称最多 {_LONGEST} 字，现有 {len(title)} 字。", f"A title has at most {_LONGEST} characters.")
        )
    now = desk.clock.now()
    assert actor.person_id is not None
    row = PackageDraftRow(
        package=key,
        title=title.strip() or key,
        base=base,
        sources=sources,
        person_id=actor.person_id,
        author=actor.name,
        created_at=now,
        changed_at=now,
    )
    return tx.package_drafts.insert(row)


def files_published(desk: Desk, version: DefinitionRow) -> Files:
    """Return the files of a version that was published without its sources: patterns filled, without scenarios."""
    return unpack_package(version.content, desk.operations, version.version).files


@guarded("draft.edit")
def take_over_draft(desk: Desk, actor: Actor, draft: int) -> None:
    """Let ``actor`` edit ``draft`` in place of whoever does; nothing happens where nobody else does.

    The former editor learns it from the next save, which is refused. Raises NotFound, Conflict.
    """
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = open_to_edit(tx, actor, draft)
        if is_edited_by_another(actor, row, now):
            make_editor(tx, actor, row, now)
            text = f"接手编辑草稿“{row.title}”，此前由{row.editor}编辑。"
            record_event(tx, actor, now, row.package, "taken_over", text, draft, {"from": row.editor_id})


@guarded("draft.edit")
def share_draft(desk: Desk, actor: Actor, draft: int, shared: bool) -> None:
    """Let others see and edit ``draft``, or nobody but its author; raises NotFound, NotAllowed, Conflict."""
    with desk.store.write() as tx:
        row = open_to_edit(tx, actor, draft)
        demand_owner(actor, row)
        if row.shared == shared:
            return
        tx.package_drafts.change(draft, {"shared": shared})
        text = f"共享草稿“{row.title}”。" if shared else f"不再共享草稿“{row.title}”。"
        record_event(tx, actor, desk.clock.now(), row.package, "shared" if shared else "unshared", text, draft)


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
