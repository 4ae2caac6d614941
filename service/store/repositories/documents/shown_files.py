"""Rows of what is known of showing files, by their content, whoever sent it however often."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one, rows_of, values_of
from service.store.rows import Json, ShownFileRow
from service.store.rows.shown_files import shown_file
from service.store.rows.submissions import upload
from service.store.usual_statements import upsert

_ONE = one(shown_file, "sha256")
_SPEAKING = (
    sa.select(upload.c.id)
    .where(upload.c.sha256 == sa.bindparam("sha256"), upload.c.erased_at.is_(None))
    .limit(1)
    .with_for_update()
)
_FAULTS = (
    sa.select(upload.c.id, *shown_file.c)
    .join(shown_file, shown_file.c.sha256 == upload.c.sha256)
    .where(among(upload.c.id, "uploads"), shown_file.c.pdf.is_(None))
)
_COLUMNS = tuple(shown_file.c.keys())
_PDFS = sa.select(shown_file.c.pdf).where(among(shown_file.c.sha256, "files"), shown_file.c.pdf.is_not(None))


class ShownFileRepository(Repository):
    """Files that cannot be shown, and PDFs that were made of Office files."""

    def find(self, sha256: str) -> ShownFileRow | None:
        """Return what is known of a file; None where nothing is."""
        return self._first(ShownFileRow, _ONE, sha256=sha256)

    def find_faults(self, uploads: Collection[str]) -> dict[str, Json]:
        """Return why they cannot be shown, of those uploads of which it is known, by their id."""
        found = self._read(_FAULTS, {"uploads": list(uploads)}) if uploads else ()
        known = zip((row[0] for row in found), rows_of(ShownFileRow, _COLUMNS, [row[1:] for row in found]), strict=True)
        return {ident: row.why for ident, row in known if row.why}

    def put(self, row: ShownFileRow) -> bool:
        """Note what is known of a file, instead of what was; returns False for content that no file has any more."""
        if self._scalar(_SPEAKING, sha256=row.sha256) is None:
            return False
        new = upsert(self._connection.dialect.name, shown_file)
        rest = {name: new.excluded[name] for name in _COLUMNS if name != "sha256"}
        self._connection.execute(new.on_conflict_do_update(index_elements=["sha256"], set_=rest), [values_of(row)])
        return True

    def forget(self, files: Collection[str]) -> set[str]:
        """Forget these files; returns the PDFs that were made of them."""
        if not files:
            return set()
        pdfs = {str(pdf) for (pdf,) in self._read(_PDFS, {"files": list(files)})}
        self._connection.execute(sa.delete(shown_file).where(shown_file.c.sha256.in_(files)))
        return pdfs
