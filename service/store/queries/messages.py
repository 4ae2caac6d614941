"""Messages between cases, kept until they are caught, and messages to people, by mail and in their inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.models import InboxRow, Json, MailRow
from service.store.models.cases import inbox
from service.store.models.work import mail
from service.store.queries.base import Repository, one

_WAITING = one(inbox, "case_id").where(inbox.c.caught_at.is_(None)).order_by(inbox.c.id)


class InboxRepository(Repository):
    """What has arrived for cases."""

    def deliver(self, case_id: int, message: str, payload: Mapping[str, Json], effect_key: str, at: datetime) -> bool:
        """Keep a message for a case; returns whether its effect key was new."""
        row = InboxRow(case_id=case_id, message=message, payload=dict(payload), effect_key=effect_key, arrived_at=at)
        return bool(self._insert_new(inbox, [row], "effect_key"))

    def waiting(self, case_id: int) -> list[InboxRow]:
        """Return the messages not caught yet in the case, in order of arrival."""
        return self._all(InboxRow, _WAITING, case_id=case_id)

    def caught(self, row: InboxRow, at: datetime) -> None:
        """Note that a message was caught."""
        self._alter(inbox, row.id, {"caught_at": at})


_NAME = ("消息", "message")
_KEYED = one(mail, "effect_key")
_UNREAD = sa.select(sa.func.count()).select_from(
    sa.select(mail.c.id)
    .where(mail.c.person_id == sa.bindparam("person"), mail.c.read_at.is_(None))
    .limit(sa.bindparam("most"))
    .subquery()
)
MOST_UNREAD = 99
"""So many unread messages are counted: nobody reads a larger number off the head of a page."""


class MailRepository(Repository):
    """Messages, once per effect key."""

    def queue_many(self, messages: Sequence[MailRow]) -> list[str]:
        """Add those messages whose ``effect_key`` is new, in one statement; returns the keys that were."""
        return self._insert_new(mail, messages, "effect_key")

    def get(self, mail_id: int) -> MailRow:
        """Return a message; raises NotFound."""
        return self._existing(MailRow, _NAME, one(mail, "id"), mail_id)

    def by_key(self, effect_key: str) -> MailRow | None:
        """Return the message queued under this effect key."""
        return self._first(MailRow, _KEYED, effect_key=effect_key)

    def mark_sent(self, mail_id: int, at: datetime) -> None:
        """Note that the mail server took the message."""
        self._alter(mail, mail_id, {"sent_at": at})

    def unsent_of(self, person_id: int, prefixes: Iterable[str]) -> list[MailRow]:
        """Return a person's unsent mails whose effect key starts with one of ``prefixes``, oldest first."""
        where = (mail.c.person_id == person_id, mail.c.sent_at.is_(None), mail.c.address.is_not(None))
        keyed = sa.or_(*(mail.c.effect_key.startswith(each, autoescape=True) for each in prefixes))
        return self._all(MailRow, sa.select(mail).where(*where, keyed).order_by(mail.c.id))

    def of_case(self, case_id: int) -> list[MailRow]:
        """Return the messages of a case, oldest first."""
        return self._all(MailRow, sa.select(mail).where(mail.c.case_id == case_id).order_by(mail.c.id))

    def inbox(self, person_id: int, limit: int = 50, before: int | None = None) -> list[MailRow]:
        """Return a person's messages, newest first; ``before`` is the last id of the page above."""
        own = sa.select(mail).where(mail.c.person_id == person_id)
        if before is not None:
            own = own.where(mail.c.id < before)
        return self._all(MailRow, own.order_by(mail.c.id.desc()).limit(limit))

    def unread(self, person_id: int) -> int:
        """Return how many messages a person has not read, at most `MOST_UNREAD`."""
        return int(self._scalar(_UNREAD, person=person_id, most=MOST_UNREAD))

    def mark_read(self, person_id: int, at: datetime, mail_ids: Collection[int] | None = None) -> int:
        """Mark these messages of a person (None: all) as read; returns how many were unread."""
        statement = sa.update(mail).where(mail.c.person_id == person_id, mail.c.read_at.is_(None))
        if mail_ids is not None:
            statement = statement.where(mail.c.id.in_(mail_ids))
        return self._change(statement.values(read_at=at))
