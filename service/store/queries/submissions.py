"""Submitted forms, drafts of them, uploaded files, and what people without account sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from secrets import token_urlsafe
from typing import Any

import sqlalchemy as sa

from service.store.models import AttemptRow, DraftRow, FormResultRow, Json, ShownFileRow, UploadRow
from service.store.models.cases import task
from service.store.models.submissions import form_result, shown_file, upload
from service.store.queries.base import asked_once
from service.store.queries.rows import Rows
from service.store.searching import index_file_names


class FormRepository(Rows[FormResultRow]):
    """Forms as submitted are records; drafts are only memory aids."""

    _at_hand: tuple[int, list[FormResultRow]] | None = None

    def insert(self, row: FormResultRow) -> int:
        """Record a submission and return its id."""
        self._at_hand = None
        return super().insert(row)

    def keep_at_hand(self, case_id: int, rows: list[FormResultRow] | None) -> None:
        """Keep what was read with a locked case, for who asks next for its submissions; nothing of it is kept once any changes."""
        self._at_hand = None if rows is None else (case_id, rows)

    @asked_once
    def of_case(self, case_id: int, form: str | None = None, *, taken_back: bool = False) -> list[FormResultRow]:
        """Return submissions of a case, oldest first; those that were taken back only when asked for."""
        if self._at_hand is not None and self._at_hand[0] == case_id and not taken_back:
            return [row for row in self._at_hand[1] if form in (None, row.form)]
        if form is None:
            return self._all(FormResultRow, self._of_case if taken_back else _COUNTING, case_id=case_id)
        where: dict[str, Any] = {"case_id": case_id, "form": form} | ({} if taken_back else {"taken_back_at": None})
        return self.select(**where)

    def for_tasks(self, task_ids: Collection[int]) -> dict[int, int]:
        """Return task → number of what was submitted for it, of those for which anything still counts."""
        column = form_result.c.task_id
        newest = sa.select(column, sa.func.max(form_result.c.id)).where(form_result.c.taken_back_at.is_(None))
        rows = self._connection.execute(newest.where(column.in_(task_ids)).group_by(column)) if task_ids else ()
        return {task: number for task, number in rows}  # noqa: C416  a result of the database is no mapping to `dict`

    def mark_taken_back(self, task_id: int, at: datetime) -> int:
        """Let what was submitted for a task no longer count; returns how many submissions that were."""
        self._at_hand = None
        return self.change_where({"task_id": task_id, "taken_back_at": None}, taken_back_at=at)


_COUNTING = FormRepository.write(case_id=sa.bindparam("case_id"), taken_back_at=None)


class DraftRepository(Rows[DraftRow]):
    """What people typed for tasks and did not submit."""

    def of_task(self, task_id: int) -> list[DraftRow]:
        """Return what people typed for a task."""
        return self._all(DraftRow, _OF_TASK, task_id=task_id)

    def save(self, task_id: int, person_id: int, data: Json, at: datetime, page: str = "") -> None:
        """Save the draft of a person; without a ``page`` under a name that no page has."""
        page = page or token_urlsafe(12)
        self.put(DraftRow(task_id=task_id, person_id=person_id, data=data, saved_at=at, page=page))

    def move(self, case_id: int, element: str, person_id: int, to_task: int) -> None:
        """Move the draft of a withdrawn task of an element to its successor."""
        withdrawn = sa.select(sa.func.max(task.c.id)).where(
            task.c.case_id == case_id,
            task.c.element == element,
            task.c.state == "cancelled",
            task.c.assignee_id == person_id,
        )
        if (task_id := self._scalar(withdrawn)) is not None:
            self.change_where({"task_id": task_id, "person_id": person_id}, task_id=to_task)


_OF_TASK = DraftRepository.write(task_id=sa.bindparam("task_id"))


class AttemptRepository(Rows[AttemptRow]):
    """What one address tried without an account."""

    def note(self, kind: str, origin: str, at: datetime, forget_before: datetime, size: int | None = None) -> None:
        """Write an attempt down and forget those of this origin from before ``forget_before``."""
        self.delete(origin=origin, kind=kind, at__lt=forget_before)
        self.insert(AttemptRow(kind=kind, origin=origin, at=at, bytes=size))


_FREE = {"case_id": None, "person_id": None, "removed_at": None}
"""Uploads that nobody with an account sent and nobody submitted yet."""


class UploadRepository(Rows[UploadRow]):
    """Files people uploaded; put the content into `Store.files` first."""

    order = "at field name id"

    def add(self, *rows: UploadRow) -> None:
        """Record uploads under the ids they bear."""
        with index_file_names(self._connection, [row.case_id for row in rows]):
            super().add(*rows)

    def list_of_case(self, case_id: int) -> list[UploadRow]:
        """Return the uploads of a case that were not removed, oldest first."""
        return self.select(case_id=case_id, removed_at=None)

    def list_of_person(self, person_id: int, skipped: int, most: int) -> list[UploadRow]:
        """Return uploads of a person after the first ``skipped``, removed ones too, in an order that stays."""
        theirs = sa.select(upload).where(upload.c.person_id == person_id).order_by(upload.c.id)
        return self._all(UploadRow, theirs.limit(most).offset(skipped))

    def claim(
        self, upload_ids: Collection[str], case_id: int, task_id: int | None, person_id: int | None = None
    ) -> int:
        """Attach uploads to a case and task: those of the case, and free ones (of ``person_id``, when given).

        Returns how many it took.
        """
        if not upload_ids:
            return 0
        owner_condition: sa.ColumnElement[bool] = upload.c.case_id.is_(None)
        if person_id is not None:
            owner_condition = sa.and_(owner_condition, upload.c.person_id == person_id)
        free = sa.or_(owner_condition, upload.c.case_id == case_id)
        statement = sa.update(upload).where(upload.c.id.in_(upload_ids), free, upload.c.removed_at.is_(None))
        with index_file_names(self._connection, [case_id]):
            return self._change(statement, case_id=case_id, task_id=task_id)

    def mark_secret(self, upload_ids: Collection[str], secret: str) -> None:
        """Write down why some uploads are kept from most readers; see the column ``secret``."""
        if upload_ids:
            with index_file_names(self._connection, self._list_cases(upload_ids)):
                self.change_where({"id": upload_ids}, secret=secret)

    def remove(self, upload_id: str, at: datetime) -> None:
        """Mark an upload as removed; the file stays for the record."""
        with index_file_names(self._connection, self._list_cases([upload_id])):
            self.change_where({"id": upload_id, "removed_at": None}, removed_at=at)

    def remove_unclaimed(self, upload_id: str, at: datetime) -> bool:
        """Mark an upload as removed unless somebody submitted it, or removed it; returns whether it was marked."""
        return self.change_where({"id": upload_id, **_FREE}, removed_at=at) == 1

    def erase_unclaimed(self, upload_id: str, name: str, at: datetime) -> None:
        """Mark an upload that belongs to no task and was never submitted as erased: its name goes, its SHA-256 stays."""
        nowhere = {"id": upload_id, "case_id": None, "task_id": None}
        self.change_where(nowhere | {"removed_at": None}, removed_at=at)
        self.change_where(nowhere, name=name, erased_at=at)

    def unclaimed_bytes(self) -> int:
        """Return how many bytes people without an account uploaded and did not submit yet."""
        return self.total("size", **_FREE)

    def shares_content(self, upload_id: str, sha256: str) -> bool:
        """Return whether another upload that somebody may still read has the same content."""
        readable = sa.or_(upload.c.case_id.is_not(None), upload.c.task_id.is_not(None), upload.c.removed_at.is_(None))
        return bool(
            self._scalar(sa.select(sa.exists().where(upload.c.sha256 == sha256, upload.c.id != upload_id, readable)))
        )

    def _list_cases(self, upload_ids: Collection[str]) -> Sequence[int]:
        """Return the cases that uploads belong to."""
        return sorted(self.pick("case_id", id=upload_ids, case_id__ne=None))


class ShownFileRepository(Rows[ShownFileRow]):
    """Files that cannot be shown, and PDFs that were made of Office files."""

    def find_faults(self, uploads: Collection[str]) -> dict[str, Json]:
        """Return why they cannot be shown, of those uploads of which it is known, by their id."""
        faults = (
            sa.select(upload.c.id, shown_file.c.why)
            .join(shown_file, shown_file.c.sha256 == upload.c.sha256)
            .where(upload.c.id.in_(uploads), shown_file.c.pdf.is_(None))
        )
        return {ident: why for ident, why in self._connection.execute(faults) if why} if uploads else {}

    def note(self, row: ShownFileRow) -> bool:
        """Note what is known of a file, instead of what was; returns False for content that no file has any more."""
        speaking = sa.select(upload.c.id).where(upload.c.sha256 == row.sha256, upload.c.erased_at.is_(None)).limit(1)
        if self._scalar(speaking.with_for_update()) is None:
            return False
        self.put(row)
        return True

    def forget(self, files: Collection[str]) -> set[str]:
        """Forget these files; returns the PDFs that were made of them."""
        pdfs = self.pick("pdf", sha256=files, pdf__ne=None)
        self.delete(sha256=files)
        return pdfs
