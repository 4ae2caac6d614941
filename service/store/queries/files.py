"""Rows of uploaded files, what is known of showing them, and what people noted at their pages."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.models import Json, PageNoteRow, ShownFileRow, UploadRow
from service.store.models.submissions import page_note, shown_file, upload
from service.store.queries.base import Repository, among, one, rows_of, values_of
from service.store.searching import files_noted
from service.store.usual_statements import upsert

_ONE_UPLOAD = one(upload, "id")
_OF_CASE = (
    one(upload, "case_id")
    .where(upload.c.removed_at.is_(None))
    .order_by(upload.c.at, upload.c.field, upload.c.name, upload.c.id)
)

_BYTES_OF_CASE = sa.select(sa.func.sum(upload.c.size)).where(
    upload.c.case_id == sa.bindparam("case_id"), upload.c.removed_at.is_(None)
)
_UNCLAIMED = (upload.c.case_id.is_(None), upload.c.person_id.is_(None), upload.c.removed_at.is_(None))
_UNCLAIMED_BYTES = sa.select(sa.func.sum(upload.c.size)).where(*_UNCLAIMED)
_OF_NOTHING = (upload.c.case_id.is_(None), upload.c.task_id.is_(None))
_NEVER_CLAIMED = (
    sa.select(upload.c.id).where(upload.c.sha256 == sa.bindparam("sha256"), *_OF_NOTHING).order_by(upload.c.id)
)
_SHARED = (
    sa.select(upload.c.id)
    .where(
        upload.c.sha256 == sa.bindparam("sha256"),
        upload.c.id != sa.bindparam("id"),
        sa.or_(upload.c.case_id.is_not(None), upload.c.task_id.is_not(None), upload.c.removed_at.is_(None)),
    )
    .limit(1)
)

_OF_PERSON = (
    sa.select(upload)
    .where(upload.c.person_id == sa.bindparam("person"))
    .order_by(upload.c.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .offset(sa.bindparam("skipped", type_=sa.Integer))
)


class UploadRepository(Repository):
    """Files people uploaded; put the content into `Store.files` first."""

    def insert(self, row: UploadRow) -> str:
        """Record an upload under the id it bears."""
        with files_noted(self._connection, [row.case_id]):
            self._put(upload, [row])
        return row.id

    def get(self, upload_id: str) -> UploadRow:
        """Return an upload, removed ones too; raises NotFound."""
        return self._existing(UploadRow, ("附件", "file"), _ONE_UPLOAD, upload_id)

    def of_case(self, case_id: int) -> list[UploadRow]:
        """Return the uploads of a case that were not removed, oldest first."""
        return self._all(UploadRow, _OF_CASE, case_id=case_id)

    def of_person(self, person_id: int, skipped: int, most: int) -> list[UploadRow]:
        """Return uploads of a person after the first ``skipped``, removed ones too, in an order that stays."""
        return self._all(UploadRow, _OF_PERSON, person=person_id, skipped=skipped, most=most)

    def bytes_of_case(self, case_id: int) -> int:
        """Return how many bytes the uploads of a case take up that were not removed."""
        return int(self._scalar(_BYTES_OF_CASE, case_id=case_id) or 0)

    def claim(
        self, upload_ids: Collection[str], case_id: int, task_id: int | None, person_id: int | None = None
    ) -> int:
        """Attach uploads to a case and task: those of the case, and free ones (of ``person_id``, when given).

        Returns how many it took.
        """
        if not upload_ids:
            return 0
        own: sa.ColumnElement[bool] = upload.c.case_id.is_(None)
        if person_id is not None:
            own = sa.and_(own, upload.c.person_id == person_id)
        free = sa.or_(own, upload.c.case_id == case_id)
        statement = sa.update(upload).where(upload.c.id.in_(upload_ids), free, upload.c.removed_at.is_(None))
        with files_noted(self._connection, [case_id]):
            return self._change(statement.values(case_id=case_id, task_id=task_id))

    def mark_secret(self, upload_ids: Collection[str], secret: str) -> None:
        """Write down why some uploads are kept from most readers; see the column ``secret``."""
        if upload_ids:
            chosen = upload.c.id.in_(upload_ids)
            with files_noted(self._connection, self._cases(chosen)):
                self._change(sa.update(upload).where(chosen).values(secret=secret))

    def remove(self, upload_id: str, at: datetime) -> None:
        """Mark an upload as removed; the file stays for the record."""
        where = (upload.c.id == upload_id, upload.c.removed_at.is_(None))
        with files_noted(self._connection, self._cases(*where)):
            self._change(sa.update(upload).where(*where).values(removed_at=at))

    def remove_unclaimed(self, upload_id: str, at: datetime) -> bool:
        """Mark an upload as removed unless somebody submitted it, or removed it; returns whether it was marked."""
        where = (upload.c.id == upload_id, *_UNCLAIMED)
        return self._change(sa.update(upload).where(*where).values(removed_at=at)) == 1

    def erase_unclaimed(self, upload_id: str, name: str, at: datetime) -> None:
        """Mark an upload that belongs to no task and was never submitted as erased: its name goes, its SHA-256 stays."""
        gone = {"name": name, "erased_at": at, "removed_at": sa.func.coalesce(upload.c.removed_at, at)}
        self._change(sa.update(upload).where(upload.c.id == upload_id, *_OF_NOTHING).values(gone))

    def never_claimed(self, sha256: str) -> list[str]:
        """Return the ids of uploads with this content that belong to no task and that nobody submitted."""
        return [row[0] for row in self._told_rows(_NEVER_CLAIMED, sha256=sha256)]

    def unclaimed_bytes(self) -> int:
        """Return how many bytes people without an account uploaded and did not submit yet."""
        return int(self._scalar(_UNCLAIMED_BYTES) or 0)

    def shares_content(self, upload_id: str, sha256: str) -> bool:
        """Return whether another upload that somebody may still read has the same content."""
        return self._scalar(_SHARED, id=upload_id, sha256=sha256) is not None

    def _cases(self, *where: sa.ColumnElement[bool]) -> Sequence[int]:
        """Return the cases that uploads belong to."""
        cases = sa.select(upload.c.case_id).where(*where, upload.c.case_id.is_not(None)).distinct()
        return list(self._connection.scalars(cases))


_ONE_SHOWN = one(shown_file, "sha256")
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
        return self._first(ShownFileRow, _ONE_SHOWN, sha256=sha256)

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


_NOTE = one(page_note, "id")
_OWN = (
    one(page_note, "person_id", "case_id")
    .where(page_note.c.removed_at.is_(None))
    .order_by(page_note.c.id)
    .limit(sa.bindparam("most"))
)


class PageNoteRepository(Repository):
    """Notes at pages; each belongs to who wrote it."""

    def add(self, row: PageNoteRow) -> int:
        """Write a note down and return its number."""
        return self._insert(page_note, row)

    def get(self, note_id: int) -> PageNoteRow:
        """Return a note; raises NotFound."""
        return self._existing(PageNoteRow, ("页面笔记", "note at a page"), _NOTE, note_id)

    def own(self, person_id: int, case_id: int, most: int) -> list[PageNoteRow]:
        """Return what a person noted in a case and did not remove, oldest first."""
        return self._all(PageNoteRow, _OWN, person_id=person_id, case_id=case_id, most=most)

    def remove(self, note_id: int, at: datetime) -> None:
        """Mark a note as removed."""
        self._alter(page_note, note_id, {"removed_at": at})
