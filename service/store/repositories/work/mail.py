"""Messages to people, by mail and in their inbox."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.errors import missing
from service.store.repositories.base import among, one, rows_of, values_of
from service.store.repositories.choices import SealingRows
from service.store.repositories.row_counts import RowCountRepository, beside
from service.store.repositories.unit_of_work import joined
from service.store.rows import MailRow
from service.store.rows.work import mail
from service.store.seals.altered import LetterAltered
from service.store.seals.choice_seals import LETTERS
from service.store.seals.counted_rows import LETTERS as COUNTED_LETTERS
from service.store.seals.counted_rows import Fewer

_NAME = ("消息", "message")
_KEYED = one(mail, "effect_key")
_OF_KEYS = sa.select(mail).where(among(mail.c.effect_key, "keys"))
_PAGE = sa.select(mail).where(mail.c.id > sa.bindparam("after")).order_by(mail.c.id).limit(sa.bindparam("most"))
_NEWEST = sa.select(mail).order_by(mail.c.id.desc()).limit(sa.bindparam("most"))
_UNREAD = (
    sa.select(mail)
    .where(mail.c.person_id == sa.bindparam("person"), mail.c.read_at.is_(None))
    .order_by(mail.c.id.desc())
    .limit(sa.bindparam("most"))
)
MOST_UNREAD = 99
"""So many unread messages are counted: nobody reads a larger number off the head of a page."""


class MailRepository(SealingRows):
    """Messages, once per effect key; one that others wrote, or changed, is as if it were not there."""

    def queue_many(self, messages: Sequence[MailRow]) -> list[str]:
        """Add those messages whose ``effect_key`` is new, in one statement; returns the keys that were.

        One that others wrote under such a key gives way.
        """
        sealed = [LETTERS.rows.sealed(self.seals, row) for row in messages]
        new = self._insert_new(mail, sealed, "effect_key")
        first = {row.effect_key: row for row in reversed(sealed)}  # of two under one key the first is added
        for effect_key in new:
            self._count(mail, first[effect_key])
        there = {row.effect_key: row for row in sealed if row.effect_key not in new} if self.seals is not None else {}
        for kept in self._all(MailRow, _OF_KEYS, keys=[*there]) if there else ():
            if not LETTERS.rows.counts(self.seals, kept):
                self._alter(mail, kept.id, {**values_of(there[kept.effect_key])})
                new.append(kept.effect_key)
        return new

    def get(self, mail_id: int) -> MailRow:
        """Return a message; raises NotFound."""
        found = self._that_hold(LETTERS, [self._existing(MailRow, _NAME, one(mail, "id"), mail_id)])
        if not found:
            raise missing(*_NAME, mail_id)
        return found[0]

    def by_key(self, effect_key: str) -> MailRow | None:
        """Return the message queued under this effect key."""
        return next(iter(self._that_hold(LETTERS, self._all(MailRow, _KEYED, effect_key=effect_key))), None)

    def to_send(self, effect_key: str) -> MailRow | None:
        """Return the same; raises LetterAltered where others wrote it. One that cannot be read here has no text."""
        row = self._first(MailRow, _KEYED, effect_key=effect_key)
        if row is not None and row.text and not LETTERS.rows.counts(self.seals, row):
            raise LetterAltered(row.id)
        return row

    def page(self, after: int, most: int) -> list[MailRow]:
        """Return the next messages above number ``after``, whoever wrote them."""
        return self._all(MailRow, _PAGE, after=after, most=most)

    def newest(self, most: int) -> list[MailRow]:
        """Return the newest messages, whoever wrote them."""
        return self._all(MailRow, _NEWEST, most=most)

    def lacks_seal(self, row: MailRow) -> bool:
        """Return whether a message has no seal of this installation; nothing is said of one that cannot be read here."""
        return bool(row.text) and LETTERS.rows.lacks(self.seals, row)

    def seal(self, row: MailRow) -> None:
        """Seal a message of a program before, or of an old backup, as it stands now; one that was sealed since is left."""
        now = self._as_it_is(MailRow, mail, row.id)
        if now is not None and self.lacks_seal(now):
            self._alter(mail, row.id, {"seal": LETTERS.rows.sealed(self.seals, now).seal})

    def mark_sent(self, mail_id: int, at: datetime) -> None:
        """Note that the mail server took the message."""
        self._alter(mail, mail_id, {"sent_at": at})

    def unsent_of(self, person_id: int, prefixes: Iterable[str]) -> list[MailRow]:
        """Return a person's unsent mails whose effect key starts with one of ``prefixes``, oldest first."""
        where = (mail.c.person_id == person_id, mail.c.sent_at.is_(None), mail.c.address.is_not(None))
        keyed = sa.or_(*(mail.c.effect_key.startswith(each, autoescape=True) for each in prefixes))
        return self._that_hold(LETTERS, self._all(MailRow, sa.select(mail).where(*where, keyed).order_by(mail.c.id)))

    def of_case(self, case_id: int) -> list[MailRow]:
        """Return the messages of a case, oldest first."""
        rows = self._all(MailRow, sa.select(mail).where(mail.c.case_id == case_id).order_by(mail.c.id))
        return self._that_hold(LETTERS, rows)

    def inbox(self, person_id: int, limit: int = 50, before: int | None = None) -> list[MailRow]:
        """Return a person's messages, newest first; ``before`` is the last id of the page above."""
        return self.inbox_counted(person_id, limit, before)[0]

    def inbox_counted(
        self, person_id: int, limit: int, before: int | None = None
    ) -> tuple[list[MailRow], Fewer | None]:
        """Return the same, and how many of all their messages others deleted, in one statement; None where none is missing."""
        found, gone, read = list[MailRow](), None, limit
        while read == limit > len(found):
            counts, page = self._page_of(person_id, limit, before)
            gone = joined(RowCountRepository(self._connection), self).missing_by(COUNTED_LETTERS, person_id, counts)
            found += self._that_hold(LETTERS, page)
            read, before = len(page), page[-1].id if page else None  # others wrote some of them
        return found[:limit], gone

    def _page_of(self, person_id: int, limit: int, before: int | None) -> tuple[Sequence[Any], list[MailRow]]:
        """Return the columns `beside`, and the messages of a page."""
        own = sa.select(mail).where(mail.c.person_id == person_id)
        if before is not None:
            own = own.where(mail.c.id < before)
        page = own.order_by(mail.c.id.desc()).limit(limit).subquery()
        counted = sa.select(*beside(COUNTED_LETTERS, person_id)).subquery()
        statement = sa.select(counted, page).outerjoin_from(counted, page, sa.true()).order_by(page.c.id.desc())
        rows = self._told_rows(statement)
        width = len(counted.c)
        return rows[0][:width], rows_of(
            MailRow, tuple(page.c.keys()), [row[width:] for row in rows if row[width] is not None]
        )

    def unread(self, person_id: int) -> int:
        """Return how many messages a person has not read, at most `MOST_UNREAD`; those that others wrote do not count."""
        found = self._all(MailRow, _UNREAD, person=person_id, most=MOST_UNREAD)
        return len(self._that_hold(LETTERS, found))

    def mark_read(self, person_id: int, at: datetime, mail_ids: Collection[int] | None = None) -> int:
        """Mark these messages of a person (None: all) as read; returns how many were unread."""
        statement = sa.update(mail).where(mail.c.person_id == person_id, mail.c.read_at.is_(None))
        if mail_ids is not None:
            statement = statement.where(mail.c.id.in_(mail_ids))
        return self._change(statement.values(read_at=at))
