"""Published versions of process packages."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.errors import missing
from service.store.repositories.base import Repository, one
from service.store.rows import DefinitionRow
from service.store.rows.packages import definition

_LEFT_OUT = {"content": sa.literal(b"", sa.LargeBinary), "sources": sa.null()}
_WITHOUT_CONTENT = [_LEFT_OUT[c.name].label(c.name) if c.name in _LEFT_OUT else c for c in definition.c]


_OF_VERSION = one(definition, "version")
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
        ours = definition.c.package == package
        self._connection.execute(sa.update(definition).where(ours, definition.c.current).values(current=False))
        chosen = sa.update(definition).where(ours, definition.c.version == version).values(current=True)
        if self._change(chosen) != 1:
            raise missing("流程版本", "process version", version)

    def remove(self, version: str) -> None:
        """Remove a version that nothing refers to."""
        self._change(sa.delete(definition).where(definition.c.version == version))
