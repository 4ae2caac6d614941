"""Rows of files that are still arriving; their pieces lie in the file store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import UnfinishedUploadRow
from service.store.rows.unfinished_uploads import unfinished_upload as table

_ONE = one(table, "id")
_OPEN = sa.select(sa.func.count()).where(table.c.person_id == sa.bindparam("person"), table.c.upload_id.is_(None))
_LOCKED = _ONE.with_for_update()
_PUBLIC = sa.select(sa.func.sum(table.c.received)).where(table.c.person_id.is_(None), table.c.upload_id.is_(None))


class UnfinishedUploadRepository(Repository):
    """Files of which some bytes have arrived."""

    def insert(self, row: UnfinishedUploadRow) -> None:
        """Record that a file begins to arrive."""
        self._put(table, [row])

    def get(self, ident: str) -> UnfinishedUploadRow:
        """Return one; raises NotFound."""
        return self._existing(UnfinishedUploadRow, ("未传完的附件", "unfinished upload"), _ONE, ident)

    def lock(self, ident: str) -> UnfinishedUploadRow | None:
        """Return one that nobody else changes until this unit of work ends, None where it is gone."""
        return self._first(UnfinishedUploadRow, _LOCKED, id=ident)

    def extend(self, ident: str, offset: int, size: int, pieces: Sequence[dict[str, Any]]) -> bool:
        """Record ``size`` more bytes after ``offset``; returns False where another request was quicker."""
        where = (table.c.id == ident, table.c.received == offset, table.c.upload_id.is_(None))
        return self._change(sa.update(table).where(*where).values(received=offset + size, pieces=list(pieces))) == 1

    def finish(self, ident: str, upload_id: str) -> bool:
        """Record which upload it became; returns False where another request was quicker."""
        where = (table.c.id == ident, table.c.upload_id.is_(None))
        return self._change(sa.update(table).where(*where).values(upload_id=upload_id, pieces=[])) == 1

    def remove(self, ident: str) -> None:
        """Forget one."""
        self._change(sa.delete(table).where(table.c.id == ident))

    def count_open(self, person_id: int) -> int:
        """Return how many files of a person are still arriving."""
        return int(self._scalar(_OPEN, person=person_id))

    def public_bytes(self) -> int:
        """Return how many bytes have come of files that people without an account did not finish sending."""
        return int(self._scalar(_PUBLIC) or 0)
