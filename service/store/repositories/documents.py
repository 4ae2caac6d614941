"""Issued documents."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.repositories.base import Repository, one
from service.store.rows import DocumentRow
from service.store.rows.register import document

_ONE, _OF_CASE = one(document, "id"), one(document, "case_id").order_by(document.c.id)


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

    def mark_produced(self, document_id: int, sha256: str, size: int, at: datetime) -> None:
        """Note where the produced file lies in the file store."""
        values = {"sha256": sha256, "size": size, "produced_at": at}
        self._alter(document, document_id, values)

    def mark_printed(self, document_id: int, sha256: str, size: int) -> None:
        """Note where the PDF lies in the file store; the first one stays."""
        where = (document.c.id == document_id, document.c.pdf_sha256.is_(None))
        self._connection.execute(sa.update(document).where(*where).values(pdf_sha256=sha256, pdf_size=size))
