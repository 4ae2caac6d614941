"""Downloads: uploads and issued documents of cases, with their access checks."""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act, leave_out
from service.casework.access.case_access import is_recused, may_view_case, require_case
from service.casework.access.guards import guarded
from service.casework.ballots.candidate_file import reads_as_voter
from service.casework.cases.notes import MOST_NOTES
from service.casework.cases.readable_file import opened_file, readable_file, record_opening
from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter, ensure_document_pdf
from service.casework.documents.shown_files import find_fault, get_readable_content, is_picture
from service.casework.reading.replaced_files import FileStanding, standing_of
from service.casework.reading.submissions import ERASED_FILE
from service.casework.review.sittings import is_sitting_document
from service.catalog.form_fields.uploads import label_of_upload
from service.domain.errors import NotFound, NotReady
from service.domain.proof.signing import is_same_text
from service.domain.text import Text
from service.office.word import OwnLayout, render_docx
from service.store import Transaction
from service.store.models import CaseRow, DocumentRow, PageNoteRow, UploadRow

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
    """Return an uploaded file; raises NotFound, NotAllowed. Who uploaded it may see it before it has a case.

    Opening a trade secret of another organisation is recorded, and what others take out of a case is in the book.
    """
    row = opened_file(actor, desk, upload_id)
    with desk.store.read() as tx:
        _tell_read(tx, actor, row.case_id, "下载附件", row.id, own=row.person_id == actor.person_id)
    return Download(row.name, row.kind, row.size, desk.store.files.open(row.sha256))


@guarded("document.read")
def open_document(desk: Desk, actor: Actor, document_id: int) -> Download:
    """Return the .docx of an issued document; raises NotReady while it is being made, NotAllowed."""
    row = _get_issued_document(desk, actor, document_id)
    return Download(f"{row.title}.docx", DOCX, row.size or 0, desk.store.files.open(row.sha256 or ""))


@guarded("document.read")
def open_document_pdf(desk: Desk, actor: Actor, document_id: int) -> Download:
    """Return the PDF of an issued document, made now if there is none yet.

    Raises:
        NotReady: the document is being made.
        NotAllowed: the case is not the actor's to see.
        LaurelError: no PDF can be made here, and why.
    """
    row = ensure_document_pdf(desk, _get_issued_document(desk, actor, document_id))
    return Download(f"{row.title}.pdf", PDF, row.pdf_size or 0, desk.store.files.open(row.pdf_sha256 or ""))


def _get_issued_document(desk: Desk, actor: Actor, document_id: int) -> DocumentRow:
    with desk.store.read() as tx:
        row = tx.documents.get(document_id)
        case = tx.cases.get(row.case_id)
        _tell_read(tx, actor, case.id, f"下载文书“{row.title}”", row.id, own=False)
        if is_recused(actor, case) or not _reads_without_case(tx, actor, case, row):
            require_case(actor, case, tx)
    if row.erased_at is not None:
        raise NotFound(ERASED_FILE)
    if row.sha256 is None or row.size is None:
        raise NotReady
    return row


def _tell_read(tx: Transaction, actor: Actor, case_id: int | None, what: str, ident: int | str, *, own: bool) -> None:
    """Say in the book what somebody looked at or took out of a case; what is one's own or one's organisation's is left out."""
    case = tx.cases.get(case_id) if case_id is not None else None
    if own or case is None or case.subject_id in actor.body_ids:
        leave_out()
    else:
        describe_current_act(f"{case.title}：{what}", place=case.jurisdiction, after={"file": ident, "case": case.id})


def _reads_without_case(tx: Transaction, actor: Actor, case: CaseRow, row: DocumentRow) -> bool:
    """Return whether the actor may read a document whether or not they may open its case."""
    return _was_sent(tx, actor, row) or reads_as_voter(tx, actor, case) or is_sitting_document(tx, actor, case, row.id)


def _was_sent(tx: Transaction, actor: Actor, row: DocumentRow) -> bool:
    """Return whether the document came to the actor with a message: a letter may be read by whom it was written to."""
    if actor.person_id is None:
        return False
    mine = (m.documents for m in tx.mail.select(case_id=row.case_id) if m.person_id == actor.person_id)
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


_SECRET = "opened-files"  # noqa: S105  the name of a secret, not a secret


@dataclass(frozen=True, slots=True)
class PageNote:
    """One's own note, about the ``item`` of a score sheet; ``replaced``: on a file that another has taken the place of."""

    id: int
    upload: str
    file: str
    page: int
    quote: str
    words: str
    item: str
    at: datetime
    replaced: bool


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who reads a trade secret of another organisation, and since when: it lies over each page."""

    reader: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FileReader:
    """A file to be read, or ``why`` it is not shown; ``picture`` where it is one instead of pages.

    ``mark`` goes with the address of its content: with it that is part of this opening. ``by`` is the file that took its
    place. ``notes`` are the reader's own at it, ``others`` those in the case, of files that it replaced among them.
    ``watermark`` is what lies over the pages of another's trade secret, None over those of other files.
    """

    upload: str
    case_id: int | None
    name: str
    label: Text | None
    size: int
    picture: bool
    why: Text | None
    notes: tuple[PageNote, ...]
    others: tuple[PageNote, ...]
    by: str | None
    replaced: bool
    mark: str
    watermark: Watermark | None
    may_stop: bool


@guarded("upload.read")
def view_file_reader(desk: Desk, actor: Actor, upload_id: str) -> FileReader:
    """Return a file to be read, which the book says of another's; opening a trade secret is recorded in its case as well.

    Raises NotFound, NotAllowed.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        row, secret = readable_file(desk, tx, actor, upload_id)
        _tell_read(tx, actor, row.case_id, "查看附件", row.id, own=row.person_id == actor.person_id)
    if secret:
        record_opening(actor, desk, row)
    with desk.store.read() as tx:
        case = tx.cases.get(row.case_id) if row.case_id is not None else None
        standing = standing_of(tx, case.id) if case is not None else FileStanding.of_nothing()
        notes = _list_readers_notes(tx, actor, case, standing) if case is not None else ()
        label = _find_upload_label(desk, tx, case, row) if case is not None else None
    return FileReader(
        upload=row.id,
        case_id=row.case_id,
        name=row.name,
        label=label,
        size=row.size,
        picture=is_picture(row),
        why=find_fault(desk, row),
        notes=tuple(note for note in notes if note.upload == row.id),
        others=tuple(note for note in notes if note.upload != row.id),
        by=standing.instead_of(row.id),
        replaced=standing.is_replaced(row.id),
        mark=_compute_mark(desk, actor, row, now),
        watermark=Watermark(actor.name, now) if secret else None,
        may_stop=case is not None and case.subject_id not in actor.body_ids,
    )


@guarded("upload.read")
def open_preview_file(desk: Desk, actor: Actor, upload_id: str, mark: str = "") -> Download:
    """Return what is shown of a file.

    Without the ``mark`` of an opening within the last hour the file of another is opened anew, on record.

    Raises:
        NotFound, NotAllowed: as for the file; NotFound also where it cannot be shown, and why.
        FilesBusy: another file is being turned into a PDF.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        row, secret = readable_file(desk, tx, actor, upload_id)
        valid_marks = [_compute_mark(desk, actor, row, at) for at in (now, now - timedelta(hours=1))]
        opened = any(is_same_text(mark, valid_mark) for valid_mark in valid_marks)
        _tell_read(tx, actor, row.case_id, "查看附件", row.id, own=opened or row.person_id == actor.person_id)
    if secret and not opened:
        record_opening(actor, desk, row)
    kind, sha256 = get_readable_content(desk, row)
    return Download(row.name, kind, row.size, desk.store.files.open(sha256))


def _find_upload_label(desk: Desk, tx: Transaction, case: CaseRow, row: UploadRow) -> Text | None:
    form = tx.tasks.get(row.task_id).form if row.task_id is not None else None
    return label_of_upload(desk.packages.get(case.definition, tx), case.process, form, row.field)


def _list_readers_notes(tx: Transaction, actor: Actor, case: CaseRow, standing: FileStanding) -> tuple[PageNote, ...]:
    if actor.person_id is None:
        return ()
    rows = tx.page_notes.select(limit=MOST_NOTES, person_id=actor.person_id, case_id=case.id, removed_at=None)
    names = {ident: tx.uploads.get(ident).name for ident in {row.upload_id for row in rows}}
    notes = [_build_page_note(row, names[row.upload_id], standing) for row in rows]
    return tuple(sorted(notes, key=lambda note: (note.file, note.upload, note.page, note.id)))


def _build_page_note(row: PageNoteRow, name: str, standing: FileStanding) -> PageNote:
    replaced = standing.is_replaced(row.upload_id)
    return PageNote(row.id, row.upload_id, name, row.page, row.quote, row.words, row.item, row.at, replaced)


def _compute_mark(desk: Desk, actor: Actor, row: UploadRow, at: datetime) -> str:
    words = f"{row.id} {actor.person_id} {at:%Y%m%d%H}"
    return hmac.new(desk.ballot_keys.secret(_SECRET), words.encode(), hashlib.sha256).hexdigest()[:32]


WORD, PRINTED = "docx", "pdf"
KINDS: Mapping[str, str] = {WORD: DOCX, PRINTED: PDF}
"""Media types by kind of file."""

Paragraphs = Sequence[str | Mapping[str, Any]]
"""Texts, and tables ({head, rows})."""


def as_file(desk: Desk, title: str, paragraphs: Paragraphs, day: date, kind: str) -> Download:
    """Return a paper with ``title`` over numbered pages as ``kind`` (docx, pdf), dated ``day``; it is no issued document.

    So it has neither the red head of an authority nor the place of a seal.

    Raises:
        NotFound: there is no such kind.
        NoPrinter, NoChineseFont, NotPrintable: no PDF can be made here, and why.
    """
    if kind not in KINDS:
        raise NotFound(
            Text("没有这种文件，可下载 docx 或 pdf。", "There is no such file: it is offered as docx and pdf.")
        )
    content = {"layout": "official", "title": title, "paragraphs": list(paragraphs), "date": day.isoformat()}
    data = set_as(kind, content, desk)
    return Download(f"{title}.{kind}", KINDS[kind], len(data), io.BytesIO(data))


def set_as(kind: str, content: Mapping[str, Any], desk: Desk, layout: bytes | None = None) -> bytes:
    """Return a composed document as ``kind``, in ``layout`` of a place or in the program's; raises as `as_file`."""
    if kind == WORD:
        return render_docx(content, OwnLayout(layout, desk.sandbox) if layout is not None else None)
    if desk.printer is None:
        raise NoPrinter(Text("此处不生成 PDF，请下载 Word 文件。", "No PDF is made here: download the Word file."))
    return desk.printer.print(content, layout)
