"""Sealed seasons."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows.sealed_seasons import SealedSeasonRow, sealed_season

_OF_ROUND = one(sealed_season, "case_id").order_by(sealed_season.c.id.desc())
_PUBLIC = sa.select(sealed_season).where(sealed_season.c.published_at.is_not(None))
_AFTER = (
    sa.select(sealed_season)
    .where(sealed_season.c.id > sa.bindparam("after"))
    .order_by(sealed_season.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
)
_LOCKED = one(sealed_season, "id").with_for_update()
_NAME = ("封存", "sealed season")


class SealedSeasonRepository(Repository):
    """Bundles of rounds."""

    def insert(self, row: SealedSeasonRow) -> int:
        """Keep a bundle and return its number."""
        return self._insert(sealed_season, row)

    def get(self, ident: int) -> SealedSeasonRow:
        """Return a bundle; raises NotFound."""
        return self._existing(SealedSeasonRow, _NAME, one(sealed_season, "id"), ident)

    def lock(self, ident: int) -> SealedSeasonRow:
        """Return a bundle and keep others from publishing it until the end of the unit of work; raises NotFound."""
        return self._existing(SealedSeasonRow, _NAME, _LOCKED, ident)

    def publish(self, ident: int, at: datetime, by: int | None) -> None:
        """Make a bundle public."""
        self._alter(sealed_season, ident, {"published_at": at, "published_by": by})

    def of_round(self, case_id: int) -> list[SealedSeasonRow]:
        """Return the bundles of a round, newest first."""
        return self._all(SealedSeasonRow, _OF_ROUND, case_id=case_id)

    def after(self, ident: int, limit: int) -> list[SealedSeasonRow]:
        """Return the bundles whose number is higher, oldest first."""
        return self._all(SealedSeasonRow, _AFTER, after=ident, most=limit)

    def public(self, jurisdiction: str | None, limit: int, before: int | None = None) -> list[SealedSeasonRow]:
        """Return the public bundles of a jurisdiction (None: of all), newest first, below the number ``before``."""
        found = _PUBLIC.order_by(sealed_season.c.id.desc()).limit(limit)
        if before is not None:
            found = found.where(sealed_season.c.id < before)
        return self._all(
            SealedSeasonRow,
            found if jurisdiction is None else found.where(sealed_season.c.jurisdiction == jurisdiction),
        )
