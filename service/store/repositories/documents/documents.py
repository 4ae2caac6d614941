"""Issued documents."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import DocumentRow
from service.store.rows.cases import task
from service.store.rows.register import document
from service.store.rows.submissions import upload

_ONE, _OF_CASE = one(document, "id"), one(document, "case_id").order_by(document.c.id)


_PLACE: sa.BindParameter[int] = sa.bindparam("case_id")
_ISSUED = sa.select(
    document.c.id.label("document"),
    sa.cast(sa.null(), upload.c.id.type).label("upload"),
    document.c.title.label("name"),
    document.c.number,
    document.c.size,
    document.c.issued_at.label("at"),
    sa.cast(sa.null(), upload.c.secret.type).label("secret"),
    sa.literal_column("''", sa.String).label("place"),
    sa.cast(sa.null(), task.c.form.type).label("form"),
).where(document.c.case_id == _PLACE)
_SENT = (
    sa.select(
        sa.cast(sa.null(), document.c.id.type),
        upload.c.id,
        upload.c.name,
        sa.cast(sa.null(), document.c.number.type),
        upload.c.size,
        upload.c.at,
        upload.c.secret,
        upload.c.field,
        task.c.form,
    )
    .select_from(upload.outerjoin(task, task.c.id == upload.c.task_id))
    .where(upload.c.case_id == _PLACE, upload.c.removed_at.is_(None))
)
_FILES = sa.union_all(_ISSUED, _SENT)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of a case: a document under its number, or an upload under its id.

    ``place`` is the field of an upload, ``form`` that of the task for which it was sent, None where none was.
    """

    document: int | None
    upload: str | None
    name: str
    number: str | None
    size: int | None
    at: datetime
    secret: str | None
    place: str
    form: str | None


class DocumentRepository(Repository):
    """Documents: numbered and frozen when issued, produced as a file afterwards."""

    def insert(self, row: DocumentRow) -> int:
        """Issue a document and return its id."""
        return self._insert(document, row)

    def get(self, document_id: int) -> DocumentRow:
        """Return a document; raises NotFound."""
        return self._existing(DocumentRow, ("文书", "document"), _ONE, document_id)

    def of_case(self, case_id: int) -> list[DocumentRow]:
        """Return the documents of a case, oldest first."""
        return self._all(DocumentRow, _OF_CASE, case_id=case_id)

    def files_of(self, case_id: int) -> list[CaseFile]:
        """Return documents and kept uploads of a case, newest first, in one statement; what came at once in its order."""
        found = self._all(CaseFile, _FILES, case_id=case_id)
        found.sort(key=lambda file: (file.document or sys.maxsize, file.place, file.name, file.upload or ""))
        return sorted(found, key=lambda file: file.at, reverse=True)

    def mark_produced(self, document_id: int, sha256: str, size: int, at: datetime) -> None:
        """Note where the produced file lies in the file store."""
        values = {"sha256": sha256, "size": size, "produced_at": at}
        self._alter(document, document_id, values)

    def mark_printed(self, document_id: int, sha256: str, size: int) -> None:
        """Note where the PDF lies in the file store; the first one stays."""
        where = (document.c.id == document_id, document.c.pdf_sha256.is_(None))
        self._change(sa.update(document).where(*where).values(pdf_sha256=sha256, pdf_size=size))
