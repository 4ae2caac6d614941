"""Archives of finished rounds."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one, values_of
from service.store.rows.archives import ArchivePartRow, ArchiveRow, archive, archive_part
from service.store.rows.cases import case

_LOCKED = one(archive, "id").with_for_update()
_PART = sa.select(archive_part.c.place).where(
    archive_part.c.archive_id == sa.bindparam("ident"), archive_part.c.place == sa.bindparam("place")
)
_GATHERED = sa.select(sa.func.count()).where(
    archive_part.c.archive_id == sa.bindparam("ident"), archive_part.c.place > 0
)


class ArchiveRepository(Repository):
    """What is gathered and sealed."""

    def begin(self, row: ArchiveRow) -> int:
        """Begin an archive and return its id."""
        return self._insert(archive, row)

    def get(self, ident: int) -> ArchiveRow:
        """Return an archive; raises NotFound."""
        return self._existing(ArchiveRow, ("归档", "archive"), one(archive, "id"), ident)

    def lock(self, ident: int) -> ArchiveRow:
        """Return an archive and keep others from adding to it until the end of the unit of work; raises NotFound."""
        return self._existing(ArchiveRow, ("归档", "archive"), _LOCKED, ident)

    def of_places(
        self, places: Collection[str] | None, limit: int = 100, before: int | None = None
    ) -> list[ArchiveRow]:
        """Return the archives of these places (None: of all), newest first, below the number ``before``."""
        found = sa.select(archive).order_by(archive.c.id.desc()).limit(limit)
        if before is not None:
            found = found.where(archive.c.id < before)
        return self._all(ArchiveRow, found if places is None else found.where(archive.c.jurisdiction.in_(places)))

    def of_round(self, case_id: int) -> list[ArchiveRow]:
        """Return the archives of a round, newest first."""
        return self._all(ArchiveRow, one(archive, "case_id").order_by(archive.c.id.desc()), case_id=case_id)

    def add_part(self, row: ArchivePartRow) -> None:
        """Keep the files of a case; one that is gathered already stays."""
        self._change(self._upsert(archive_part).on_conflict_do_nothing(), **values_of(row))

    def parts(self, ident: int) -> list[ArchivePartRow]:
        """Return what is gathered, in the order of the cases, the top first."""
        return self._all(ArchivePartRow, one(archive_part, "archive_id").order_by("place"), archive_id=ident)

    def gathered(self, ident: int) -> set[int]:
        """Return the places that are gathered."""
        found = sa.select(archive_part.c.place).where(archive_part.c.archive_id == ident)
        return set(self._connection.scalars(found))

    def has(self, ident: int, place: int) -> bool:
        """Return whether a case, or with 0 the top, is gathered."""
        return self._scalar(_PART, ident=ident, place=place) is not None

    def count_gathered(self, ident: int) -> int:
        """Return how many cases are gathered."""
        return int(self._scalar(_GATHERED, ident=ident))

    def close(self, ident: int, seal: str, at: datetime) -> None:
        """Seal an archive."""
        self._alter(archive, ident, {"seal": seal, "sealed_at": at})

    def unended(self, rounds: Collection[int]) -> dict[int, int]:
        """Return how many cases of each of these rounds have not ended, itself and all below it; none is left out."""
        if not rounds:
            return {}
        branch = _branches(case.c.id.in_(rounds))
        counted = sa.select(branch.c.top, sa.func.count()).join(case, case.c.id == branch.c.id)
        found = self._connection.execute(counted.where(case.c.status != "ended").group_by(branch.c.top))
        return {int(top): int(count) for top, count in found}


def _branches(*tops: sa.ColumnElement[bool]) -> sa.CTE:
    """Return every case of the rounds that ``tops`` picks: ``top`` is the round, ``id`` the case."""
    branch = sa.select(case.c.id.label("top"), case.c.id.label("id")).where(*tops).cte("branch", recursive=True)
    return branch.union(sa.select(branch.c.top, case.c.id).join(branch, case.c.parent_id == branch.c.id))
