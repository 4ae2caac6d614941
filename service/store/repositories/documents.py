"""Issued documents."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from service.store.errors import missing
from service.store.prepared import Prepared
from service.store.repositories.base import Repository, one
from service.store.rows import DocumentRow
from service.store.tables import document

_ONE, _OF_CASE = Prepared(one(document, "id")), Prepared(one(document, "case_id").order_by(document.c.id))


class Documents(Repository):
    """Documents: numbered and frozen when issued, produced as a file afterwards."""

    def insert(self, **columns: object) -> int:
        """Issue a document and return its id; see the columns of `DocumentRow`."""
        return self._insert(document, columns)

    def get(self, document_id: int) -> DocumentRow:
        """Return a document; raises NotFound."""
        row = self._first(DocumentRow, _ONE, id=document_id)
        if row is None:
            raise missing("文书", "document", document_id)
        return row

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
