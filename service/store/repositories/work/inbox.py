"""Messages between cases, kept until they are caught."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from service.store.repositories.base import Repository, one
from service.store.rows import InboxRow, Json
from service.store.rows.cases import inbox

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
