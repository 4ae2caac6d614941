"""Who else has a draft open, and which file; and what was published since the draft was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.definitions.publications import APPROVED
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import OPEN, REVIEW, base_withdrawn, visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog.pieces.piece_kinds import ONLY_ONE, kind_of, title_in
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import DefinitionRow, DraftPresenceRow

_STILL_THERE = timedelta(minutes=2)
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody else at a draft: the file at ``path`` they have open, by its ``title``; both "" for none."""

    name: str
    path: str
    title: Text
    at: datetime


@dataclass(frozen=True, slots=True)
class Meeting:
    """What somebody at a draft should know: the ``others`` there, and the version ``newer`` than the one it began with.

    ``withdrawn``: the one that it began with was withdrawn, and ``newer`` is the one before, which is in force again.
    """

    others: tuple[Present, ...]
    newer: DefinitionRow | None
    withdrawn: bool = False


@guarded("draft.view")
def note_presence(desk: Desk, actor: Actor, draft: int, path: str) -> Meeting:
    """Note that ``actor`` has file ``path`` of ``draft`` open ("": the draft itself); returns the others of the last two minutes."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = visible_draft(tx, actor, draft)
        assert actor.person_id is not None
        tx.package_drafts.meet(
            DraftPresenceRow(draft_id=draft, person_id=actor.person_id, name=actor.name, path=path[:_LONGEST], at=now)
        )
        seen = tx.package_drafts.present(draft, now - _STILL_THERE)
        others = tuple(_present(desk, tx, one) for one in seen if one.person_id != actor.person_id)
        current = tx.definitions.current(row.package) if row.state in (OPEN, REVIEW, APPROVED) else None
        newer = current if current is not None and current.version != row.base else None
        return Meeting(others, newer, newer is not None and base_withdrawn(tx, row, newer))


def _present(desk: Desk, tx: Transaction, row: DraftPresenceRow) -> Present:
    return Present(row.name, row.path, _title(desk, tx, row) if row.path else Text("", ""), row.at)


def _title(desk: Desk, tx: Transaction, row: DraftPresenceRow) -> Text:
    """Return what the file that somebody has open is called, as the page of its editor says it."""
    name = ONLY_ONE.get(kind_of(row.path))
    if name is not None:
        return name
    said = title_in(tree_of(desk, tx, row.draft_id).opened(row.path) or b"", row.path)
    return Text(f"“{said}”", f"“{said}”")
