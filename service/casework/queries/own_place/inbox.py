"""The inbox: messages to a person."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.store import Transaction
from service.store.errors import missing
from service.store.models import MailRow

PAGE = 30
_TASK = re.compile(r"^/tasks/(\d+)$", re.MULTILINE)
"""The page of a task to which a message leads."""


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
    """Return a page of the actor's messages, newest first; second is where it goes on.

    They stay unread, but for those that ask for a task which somebody has done.
    """
    with desk.store.read() as tx:
        rows = tx.mail.select("-id", limit=PAGE + 1, person_id=actor.signed_in_id, after=before)
        page_rows = rows[:PAGE]
        seen = {
            i for i in {r.case_id for r in page_rows} if i is not None and may_view_case(actor, tx.cases.get(i), tx)
        }
        done = _find_done(tx, page_rows)
        messages = tuple(
            replace(_build_message(tx, row, seen), fresh=row.read_at is None and row.id not in done)
            for row in page_rows
        )
    mark_read(desk, actor, sorted(done))
    return messages, page_rows[-1].id if len(rows) > PAGE else None


def _find_done(tx: Transaction, rows: Sequence[MailRow]) -> set[int]:
    """Return the unread messages that ask for a task which somebody has done."""
    asked = {row.id: int(found[1]) for row in rows if row.read_at is None and (found := _TASK.search(row.text))}
    tasks = tx.tasks.select(id=sorted(set(asked.values()))) if asked else []
    done = {task.id for task in tasks if task.state == "done"}
    return {ident for ident, task in asked.items() if task in done}


@guarded("inbox.view")
def read_message(desk: Desk, actor: Actor, message_id: int) -> Message:
    """Return one message, which is read by that; raises NotFound for one that is not the actor's."""
    with desk.store.read() as tx:
        row = tx.mail.get(message_id)
        if actor.person_id is None or row.person_id != actor.person_id:
            raise missing("消息", "message", message_id)
        sees = row.case_id is not None and may_view_case(actor, tx.cases.get(row.case_id), tx)
        message = _build_message(tx, row, {row.case_id} if row.case_id is not None and sees else set())
    if message.fresh:
        mark_read(desk, actor, [message_id])
    return message


@guarded("inbox.view")
def mark_read(desk: Desk, actor: Actor, messages: Sequence[int] | None) -> None:
    """Mark those of ``messages`` as read that are the actor's (None: all of theirs); of others nothing is said."""
    if messages is None or messages:
        with desk.store.write() as tx:
            tx.mail.change_where(
                {"person_id": actor.signed_in_id, "read_at": None, "id__in": messages}, read_at=desk.clock.now()
            )


@guarded("inbox.view")
def mark_page_read(desk: Desk, actor: Actor, page: str) -> None:
    """Mark the actor's newest unread messages that lead to ``page`` as read: there they have seen what it is about."""
    with desk.store.read() as tx:
        rows = tx.mail.select("-id", limit=PAGE, person_id=actor.signed_in_id, read_at=None)
    mark_read(desk, actor, [row.id for row in rows if page in row.text.splitlines()])


@guarded("inbox.view")
def count_unread(desk: Desk, actor: Actor) -> int:
    """Return how many messages the actor has not read."""
    if actor.person_id is None:
        return 0
    with desk.store.read() as tx:
        return tx.mail.unread(actor.person_id)


def _build_message(tx: Transaction, row: MailRow, seen: Collection[int]) -> Message:
    case = row.case_id if row.case_id in seen else None
    return Message(
        row.id, case, row.subject, row.text, row.queued_at, row.read_at is None, _list_titles(tx, row.documents)
    )


def _list_titles(tx: Transaction, documents: object) -> tuple[tuple[int, str], ...]:
    ids = documents if isinstance(documents, list) else []
    return tuple((row.id, row.title) for row in (tx.documents.get(int(i)) for i in ids))
