"""Downloads: uploads and issued documents of cases, with their access checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import BinaryIO

from service.casework.access.actor import Actor
from service.casework.access.book.acting import leave_out, tell
from service.casework.access.case_access import demand_case, is_recused, may_view_case
from service.casework.access.guards import guarded
from service.casework.ballots.candidate_file import reads_as_voter
from service.casework.cases.readable_file import opened_file
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import printed
from service.casework.reading.submissions import ERASED_FILE
from service.casework.review.sitting_papers import was_laid
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, DocumentRow

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be handed out under ``name``."""

    name: str
    kind: str
    size: int
    content: BinaryIO


@guarded("upload.download")
def open_upload(desk: Desk, actor: Actor, upload_id: str) -> Download:
    """Return an uploaded file; raises NotFound, NotAllowed, RowAltered. Who uploaded it may see it before it has a case.

    Opening a trade secret of another organisation is recorded, and what others take out of a case is in the book.
    """
    row = opened_file(actor, desk, upload_id)
    with desk.store.read() as tx:
        _tell_taken(tx, actor, row.case_id, f"附件 {row.id}", own=row.person_id == actor.person_id)
    return Download(row.name, row.kind, row.size, desk.store.files.open(row.sha256))


@guarded("document.read")
def open_document(desk: Desk, actor: Actor, document_id: int) -> Download:
    """Return the .docx of an issued document; raises NotFound while it is being produced, NotAllowed, RowAltered."""
    row = _issued(desk, actor, document_id)
    return Download(f"{row.title}.docx", DOCX, row.size or 0, desk.store.files.open(row.sha256 or ""))


@guarded("document.read")
def open_document_pdf(desk: Desk, actor: Actor, document_id: int) -> Download:
    """Return the PDF of an issued document, made now if there is none yet.

    Raises:
        NotFound: the document is being produced.
        NotAllowed: the case is not the actor's to see.
        RowAltered: the document, or which files are its own, is not what was recorded.
        LaurelError: no PDF can be made here, and why.
    """
    row = printed(desk, _issued(desk, actor, document_id))
    return Download(f"{row.title}.pdf", PDF, row.pdf_size or 0, desk.store.files.open(row.pdf_sha256 or ""))


def _issued(desk: Desk, actor: Actor, document_id: int) -> DocumentRow:
    with desk.store.read() as tx:
        row = tx.documents.get(document_id)
        case = tx.cases.get(row.case_id)
        _tell_taken(tx, actor, case.id, f"文书 {row.id}", own=False)
        if is_recused(actor, case) or not _reads_without_case(tx, actor, case, row):
            demand_case(actor, case, tx)
    if row.erased_at is not None:
        raise NotFound(ERASED_FILE)
    if row.sha256 is None or row.size is None:
        raise NotFound(
            Text(
                "文书正在生成，请过一分钟再下载；文书内容可在办件页查看。",
                "The document is being produced; try again in a minute.",
            )
        )
    return row


def _tell_taken(tx: Transaction, actor: Actor, case_id: int | None, what: str, *, own: bool) -> None:
    """Say in the book what somebody took out of a case; what is one's own or one's organisation's is left out."""
    case = tx.cases.get(case_id) if case_id is not None else None
    if own or case is None or case.subject_id in actor.body_ids:
        leave_out()
    else:
        tell(f"下载{what}，办件{case.id}", place=case.jurisdiction)


def _reads_without_case(tx: Transaction, actor: Actor, case: CaseRow, row: DocumentRow) -> bool:
    """Return whether the actor may read a document whether or not they may open its case."""
    return _was_sent(tx, actor, row) or reads_as_voter(tx, actor, case) or was_laid(tx, actor, case, row.id)


def _was_sent(tx: Transaction, actor: Actor, row: DocumentRow) -> bool:
    """Return whether the document came to the actor with a message: a letter may be read by whom it was written to."""
    if actor.person_id is None:
        return False
    mine = (m.documents for m in tx.mail.of_case(row.case_id) if m.person_id == actor.person_id)
    return any(row.id in documents for documents in mine if isinstance(documents, list))


@guarded("upload.add")
def find_upload(desk: Desk, actor: Actor, upload_id: str) -> dict[str, object] | None:
    """Return {id, name, size} of a file the actor may use in a form: their own, or one of a case they may see."""
    with desk.store.read() as tx:
        try:
            row = tx.uploads.get(upload_id)
        except NotFound:
            return None
        theirs = row.person_id == actor.person_id
        if row.removed_at is not None or not (
            theirs or (row.case_id and may_view_case(actor, tx.cases.get(row.case_id), tx))
        ):
            return None
    return {"id": row.id, "name": row.name, "size": row.size}
