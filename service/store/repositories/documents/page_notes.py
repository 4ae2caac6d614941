"""What people noted for themselves at pages of files."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import PageNoteRow
from service.store.rows.shown_files import page_note

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
