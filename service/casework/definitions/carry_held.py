"""Keep what was held back in a draft that is published: in a draft of its own for whoever wanted to save it."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.casework.step.post import put
from service.store import Transaction
from service.store.rows import HeldSaveRow, MailRow, PackageDraftRow, PersonRow

_LONGEST = 180
SUBJECT = "您还没有选定的修改不在已发布的版本里 / Changes you had still to choose are not in the published version"


def carry_held(desk: Desk, tx: Transaction, draft: PackageDraftRow, version: str) -> tuple[int, ...]:
    """Open, on ``version`` that ``draft`` became, a draft for everybody whose changes were held there; return their ids.

    The changes wait in it to be chosen as before, and their author is told. A published draft cannot be changed any more,
    so they would be lost with it.
    """
    by_person: dict[int, list[HeldSaveRow]] = {}
    for row in tx.package_drafts.held_by_all(draft.id):
        by_person.setdefault(row.person_id, []).append(row)
    return tuple(_carried(desk, tx, draft, version, person, rows) for person, rows in by_person.items())


def _carried(
    desk: Desk, tx: Transaction, draft: PackageDraftRow, version: str, person_id: int, rows: list[HeldSaveRow]
) -> int:
    now, person = desk.clock.now(), tx.people.person(person_id)
    made = tx.package_drafts.insert(
        PackageDraftRow(
            package=draft.package,
            title=f"{draft.title[:_LONGEST]}（未选定的修改）",
            base=version,
            sources=tx.definitions.sources(version) or b"",
            person_id=person_id,
            author=person.name,
            created_at=now,
            changed_at=now,
        )
    )
    tx.package_drafts.move_held(draft.id, person_id, made)
    _tell(desk, tx, person, draft, made, len(rows))
    return made


def _tell(desk: Desk, tx: Transaction, person: PersonRow, draft: PackageDraftRow, made: int, count: int) -> None:
    text = (
        f"草稿“{draft.title}”已经发布，您在其中有{count}份修改与别人的相遇、还没有选定，不在发布的版本里。它们保留在新的草稿中，"
        f"请在“设计”中打开后逐处选择。\n"
        f"The draft “{draft.title}” was published. {count} of your changes, which met somebody else’s, were not chosen yet and"
        f" are not in that version. They are kept in a new draft: open it in the studio and choose.\n"
        f"/studio/drafts/{made}/choices"
    )
    now = desk.clock.now()
    key = f"held:{draft.id}:{made}"
    row = MailRow(person_id=person.id, address=person.email, subject=SUBJECT, text=text, effect_key=key, queued_at=now)
    tx.work.enqueue_many(put(desk, tx, [row], now), now)
