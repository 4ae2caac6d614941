"""Who may do what with a draft."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import GUARDS
from service.casework.definitions.publish import APPROVED, current_in_turn
from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import HOME, jurisdiction_of
from service.domain.calendar.clock import format_moment
from service.domain.errors import Conflict, NotAllowed, NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import DefinitionRow, PackageDraftRow

OPEN, REVIEW = "open", "review"
"""States of a draft: its files may be changed, and a second person looks at it."""
CHECKED = "checked"
"""Where the details of a draft keep what its last check found."""
_IDLE = timedelta(minutes=30)
"""Who changed nothing for so long does not edit a draft any more."""


class EditedByAnother(Conflict):
    """Another person edits the draft; whoever has the right takes it over first."""

    code = "edited_by_another"

    def __init__(self, row: PackageDraftRow) -> None:
        assert row.editing_since is not None
        since = format_moment(row.editing_since)
        super().__init__(
            Text(
                f"草稿“{row.title}”自{since.zh}起由{row.editor}编辑。需要由您来改的，请先接手编辑。",
                f"{row.editor} has been editing the draft “{row.title}” since {since.en}. Take it over first if it is for you to change.",
            )
        )


def visible_draft(tx: Transaction, actor: Actor, draft: int, action: str = "draft.view") -> PackageDraftRow:
    """Return a draft without its files; while a unit of work that may change it runs, nobody else does.

    Raises:
        NotFound: there is none, or it is private to another person.
        NotAllowed: ``actor`` may not do ``action`` in its jurisdiction.
    """
    tx.turns.take(f"draft {draft}")
    row = tx.package_drafts.brief(draft)
    if not may_see_draft(actor, row):
        raise NotFound(
            Text(
                "没有这个草稿，或者作者还没有共享它。请从“设计”进入。",
                "There is no such draft, or its author has not shared it yet. Start from “Studio”.",
            )
        )
    GUARDS[action].demand(actor, jurisdiction_of(row))
    return row


def open_for_change(desk: Desk, tx: Transaction, actor: Actor, draft: int) -> PackageDraftRow:
    """Return a draft that ``actor`` may change now.

    Raises:
        Conflict: it is under review, published or discarded.
        EditedByAnother: another person edits it.
    """
    row = open_to_edit(tx, actor, draft)
    if is_edited_by_another(actor, row, desk.clock.now()):
        raise EditedByAnother(row)
    return row


def open_to_edit(tx: Transaction, actor: Actor, draft: int) -> PackageDraftRow:
    """Return a draft that ``actor`` may change, whoever edits it now; raises Conflict for one that takes no changes."""
    row = visible_draft(tx, actor, draft, "draft.edit")
    if row.state != OPEN:
        raise Conflict(
            Text(
                f"草稿“{row.title}”已提交复核、发布或者作废，不能再修改。需要修改的，请先取回，或者另建草稿。",
                f"The draft “{row.title}” is under review, published or discarded and cannot be changed. Take it back first, or open another.",
            )
        )
    return row


def is_edited(row: PackageDraftRow, now: datetime) -> bool:
    """Return whether somebody edits a draft: took it or changed something in the last half hour, and did not sign out."""
    return row.editing_since is not None and now - max(row.editing_since, row.changed_at) < _IDLE


def is_edited_by_another(actor: Actor, row: PackageDraftRow, now: datetime) -> bool:
    """Return whether somebody else than ``actor`` edits a draft."""
    return row.editor_id != actor.person_id and is_edited(row, now)


def make_editor(tx: Transaction, actor: Actor, row: PackageDraftRow, now: datetime) -> None:
    """Let ``actor`` edit a draft from ``now`` on; who edits it already goes on doing so."""
    if row.editor_id != actor.person_id or not is_edited(row, now):
        tx.package_drafts.change(row.id, editor_id=actor.person_id, editor=actor.name, editing_since=now)


def require_owner(actor: Actor, row: PackageDraftRow) -> None:
    """Raise NotAllowed unless ``actor`` opened the draft or administers its jurisdiction."""
    if row.person_id != actor.person_id and not actor.administers(jurisdiction_of(row)):
        raise NotAllowed(
            Text(
                f"草稿由{row.author}建立，由其本人或者管理员共享、作废。",
                f"{row.author} opened this draft and shares or discards it, or an administrator does.",
            )
        )


def require_current(tx: Transaction, row: PackageDraftRow) -> None:
    """Raise Conflict when another version was published since the draft was opened or last took one in."""
    current = current_in_turn(tx, row.package)
    if (current.version if current else None) != row.base:
        by = current.published_by if current else ""
        raise Conflict(
            Text(
                f"现行的不是这份草稿所依据的版本（现行版本由{by}发布）。请先在“比较”中并入它。",
                f"Another version than the one that this draft rests on is in force (published by {by}): take it in first, under “Compare”.",
            )
        )


def newer_version(tx: Transaction, row: PackageDraftRow) -> DefinitionRow | None:
    """Return the version that is to be taken into a draft before it is published, None where it rests on the current one."""
    if row.state not in (OPEN, REVIEW, APPROVED):
        return None
    current = tx.definitions.current(row.package)
    return current if current is not None and current.version != row.base else None


def base_withdrawn(tx: Transaction, row: PackageDraftRow, current: DefinitionRow) -> bool:
    """Tell whether the version that a draft rests on was withdrawn: the ``current`` one is one that it had replaced."""
    replaced = {definition.version: definition.base for definition in tx.definitions.of_package(row.package)}
    before, seen = replaced.get(row.base or ""), set[str]()
    while before is not None and before not in seen:
        if before == current.version:
            return True
        seen.add(before)
        before = replaced.get(before)
    return False


def may_edit(actor: Actor, row: PackageDraftRow) -> bool:
    """Return whether ``actor`` may change the draft, once nobody else edits it."""
    return row.state == OPEN and GUARDS["draft.edit"].admits(actor, jurisdiction_of(row))


def may_see_draft(actor: Actor, row: PackageDraftRow) -> bool:
    """Return whether ``actor`` may look at a draft: its author always, others once it is shared."""
    if actor is SYSTEM or row.person_id == actor.person_id:
        return True
    return (row.shared or row.state != OPEN) and GUARDS["draft.view"].admits(actor, jurisdiction_of(row))


def carry_over_details(row: PackageDraftRow) -> dict[str, Any]:
    """Return what a draft keeps when its review begins anew."""
    return {key: detail for key, detail in (row.details or {}).items() if key in (HOME, CHECKED) and detail}


def authors_of(tx: Transaction, row: PackageDraftRow) -> set[int]:
    """Return who opened a draft, and who changed a file of it, as the rows say."""
    return {row.person_id, *tx.draft_revisions.pick("person_id", draft_id=row.id)}


def may_review_draft(tx: Transaction, actor: Actor, row: PackageDraftRow) -> bool:
    """Return whether ``actor`` had no part in a draft, so that they may review it."""
    submitted = ((row.details or {}).get("submitted") or {}).get("person")
    return actor.person_id not in {submitted, *authors_of(tx, row)}


def awaits_review_by(tx: Transaction, actor: Actor, row: PackageDraftRow) -> bool:
    """Return whether a draft is under review and ``actor`` is one of those who may decide on it."""
    admitted = row.state == REVIEW and GUARDS["draft.review"].admits(actor, jurisdiction_of(row))
    return admitted and may_review_draft(tx, actor, row)
