"""Requests that programs marked with a key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import MarkedRequestRow
from service.store.rows.requests import marked_request


class RequestRepository(Repository):
    """Marked requests by their key."""

    def begin(self, row: MarkedRequestRow) -> bool:
        """Note a request unless its key is known; returns whether it was new."""
        return bool(self._insert_new(marked_request, [row], "key"))

    def get(self, key: str) -> MarkedRequestRow | None:
        """Return the request with this key."""
        return self._first(MarkedRequestRow, one(marked_request, "key"), key=key)

    def answer(self, key: str, status: int, answer: Any) -> None:
        """Note how a request was answered."""
        self._change(sa.update(marked_request).where(marked_request.c.key == key).values(status=status, answer=answer))

    def forget(self, key: str) -> None:
        """Let the key be used again: the request had no effect."""
        self._change(sa.delete(marked_request).where(marked_request.c.key == key))

    def forget_before(self, at: datetime) -> int:
        """Forget what was sent before ``at``; returns how many."""
        return self._change(sa.delete(marked_request).where(marked_request.c.at < at))
