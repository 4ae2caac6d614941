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

    def unsealed_rounds(self, before: datetime, kinds: Collection[tuple[str, str, str]]) -> int:
        """Return how many rounds (place, award, kind) have no sealed archive and ended before an instant.

        A round has ended when every case of it has, with the last of them.
        """
        sealed = sa.select(archive.c.id).where(archive.c.case_id == case.c.id, archive.c.sealed_at.is_not(None))
        total = 0
        for place, award, kind in kinds:
            of_kind = (case.c.jurisdiction == place, case.c.award == award, case.c.process == kind)
            ended = (case.c.parent_id.is_(None), case.c.status == "ended", case.c.ended_at < before)
            branch = _branches(*of_kind, *ended, ~sa.exists(sealed))
            last = sa.func.max(case.c.ended_at) < before
            whole = sa.select(branch.c.top).join(case, case.c.id == branch.c.id).group_by(branch.c.top)
            over = whole.having(sa.func.sum(_UNENDED) == 0, last).subquery()
            total += int(self._scalar(sa.select(sa.func.count()).select_from(over)))
        return total

    def unended(self, rounds: Collection[int]) -> dict[int, int]:
        """Return how many cases of each of these rounds have not ended, itself and all below it; none is left out."""
        if not rounds:
            return {}
        branch = _branches(case.c.id.in_(rounds))
        counted = sa.select(branch.c.top, sa.func.count()).join(case, case.c.id == branch.c.id)
        found = self._connection.execute(counted.where(case.c.status != "ended").group_by(branch.c.top))
        return {int(top): int(count) for top, count in found}


_UNENDED = sa.case((case.c.status != "ended", 1), else_=0)


def _branches(*tops: sa.ColumnElement[bool]) -> sa.CTE:
    """Return every case of the rounds that ``tops`` picks: ``top`` is the round, ``id`` the case."""
    branch = sa.select(case.c.id.label("top"), case.c.id.label("id")).where(*tops).cte("branch", recursive=True)
    return branch.union(sa.select(branch.c.top, case.c.id).join(branch, case.c.parent_id == branch.c.id))
