"""What the database knows of the installation it belongs to."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.repositories.base import Repository, one, values_of
from service.store.rows.installation import InstallationRow, ProgramLookRow, installation, program_look


class InstallationRepository(Repository):
    """The one row of the installation, and which program has looked at its cases."""

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

    def look(self) -> ProgramLookRow | None:
        """Return which program has loaded the running cases, or how far it is; None where none began."""
        return self._first(ProgramLookRow, one(program_look, "id"), id=1)

    def look_before(self) -> ProgramLookRow | None:
        """Return `look` of a database whose tables may be of an earlier program, which kept none."""
        return self.look() if sa.inspect(self._connection).has_table(program_look.name) else None

    def note_look(self, row: ProgramLookRow) -> None:
        """Keep ``row`` in place of the one before."""
        values = values_of(row)
        kept = self._upsert(program_look).values(values)
        self._connection.execute(kept.on_conflict_do_update(index_elements=["id"], set_=values))
