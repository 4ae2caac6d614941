"""Published versions of process packages."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from service.store.errors import missing
from service.store.repositories.base import Repository, one
from service.store.rows import DefinitionRow
from service.store.rows.packages import definition


def _empty(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return (sa.null() if column.nullable else sa.literal(b"", sa.LargeBinary)).label(column.name)


_LONG = ("content", "sources")
_WITHOUT_CONTENT = [_empty(column) if column.name in _LONG else column for column in definition.c]
_OF_VERSION = one(definition, "version")
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


class DefinitionRepository(Repository):
    """Immutable versions; at most one of each package is current."""

    def insert(self, row: DefinitionRow) -> bool:
        """Keep a version unless it is known; returns whether it was new."""
        return bool(self._insert_new(definition, [row], "version"))

    def get(self, version: str) -> DefinitionRow:
        """Return a version; raises NotFound."""
        row = self._first(DefinitionRow, _OF_VERSION, version=version)
        if row is None:
            raise missing("流程版本", "process version", version)
        return row

    def sources(self, version: str) -> bytes | None:
        """Return the compressed files that a version was made from; raises NotFound."""
        return self.get(version).sources

    def content(self, version: str) -> bytes:
        """Return the compressed files of a version, in a database of any age; raises NotFound."""
        found = self._scalar(sa.select(definition.c.content).where(definition.c.version == version))
        if found is None:
            raise missing("流程版本", "process version", version)
        return bytes(found)

    def current(self, package: str) -> DefinitionRow | None:
        """Return the version of a package (jurisdiction/award) that new cases get; its files are left out (empty)."""
        return self._first(DefinitionRow, _CURRENT, package=package)

    def currents(self) -> list[DefinitionRow]:
        """Return the current version of every package, by package; their files are left out (empty)."""
        return self._all(DefinitionRow, _CURRENTS)

    def versions(self, package: str) -> list[DefinitionRow]:
        """Return all versions of a package, newest first; their files are left out (empty)."""
        statement = sa.select(*_WITHOUT_CONTENT).where(definition.c.package == package)
        return self._all(DefinitionRow, statement.order_by(definition.c.published_at.desc()))

    def set_current(self, package: str, version: str) -> None:
        """Let new cases of ``package`` get ``version``."""
        before = {row.version: row for row in self._all(DefinitionRow, _TURNING, package=package, version=version)}
        if version not in before:
            raise missing("流程版本", "process version", version)
        for row in sorted(before.values(), key=lambda row: row.version == version):  # one at a time is current
            if row.current != (row.version == version):
                turned = sa.update(definition).where(definition.c.version == row.version)
                self._change(turned.values(current=not row.current))

    def remove(self, version: str) -> None:
        """Remove a version that nothing refers to."""
        self._change(sa.delete(definition).where(definition.c.version == version))
