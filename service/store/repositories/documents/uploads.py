"""Rows of uploaded files; their content lies in the file store."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import UploadRow
from service.store.rows.submissions import upload
from service.store.searching import files_noted

_ONE = one(upload, "id")
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
_NEVER_CLAIMED = (
    sa.select(upload.c.id)
    .where(upload.c.sha256 == sa.bindparam("sha256"), upload.c.case_id.is_(None), upload.c.person_id.is_(None))
    .order_by(upload.c.id)
)
_SHARED = (
    sa.select(upload.c.id)
    .where(
        upload.c.sha256 == sa.bindparam("sha256"),
        upload.c.id != sa.bindparam("id"),
        sa.or_(upload.c.case_id.is_not(None), upload.c.person_id.is_not(None), upload.c.removed_at.is_(None)),
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
        return self._existing(UploadRow, ("附件", "file"), _ONE, upload_id)

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

    def never_claimed(self, sha256: str) -> list[str]:
        """Return the ids of uploads with this content that nobody with an account sent and nobody submitted."""
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
