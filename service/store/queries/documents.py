"""Issued documents and public notices (公示)."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa

from service.store.models import DocumentRow, NoticeRow
from service.store.models.cases import task
from service.store.models.register import document, notice
from service.store.models.search import search_gram
from service.store.models.submissions import receipt, upload
from service.store.queries.base import Repository, one, word
from service.store.queries.grams import having, rarest, saying
from service.store.searching import listed_words

_ONE_DOCUMENT, _DOCUMENTS_OF_CASE = one(document, "id"), one(document, "case_id").order_by(document.c.id)


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
        return self._existing(DocumentRow, ("文书", "document"), _ONE_DOCUMENT, document_id)

    def of_case(self, case_id: int) -> list[DocumentRow]:
        """Return the documents of a case, oldest first."""
        return self._all(DocumentRow, _DOCUMENTS_OF_CASE, case_id=case_id)

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


_NAME = ("公示", "notice")
_ONE_NOTICE = one(notice, "id")
_LOCKED = one(notice, "id").with_for_update(key_share=True)
_NOTICES_OF_CASE = one(notice, "case_id").order_by(notice.c.id)
_OBJECTED = sa.select(sa.func.count()).select_from(receipt).where(receipt.c.notice_id == sa.bindparam("notice_id"))
_RUNNING = (notice.c.audience == word("public"), notice.c.state == word("running"))


class NoticeRepository(Repository):
    """Notices as posted."""

    def insert(self, row: NoticeRow) -> int:
        """Post a notice and return its id."""
        return self._insert(notice, replace(row, listed=listed_words(row.content)))

    def get(self, notice_id: int) -> NoticeRow:
        """Return a notice; raises NotFound."""
        return self._existing(NoticeRow, _NAME, _ONE_NOTICE, notice_id)

    def lock(self, notice_id: int) -> NoticeRow:
        """Lock and return a notice until the end of the unit of work; raises NotFound."""
        return self._existing(NoticeRow, _NAME, _LOCKED, notice_id)

    def update(self, notice_id: int, **changes: object) -> None:
        """Change a notice that is locked, or whose case is."""
        if isinstance(content := changes.get("content"), Mapping):
            changes["listed"] = listed_words(content)
        self._alter(notice, notice_id, changes)

    def of_case(self, case_id: int) -> list[NoticeRow]:
        """Return the notices of a case, oldest first, internal ones too."""
        return self._all(NoticeRow, _NOTICES_OF_CASE, case_id=case_id)

    def made_public(self, case_ids: Collection[int]) -> set[int]:
        """Return those of the cases that have a public notice, running or past."""
        wanted = sa.select(notice.c.case_id).where(notice.c.case_id.in_(case_ids), notice.c.audience == word("public"))
        return {row[0] for row in self._connection.execute(wanted.distinct())} if case_ids else set()

    def public(
        self,
        jurisdiction: str | None = None,
        running_only: bool = False,
        limit: int = 50,
        before: tuple[datetime, int] | None = None,
    ) -> list[NoticeRow]:
        """Return public notices newest first; ``before`` is (posted_at, id) of the last one of the page above."""
        statement = sa.select(notice).where(notice.c.audience == word("public"))
        if jurisdiction is not None:
            statement = statement.where(notice.c.jurisdiction == jurisdiction)
        if running_only:
            statement = statement.where(*_RUNNING)
        if before is not None:
            statement = statement.where(sa.tuple_(notice.c.posted_at, notice.c.id) < before)
        ordered = statement.order_by(notice.c.posted_at.desc(), notice.c.id.desc())
        return self._all(NoticeRow, ordered.limit(limit))

    def found(
        self, words: Sequence[str], jurisdictions: Sequence[str], limit: int, before: int | None = None
    ) -> list[NoticeRow]:
        """Return public notices of places whose title or list holds every word, newest first.

        ``before`` is the number of the last one of the page above; without a word of two characters nothing is found.
        """
        gram = rarest(self._connection, "notice", jurisdictions, words) if jurisdictions else None
        if gram is None:
            return []
        where = [notice.c.id == search_gram.c.row_id, *having("notice", jurisdictions, gram)]
        where += [notice.c.audience == word("public"), *saying("notice", self._connection.dialect.name, words)]
        if before is not None:
            where.append(search_gram.c.row_id < before)
        statement = sa.select(notice).where(*where).order_by(search_gram.c.row_id.desc())
        return self._all(NoticeRow, statement.limit(limit))

    def ending(
        self, jurisdictions: Sequence[str], first: date, last: date, limit: int, after: tuple[date, int] | None = None
    ) -> list[NoticeRow]:
        """Return the public notices of places that still run and whose last day lies in these days, soonest first.

        ``after`` is (last_day, id) of the last one of the page above.
        """
        key = (notice.c.last_day, notice.c.id)
        statement = sa.select(notice).where(*_RUNNING, notice.c.jurisdiction.in_(jurisdictions))
        ends = statement.where(notice.c.last_day.between(first, last))
        if after is not None:
            ends = ends.where(sa.tuple_(*key) > after)
        return self._all(NoticeRow, ends.order_by(*key).limit(limit))

    def count_ending(self, jurisdictions: Sequence[str], first: date, last: date) -> int:
        """Return how many public notices of places still run and have their last day in these days."""
        where = (*_RUNNING, notice.c.jurisdiction.in_(jurisdictions), notice.c.last_day.between(first, last))
        return int(self._scalar(sa.select(sa.func.count()).select_from(notice).where(*where)) or 0)

    def count_objections(self, notice_id: int) -> int:
        """Count the objections to a locked notice by the receipts that were given out, on record; returns how many there are."""
        counted = int(self._scalar(_OBJECTED, notice_id=notice_id))
        self._alter(notice, notice_id, {"objections": counted})
        return counted
