"""What the database knows of the installation it belongs to."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows.installation import InstallationRow, installation


class InstallationRepository(Repository):
    """The one row of the installation."""

    def kept(self) -> InstallationRow | None:
        """Return the row; None where no process settled it yet."""
        return self._first(InstallationRow, one(installation, "id"), id=1)

    def settle(self, row: InstallationRow) -> InstallationRow:
        """Keep ``row`` unless one is kept already; returns the one that holds."""
        kept = self._upsert(installation).on_conflict_do_nothing(index_elements=["id"])
        self._connection.execute(kept, {"id": 1, "files": row.files, "keys": row.keys, "made_at": row.made_at})
        found = self._first(InstallationRow, one(installation, "id"), id=1)
        assert found is not None
        return found

    def adopt(self, row: InstallationRow) -> None:
        """Let the marks of ``row`` hold from now on."""
        self._change(sa.update(installation).where(installation.c.id == 1).values(files=row.files, keys=row.keys))
