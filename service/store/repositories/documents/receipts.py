"""Receipts of people without account, and how often an address tried."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.rows import AttemptRow, ReceiptRow
from service.store.rows.receipts import attempt, receipt


class ReceiptRepository(Repository):
    """What objectors hold in hand."""

    def insert(self, row: ReceiptRow) -> None:
        """Record a receipt."""
        self._put(receipt, [row])

    def by_code(self, code_hash: str) -> ReceiptRow | None:
        """Return the receipt with this hash of its code."""
        return self._first(ReceiptRow, sa.select(receipt).where(receipt.c.code_hash == code_hash))

    def of_case(self, case_id: int) -> ReceiptRow | None:
        """Return the receipt of a case, None when it was not lodged by the public."""
        return self._first(ReceiptRow, sa.select(receipt).where(receipt.c.case_id == case_id))

    def count_attempts(self, kind: str, origin: str, since: datetime) -> int:
        """Return how often ``origin`` tried ``kind`` since then."""
        where = (attempt.c.origin == origin, attempt.c.kind == kind, attempt.c.at > since)
        return int(self._scalar(sa.select(sa.func.count()).select_from(attempt).where(*where)) or 0)

    def bytes_sent(self, kind: str, origin: str, since: datetime) -> int:
        """Return how many bytes ``origin`` sent with ``kind`` since then."""
        where = (attempt.c.origin == origin, attempt.c.kind == kind, attempt.c.at > since)
        return int(self._scalar(sa.select(sa.func.sum(attempt.c.bytes)).where(*where)) or 0)

    def note_attempt(
        self, kind: str, origin: str, at: datetime, forget_before: datetime, size: int | None = None
    ) -> None:
        """Write an attempt down and forget those of this origin from before ``forget_before``."""
        old = (attempt.c.origin == origin, attempt.c.kind == kind, attempt.c.at < forget_before)
        self._connection.execute(sa.delete(attempt).where(*old))
        self._insert(attempt, AttemptRow(kind=kind, origin=origin, at=at, bytes=size))
