"""What was done with drafts and versions of packages: append-only and chained."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.repositories.base import Repository, values_of
from service.store.rows import PackageEventRow
from service.store.rows.drafts import package_event


class PackageEventRepository(Repository):
    """Events by package (jurisdiction/award)."""

    def insert(self, row: PackageEventRow) -> None:
        """Append an event; raises Stale after a concurrent one."""
        statement = (
            self._upsert(package_event).values(values_of(row)).on_conflict_do_nothing(index_elements=["package", "seq"])
        )
        if self._scalar(statement.returning(package_event.c.id)) is None:
            raise Stale

    def last(self, package: str) -> PackageEventRow | None:
        """Return the newest event of a package."""
        statement = sa.select(package_event).where(package_event.c.package == package)
        return self._first(PackageEventRow, statement.order_by(package_event.c.seq.desc()).limit(1))

    def packages(self) -> list[str]:
        """Return the packages that have events."""
        return list(self._connection.scalars(sa.select(package_event.c.package).distinct().order_by("package")))

    def of_package(self, package: str) -> list[PackageEventRow]:
        """Return every event of a package, oldest first."""
        statement = sa.select(package_event).where(package_event.c.package == package)
        return self._all(PackageEventRow, statement.order_by(package_event.c.seq))
