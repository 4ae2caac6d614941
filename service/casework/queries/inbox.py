"""The inbox: messages to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.store import Transaction

PAGE = 30


@dataclass(frozen=True, slots=True)
class Message:
    """A message; ``fresh`` when it was not read before, ``case_id`` None when its case is not the reader's to see."""

    id: int
    case_id: int | None
    subject: str
    text: str
    at: datetime
    fresh: bool
    documents: tuple[tuple[int, str], ...]


@guarded("inbox.view")
def list_messages(desk: Desk, actor: Actor, before: int | None = None) -> tuple[tuple[Message, ...], int | None]:
    """Return a page of the actor's messages, newest first, and leave them unread; second is where it goes on."""
    assert actor.person_id is not None
    with desk.store.read() as tx:
        rows = tx.mail.inbox(actor.person_id, PAGE + 1, before)
        shown = rows[:PAGE]
        seen = {i for i in {r.case_id for r in shown} if i is not None and may_view_case(actor, tx.cases.get(i), tx)}
        found = tuple(
            Message(
                r.id,
                r.case_id if r.case_id in seen else None,
                r.subject,
                r.text,
                r.queued_at,
                r.read_at is None,
                _titles(tx, r.documents),
            )
            for r in shown
        )
    return found, shown[-1].id if len(rows) > PAGE else None


@guarded("inbox.view")
def read_inbox(desk: Desk, actor: Actor, before: int | None = None) -> tuple[tuple[Message, ...], int | None]:
    """Return a page as `list_messages` does, and mark its messages as read: they are before the reader's eyes."""
    found, onward = list_messages(desk, actor, before)
    mark_read(desk, actor, [message.id for message in found if message.fresh])
    return found, onward


@guarded("inbox.view")
def mark_read(desk: Desk, actor: Actor, messages: Sequence[int]) -> None:
    """Mark those of ``messages`` as read that are the actor's; of others nothing is said."""
    assert actor.person_id is not None
    if messages:
        with desk.store.write() as tx:
            tx.mail.mark_read(actor.person_id, desk.clock.now(), messages)


@guarded("inbox.view")
def count_unread(desk: Desk, actor: Actor) -> int:
    """Return how many messages the actor has not read."""
    if actor.person_id is None:
        return 0
    with desk.store.read() as tx:
        return tx.mail.unread(actor.person_id)


def _titles(tx: Transaction, documents: object) -> tuple[tuple[int, str], ...]:
    ids = documents if isinstance(documents, list) else []
    return tuple((row.id, row.title) for row in (tx.documents.get(int(i)) for i in ids))
