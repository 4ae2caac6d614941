"""Epochs that restores of backups began."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.restoring import finish_restore
from service.store.rows import EpochRow
from service.store.rows.epochs import epoch

_OPEN = epoch.c.released_at.is_(None)

UNRELEASED = sa.exists(sa.select(epoch.c.id).where(_OPEN))
"""Whether a restore waits for a person to look at what would leave, as a condition of other statements."""


class EpochRepository(Repository):
    """What restores began, and who let the world outside be told again."""

    def begin(self, row: EpochRow) -> int:
        """Begin an epoch and return its id; the restore that it belongs to is finished with it."""
        finish_restore(self._connection)
        return self._insert(epoch, row)

    def unreleased(self) -> EpochRow | None:
        """Return the newest epoch that no person has released yet."""
        newest = sa.select(epoch).where(_OPEN).order_by(epoch.c.id.desc()).limit(1)
        return self._first(EpochRow, newest)

    def begun_after(self, at: datetime) -> EpochRow | None:
        """Return the newest epoch that began after ``at``: what was restored as of then cannot hold it."""
        return self._first(EpochRow, sa.select(epoch).where(epoch.c.begun_at > at).order_by(epoch.c.id.desc()).limit(1))

    def any(self) -> bool:
        """Say whether a backup was ever restored here."""
        return bool(self._scalar(sa.select(sa.exists(sa.select(epoch.c.id)))))

    def every(self) -> list[EpochRow]:
        """Return every restore, the oldest first."""
        return self._all(EpochRow, sa.select(epoch).order_by(epoch.c.id))

    def get(self, ident: int) -> EpochRow:
        """Return an epoch; raises NotFound."""
        return self._existing(EpochRow, ("恢复记录", "record of a restore"), one(epoch, "id"), ident)

    def note(self, ident: int, found: Mapping[str, object]) -> None:
        """Keep what the beginning of an epoch changed."""
        self._alter(epoch, ident, {"found": dict(found)})

    def release(self, ident: int, at: datetime, person: int | None, reason: str) -> bool:
        """Release an epoch and those before it; returns whether it still was unreleased."""
        waiting = sa.update(epoch).where(epoch.c.id <= ident, _OPEN)
        return self._change(waiting.values(released_at=at, released_by=person, reason=reason)) > 0
