"""Pages of files that people sent: known by the content of the file, whoever sent it however often."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from service.store.repositories.base import Repository, among, one, rows_of, upsert, values_of
from service.store.rows import FilePageRow, Json, PagedFileRow
from service.store.rows.file_pages import file_page, paged_file
from service.store.rows.submissions import upload

_FILE = one(paged_file, "sha256")
_PAGES = (
    one(file_page, "sha256")
    .where(file_page.c.page.between(sa.bindparam("first"), sa.bindparam("last")))
    .order_by(file_page.c.page)
)
_SPEAKING = (
    sa.select(upload.c.id)
    .where(upload.c.sha256 == sa.bindparam("sha256"), upload.c.erased_at.is_(None))
    .limit(1)
    .with_for_update()
)
_AGAINST = (
    sa.select(upload.c.id, *paged_file.c)
    .join(paged_file, paged_file.c.sha256 == upload.c.sha256)
    .where(among(upload.c.id, "uploads"), paged_file.c.pages == 0)
)
_COLUMNS = tuple(paged_file.c.keys())
_DRAWN = sa.select(file_page.c.picture).where(
    among(file_page.c.sha256, "files"), file_page.c.picture.is_not(None), file_page.c.picture != file_page.c.sha256
)
_SOURCES = sa.select(paged_file.c.source).where(among(paged_file.c.sha256, "files"), paged_file.c.source.is_not(None))
_NEEDED = sa.select(file_page.c.picture).where(among(file_page.c.picture, "pictures"))
_AFTER = (
    sa.select(file_page)
    .where(sa.tuple_(file_page.c.sha256, file_page.c.page) > sa.tuple_(sa.bindparam("sha256"), sa.bindparam("page")))
    .order_by(file_page.c.sha256, file_page.c.page)
    .limit(sa.bindparam("most"))
)
_ALONE = (
    sa.select(paged_file)
    .where(
        paged_file.c.sha256 > sa.bindparam("after"),
        ~sa.exists().where(upload.c.sha256 == paged_file.c.sha256, upload.c.erased_at.is_(None)),
    )
    .order_by(paged_file.c.sha256)
    .limit(sa.bindparam("most"))
)


class FilePageRepository(Repository):
    """Files of which pages were asked for, and the pages drawn so far."""

    def file(self, sha256: str) -> PagedFileRow | None:
        """Return what is known of a file; None where nobody has asked for its pages."""
        return self._first(PagedFileRow, _FILE, sha256=sha256)

    def against(self, uploads: Collection[str]) -> dict[str, Json]:
        """Return why none of their pages can be shown, of those uploads of which it is known, by their id."""
        found = self._read(_AGAINST, {"uploads": list(uploads)}) if uploads else ()
        known = zip((row[0] for row in found), rows_of(PagedFileRow, _COLUMNS, [row[1:] for row in found]), strict=True)
        return {ident: row.why for ident, row in known if row.why}

    def between(self, sha256: str, first: int, last: int) -> list[FilePageRow]:
        """Return those pages from ``first`` to ``last`` that were drawn, in order."""
        return self._all(FilePageRow, _PAGES, sha256=sha256, first=first, last=last)

    def is_kept(self, sha256: str) -> bool:
        """Return whether somebody's file has this content and is not erased; it is not, before the unit of work ends."""
        return self._scalar(_SPEAKING, sha256=sha256) is not None

    def keep(self, row: PagedFileRow, pages: Sequence[FilePageRow]) -> None:
        """Note pages of a file; what was noted before is replaced, so that a lost picture can be drawn again."""
        self._connection.execute(self._kept(paged_file, ("sha256",)), [values_of(row)])
        if pages:
            drawn = [values_of(page) for page in pages]
            self._connection.execute(self._kept(file_page, ("sha256", "page")), drawn)

    def forget(self, files: Collection[str]) -> set[str]:
        """Forget the pages of these files; returns what was drawn of them and nothing else speaks of any more."""
        if not files:
            return set()
        drawn = {str(one) for (one,) in self._read(_DRAWN, {"files": list(files)})}
        sources = {str(one) for (one,) in self._read(_SOURCES, {"files": list(files)})}
        for table in (file_page, paged_file):
            self._connection.execute(sa.delete(table).where(table.c.sha256.in_(files)))
        still = {str(one) for (one,) in self._read(_NEEDED, {"pictures": list(drawn)})} if drawn else set()
        return (drawn - still) | sources

    def after(self, sha256: str, page: int, most: int) -> list[FilePageRow]:
        """Return the next ``most`` pages of any file after this one; for looking at all of them."""
        return self._all(FilePageRow, _AFTER, sha256=sha256, page=page, most=most)

    def alone(self, after: str, most: int) -> list[PagedFileRow]:
        """Return files with pages that no file somebody sent speaks of any more."""
        return self._all(PagedFileRow, _ALONE, after=after, most=most)

    def _kept(self, table: sa.Table, key: Sequence[str]) -> sa.Executable:
        new = upsert(self._connection.dialect.name, table)
        rest = {column.name: new.excluded[column.name] for column in table.c if column.name not in key}
        return new.on_conflict_do_update(index_elements=list(key), set_=rest)
