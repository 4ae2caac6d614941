"""What was done with drafts and versions of packages: append-only and chained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.repositories.base import Repository, one, values_of
from service.store.repositories.proof.marks import first_unkeyed, own_mark
from service.store.rows import ChainMarkRow, PackageEventRow
from service.store.rows.acts import chain_mark
from service.store.rows.drafts import package_event
from service.store.seals.entry_macs import PACKAGE

_MARK = one(chain_mark, "chain")


class PackageEventRepository(Repository):
    """Events by package (jurisdiction/award)."""

    def insert(self, row: PackageEventRow) -> None:
        """Append an event; raises Stale after a concurrent one."""
        keyed = replace(row, mac=self._mac(f"{PACKAGE}{row.package}", row.seq, row.hash))
        statement = (
            self._upsert(package_event)
            .values(values_of(keyed))
            .on_conflict_do_nothing(index_elements=["package", "seq"])
        )
        if self._scalar(statement.returning(package_event.c.id)) is None:
            raise Stale

    def last(self, package: str) -> PackageEventRow | None:
        """Return the newest event of a package."""
        statement = sa.select(package_event).where(package_event.c.package == package)
        return self._first(PackageEventRow, statement.order_by(package_event.c.seq.desc()).limit(1))

    def first_foreign(self, package: str, rows: Sequence[PackageEventRow]) -> int | None:
        """Return the number of the first of these events that others added; None where this program did."""
        chain, told = f"{PACKAGE}{package}", [(row.seq, row.hash, row.mac) for row in rows]
        if first_unkeyed(self.seals, chain, told, None) is None:
            return None
        mark = self._first(ChainMarkRow, _MARK, chain=chain)
        return first_unkeyed(self.seals, chain, told, own_mark(self.seals, mark))

    def packages(self) -> list[str]:
        """Return the packages that have events."""
        return list(self._connection.scalars(sa.select(package_event.c.package).distinct().order_by("package")))

    def of_package(self, package: str) -> list[PackageEventRow]:
        """Return every event of a package, oldest first."""
        statement = sa.select(package_event).where(package_event.c.package == package)
        return self._all(PackageEventRow, statement.order_by(package_event.c.seq))
