"""Messages between cases, kept until they are caught."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.store.repositories.base import one, values_of
from service.store.repositories.choices import SealingRows
from service.store.rows import InboxRow, Json
from service.store.rows.cases import inbox
from service.store.seals.choice_seals import MESSAGES
from service.store.seals.row_seals import mark_of

_WAITING = one(inbox, "case_id").where(inbox.c.caught_at.is_(None)).order_by(inbox.c.id)
_KEYED = one(inbox, "effect_key")


class InboxRepository(SealingRows):
    """What has arrived for cases."""

    def deliver(self, case_id: int, message: str, payload: Mapping[str, Json], effect_key: str, at: datetime) -> bool:
        """Keep a message for a case; returns whether its effect key was new. One that others wrote under it gives way."""
        row = InboxRow(case_id=case_id, message=message, payload=dict(payload), effect_key=effect_key, arrived_at=at)
        row = MESSAGES.rows.sealed(self.seals, row)
        if self._insert_new(inbox, [row], "effect_key"):
            return True
        there = self._all(InboxRow, _KEYED, effect_key=effect_key)
        foreign = [kept for kept in there if not MESSAGES.rows.counts(self.seals, kept)]
        for kept in foreign:
            self._alter(inbox, kept.id, values_of(row))
        return bool(foreign)

    def waiting(self, case_id: int) -> list[InboxRow]:
        """Return the messages not caught yet in the case, in order of arrival; those that others wrote or changed are none."""
        return self._that_hold(MESSAGES, self._all(InboxRow, _WAITING, case_id=case_id))

    def caught(self, row: InboxRow, at: datetime) -> None:
        """Note that a message was caught: it waits no more, though its row of before be put back."""
        self._alter(inbox, row.id, MESSAGES.rows.resealed(self.seals, row, {"caught_at": at}))
        if self.seals is not None and row.seal:
            self.later.append(mark_of(row.seal))
