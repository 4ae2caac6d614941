"""A file to be read page by page, and what the reader noted at its pages."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.cases.page_notes import MOST_NOTES
from service.casework.cases.readable_file import readable_file, record_opening
from service.casework.desk.desk import Desk
from service.casework.documents.shown_files import find_fault, get_readable_content, is_picture
from service.casework.queries.downloads.files import Download
from service.casework.reading.replaced_files import FileStanding, standing_of
from service.catalog.form_fields.upload_labels import label_of_upload
from service.domain.proof.same_text import is_same_text
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, PageNoteRow, UploadRow

_SECRET = "opened-files"  # noqa: S105  the name of a secret, not a secret


@dataclass(frozen=True, slots=True)
class PageNote:
    """One's own note; ``replaced``: it stands on a file that another has taken the place of."""

    id: int
    upload: str
    file: str
    page: int
    quote: str
    words: str
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


@guarded("upload.read")
def view_file_reader(desk: Desk, actor: Actor, upload_id: str) -> FileReader:
    """Return a file to be read; opening a trade secret of another is recorded. Raises NotFound, NotAllowed."""
    now = desk.clock.now()
    with desk.store.read() as tx:
        row, secret = readable_file(desk, tx, actor, upload_id)
    if secret:
        record_opening(actor, desk, row)
    with desk.store.read() as tx:
        case = tx.cases.get(row.case_id) if row.case_id is not None else None
        standing = standing_of(tx, case.id) if case is not None else FileStanding.of_nothing()
        notes = _own_notes(tx, actor, case, standing) if case is not None else ()
        label = _label(desk, tx, case, row) if case is not None else None
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
        mark=_mark(desk, actor, row, now),
        watermark=Watermark(actor.name, now) if secret else None,
    )


@guarded("upload.read")
def open_shown_file(desk: Desk, actor: Actor, upload_id: str, mark: str = "") -> Download:
    """Return what is shown of a file.

    Without the ``mark`` of an opening within the last hour a trade secret of another is opened anew, on record.

    Raises:
        NotFound, NotAllowed: as for the file; NotFound also where it cannot be shown, and why.
        FilesBusy: another file is being turned into a PDF.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        row, secret = readable_file(desk, tx, actor, upload_id)
    known = [_mark(desk, actor, row, at) for at in (now, now - timedelta(hours=1))]
    if secret and not any(is_same_text(mark, one) for one in known):
        record_opening(actor, desk, row)
    kind, sha256 = get_readable_content(desk, row)
    return Download(row.name, kind, row.size, desk.store.files.open(sha256))


def _label(desk: Desk, tx: Transaction, case: CaseRow, row: UploadRow) -> Text | None:
    form = tx.tasks.get(row.task_id).form if row.task_id is not None else None
    return label_of_upload(desk.packages.get(case.definition, tx), case.process, form, row.field)


def _own_notes(tx: Transaction, actor: Actor, case: CaseRow, standing: FileStanding) -> tuple[PageNote, ...]:
    if actor.person_id is None:
        return ()
    rows = tx.page_notes.own(actor.person_id, case.id, MOST_NOTES)
    names = {ident: tx.uploads.get(ident).name for ident in {row.upload_id for row in rows}}
    notes = [_note(row, names[row.upload_id], standing) for row in rows]
    return tuple(sorted(notes, key=lambda one: (one.file, one.upload, one.page, one.id)))


def _note(row: PageNoteRow, name: str, standing: FileStanding) -> PageNote:
    replaced = standing.is_replaced(row.upload_id)
    return PageNote(row.id, row.upload_id, name, row.page, row.quote, row.words, row.at, replaced)


def _mark(desk: Desk, actor: Actor, row: UploadRow, at: datetime) -> str:
    words = f"{row.id} {actor.person_id} {at:%Y%m%d%H}"
    return hmac.new(desk.ballot_keys.secret(_SECRET), words.encode(), hashlib.sha256).hexdigest()[:32]
