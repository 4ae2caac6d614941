"""What people of offices write beside a case for each other."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import CaseNoteRow
from service.store.rows.notes import case_note

_NOTE = one(case_note, "id")
_OF_CASE = (
    sa.select(case_note)
    .where(case_note.c.case_id == sa.bindparam("case"), case_note.c.removed_at.is_(None))
    .order_by(case_note.c.id.desc())
)
_UNREAD = (
    sa.select(case_note)
    .where(case_note.c.to_id == sa.bindparam("person"), case_note.c.read_at.is_(None), case_note.c.removed_at.is_(None))
    .order_by(case_note.c.id.desc())
    .limit(sa.bindparam("most"))
)
_TO = (
    sa.select(case_note)
    .where(case_note.c.to_id == sa.bindparam("person"), case_note.c.removed_at.is_(None))
    .order_by(case_note.c.id.desc())
    .limit(sa.bindparam("most"))
)
_BEFORE = _TO.where(case_note.c.id < sa.bindparam("before"))

_BY = (
    sa.select(case_note)
    .where(case_note.c.person_id == sa.bindparam("person"))
    .order_by(case_note.c.id.desc())
    .limit(sa.bindparam("most"))
)
_EARLIER_BY = _BY.where(case_note.c.id < sa.bindparam("before"))


class NoteRepository(Repository):
    """Notes, instructions and copies."""

    def add(self, row: CaseNoteRow) -> int:
        """Write a note down and return its number."""
        return self._insert(case_note, row)

    def get(self, note_id: int) -> CaseNoteRow:
        """Return a note; raises NotFound."""
        return self._existing(CaseNoteRow, ("批注", "note"), _NOTE, note_id)

    def of_case(self, case_id: int) -> list[CaseNoteRow]:
        """Return the notes of a case that were not taken back, newest first."""
        return self._all(CaseNoteRow, _OF_CASE, case=case_id)

    def unread(self, person_id: int, most: int) -> list[CaseNoteRow]:
        """Return what is for a person and was not read yet, newest first."""
        return self._all(CaseNoteRow, _UNREAD, person=person_id, most=most)

    def to_person(self, person_id: int, before: int | None, most: int) -> list[CaseNoteRow]:
        """Return what is for a person, read or not, newest first; ``before`` is the number of the last one above."""
        if before is None:
            return self._all(CaseNoteRow, _TO, person=person_id, most=most)
        return self._all(CaseNoteRow, _BEFORE, person=person_id, most=most, before=before)

    def by_person(self, person_id: int, before: int | None, most: int) -> list[CaseNoteRow]:
        """Return what a person wrote, newest first, taken back or not; ``before`` is the last number above."""
        if before is None:
            return self._all(CaseNoteRow, _BY, person=person_id, most=most)
        return self._all(CaseNoteRow, _EARLIER_BY, person=person_id, most=most, before=before)

    def mark(self, note_id: int, **at: datetime) -> None:
        """Note when one was read (``read_at``) or taken back (``removed_at``)."""
        self._alter(case_note, note_id, at)
