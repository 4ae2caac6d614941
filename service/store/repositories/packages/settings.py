"""Changes of settings by cities: append-only and chained."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.repositories.base import Repository, among, one, values_of
from service.store.rows import SettingRow
from service.store.rows.packages import setting

_OF_PACKAGE = one(setting, "package").order_by(setting.c.seq)
_OF_PARAMETER = (
    sa.select(setting)
    .where(among(setting.c.package, "packages"), setting.c.parameter == sa.bindparam("parameter"))
    .order_by(setting.c.package, setting.c.seq)
)


class SettingRepository(Repository):
    """Changes of parameters, by package (jurisdiction/award)."""

    def insert(self, row: SettingRow) -> None:
        """Append a change; raises Stale after a concurrent change."""
        statement = (
            self._upsert(setting).values(values_of(row)).on_conflict_do_nothing(index_elements=["package", "seq"])
        )
        ident = self._scalar(statement.returning(setting.c.id))
        if ident is None:
            raise Stale
        self._note_changed(setting, (ident,))

    def packages(self) -> list[str]:
        """Return the packages that have changes."""
        return list(self._connection.scalars(sa.select(setting.c.package).distinct().order_by("package")))

    def of_package(self, package: str) -> list[SettingRow]:
        """Return every change of a package, oldest first."""
        return self._all(SettingRow, _OF_PACKAGE, package=package)

    def of_parameter(self, packages: Collection[str], parameter: str) -> list[SettingRow]:
        """Return those of one parameter in several packages, oldest first in each."""
        if not packages:
            return []
        return self._all(SettingRow, _OF_PARAMETER, packages=sorted(packages), parameter=parameter)
