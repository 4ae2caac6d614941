"""Versions of packages and their drafts, moves of running cases to them, and what the studio plays and records."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.models import DefinitionRow, DraftRevisionRow, PackageDraftRow, ScenarioResultRow, StudioJobRow
from service.store.models.columns import brief_columns
from service.store.models.packages import definition, draft_revision
from service.store.queries.rows import Rows


class DefinitionRepository(Rows[DefinitionRow]):
    """Immutable versions; at most one of each package is current."""

    def content(self, version: str) -> bytes:
        """Return the compressed files of a version, in a database of any age; raises NotFound."""
        for content in self.pick("content", version=version):
            return bytes(content)
        raise self._missing(version)

    def of_package(self, package: str) -> list[DefinitionRow]:
        """Return the versions of a package, newest first, without their files."""
        return self._all(DefinitionRow, _OF_PACKAGE, package=package)

    def all_current(self) -> list[DefinitionRow]:
        """Return the version of each package that new cases get, by package, without its files."""
        return self._all(DefinitionRow, _CURRENT)

    def current(self, package: str) -> DefinitionRow | None:
        """Return the version of a package (jurisdiction/award) that new cases get; its files are left out (empty)."""
        return next(iter(self.select(package=package, current=True)), None)

    def set_current(self, package: str, version: str) -> None:
        """Let new cases of ``package`` get ``version``."""
        turning = sa.or_(definition.c.current, definition.c.version == version)
        locked = sa.select(*brief_columns(definition)).where(definition.c.package == package, turning).with_for_update()
        before = {row.version: row for row in self._all(DefinitionRow, locked)}
        if version not in before:
            raise self._missing(version)
        for row in sorted(before.values(), key=lambda row: row.version == version):  # one at a time is current
            if row.current != (row.version == version):
                self.change_where({"version": row.version}, current=not row.current)


_OF_PACKAGE = DefinitionRepository.write("-published_at", package=sa.bindparam("package"))
_CURRENT = DefinitionRepository.write("package", current=True)


class PackageDraftRepository(Rows[PackageDraftRow]):
    """Drafts of packages."""

    def brief(self, draft: int) -> PackageDraftRow:
        """Return a draft without the files it was opened from (empty); raises NotFound."""
        for row in self.select(id=draft):
            return row
        raise self._missing(draft)

    def alive(self) -> list[PackageDraftRow]:
        """Return every draft that is neither published nor discarded, without its files, newest change first."""
        return self.select("-changed_at", state=("open", "review", "approved"))


class DraftRevisionRepository(Rows[DraftRevisionRow]):
    """An append-only list of revisions of each draft."""

    def newest(self, draft: int, until: int | None = None) -> list[DraftRevisionRow]:
        """Return the newest revision of every path that was changed, or that held at revision ``until``, by path."""
        conditions = [draft_revision.c.draft_id == draft]
        before = conditions if until is None else [*conditions, draft_revision.c.revision <= until]
        last = sa.select(sa.func.max(draft_revision.c.revision)).where(*before).group_by(draft_revision.c.path)
        statement = sa.select(draft_revision).where(*conditions, draft_revision.c.revision.in_(last))
        return self._all(DraftRevisionRow, statement.order_by(draft_revision.c.path))


class StudioJobRepository(Rows[StudioJobRow]):
    """Long work for drafts, by draft and key."""

    def begin(self, row: StudioJobRow) -> int:
        """Keep a new job and return its id; those with its key that are not over are stopped, old ones go."""
        same = {"draft_id": row.draft_id, "key": row.key}
        self.change_where({**same, "ended_at": None}, state="stopped", ended_at=row.begun_at)
        last = max(self.pick("id", **same, state="done"), default=0)
        self.delete(**same, ended_at__ne=None, id__lt=last)
        return self.insert(row)


class ScenarioResultRepository(Rows[ScenarioResultRow]):
    """What the newest play of each scenario of a draft came to."""

    order = "path"
