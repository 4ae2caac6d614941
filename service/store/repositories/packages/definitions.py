"""Published versions of process packages."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.errors import missing
from service.store.repositories.base import one
from service.store.repositories.choices import SealingRows
from service.store.rows import DefinitionRow
from service.store.rows.packages import definition
from service.store.seals.altered import SourcesAltered
from service.store.seals.choice_seals import SOURCES, VERSIONS
from service.store.seals.row_seals import mark_of

_WITHOUT_CONTENT = VERSIONS.columns
_OF_VERSION = one(definition, "version")
_LIGHT = sa.select(*_WITHOUT_CONTENT).where(definition.c.version == sa.bindparam("version"))
_TURNING = (
    sa.select(*_WITHOUT_CONTENT)
    .where(
        definition.c.package == sa.bindparam("package"),
        sa.or_(definition.c.current, definition.c.version == sa.bindparam("version")),
    )
    .with_for_update()
)
_CURRENTS = sa.select(*_WITHOUT_CONTENT).where(definition.c.current).order_by(definition.c.package)
_CURRENT = sa.select(*_WITHOUT_CONTENT).where(definition.c.package == sa.bindparam("package"), definition.c.current)


class DefinitionRepository(SealingRows):
    """Immutable versions; at most one of each package is current."""

    def insert(self, row: DefinitionRow) -> bool:
        """Keep a version unless it is known; returns whether it was new."""
        return bool(
            self._insert_new(
                definition, [SOURCES.rows.sealed(self.seals, VERSIONS.rows.sealed(self.seals, row))], "version"
            )
        )

    def get(self, version: str) -> DefinitionRow:
        """Return a version; raises NotFound."""
        row = self._first(DefinitionRow, _OF_VERSION, version=version)
        if row is None:
            raise missing("流程版本", "process version", version)
        return row

    def sources(self, version: str) -> bytes | None:
        """Return the compressed files that a version was made from; raises NotFound, SourcesAltered for those of others."""
        row = self.get(version)
        if self.lacks_sources(row):
            raise SourcesAltered(version)
        return row.sources

    def lacks_sources(self, row: DefinitionRow) -> bool:
        """Return whether the sources of a version, read with them, are not those that this installation kept."""
        asked = self.seals is not None and self.seals.asks_for(SOURCES.rows.table)
        return asked and SOURCES.rows.lacks(self.seals, row)

    def content(self, version: str) -> bytes:
        """Return the compressed files of a version, in a database of any age; raises NotFound."""
        found = self._scalar(sa.select(definition.c.content).where(definition.c.version == version))
        if found is None:
            raise missing("流程版本", "process version", version)
        return bytes(found)

    def current(self, package: str) -> DefinitionRow | None:
        """Return the version of a package (jurisdiction/award) that new cases get; its files are left out (empty)."""
        return next(iter(self._that_hold(VERSIONS, self._all(DefinitionRow, _CURRENT, package=package))), None)

    def currents(self) -> list[DefinitionRow]:
        """Return the current version of every package, by package; their files are left out (empty)."""
        return self._that_hold(VERSIONS, self._all(DefinitionRow, _CURRENTS))

    def versions(self, package: str) -> list[DefinitionRow]:
        """Return all versions of a package, newest first; their files are left out (empty)."""
        statement = sa.select(*_WITHOUT_CONTENT).where(definition.c.package == package)
        return self._all(DefinitionRow, statement.order_by(definition.c.published_at.desc()))

    def is_ours(self, version: str) -> bool:
        """Return whether this installation keeps a version as it stands; true of all where none needs a seal yet."""
        if self.seals is None or not self.seals.asks_for(definition.name):
            return True
        return bool(self._that_hold(VERSIONS, self._all(DefinitionRow, _LIGHT, version=version)))

    def set_current(self, package: str, version: str) -> None:
        """Let new cases of ``package`` get ``version``; the seal of the one before is taken back."""
        before = {row.version: row for row in self._all(DefinitionRow, _TURNING, package=package, version=version)}
        if version not in before:
            raise missing("流程版本", "process version", version)
        for row in sorted(before.values(), key=lambda row: row.version == version):  # one at a time is current
            self._turn(row, current=row.version == version)

    def _turn(self, row: DefinitionRow, *, current: bool) -> None:
        if row.current == current and not VERSIONS.rows.lacks(self.seals, row):
            return
        if self.seals is not None and row.seal:
            self.withdrawn.append(mark_of(row.seal))
        changes = VERSIONS.rows.resealed(self.seals, row, {"current": current})
        self._change(sa.update(definition).where(definition.c.version == row.version).values(changes))

    def remove(self, version: str) -> None:
        """Remove a version that nothing refers to."""
        self._change(sa.delete(definition).where(definition.c.version == version))
