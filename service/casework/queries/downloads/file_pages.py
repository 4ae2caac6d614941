"""The pages of a file as pictures with their text, and what the reader noted at them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.cases.page_notes import MOST_NOTES
from service.casework.cases.readable_file import readable_file, record_opening
from service.casework.desk.desk import Desk
from service.casework.documents.file_pages import AT_ONCE, lost_picture, pages_busy, pages_of, redrawn, why_unshown
from service.casework.reading.replaced_files import FileStanding, standing_of
from service.catalog.form_fields.upload_labels import label_of_upload
from service.domain.errors import NotFound
from service.domain.proof.same_text import is_same_text
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow, FilePageRow, PageNoteRow, UploadRow

_SECRET = "opened-files"  # noqa: S105  the name of a secret, not a secret
_MOST_PAGES = 100_000
"""Higher numbers of pages are nobody's: they are not looked for."""
_AHEAD = 5
"""Pages that are drawn with the one that is asked for."""


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
class PageView:
    """A page: ``drawn`` False where it is drawn when its picture is asked for, ``picture`` False where it has none."""

    page: int
    drawn: bool
    picture: bool
    width: int
    height: int
    text: str
    notes: tuple[PageNote, ...]


@dataclass(frozen=True, slots=True)
class Watermark:
    """Who reads a trade secret of another organisation, and since when: it lies over each page."""

    reader: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FilePages:
    """A file to be read: ``pages`` in all, ``sheets`` from ``first`` on, or ``why`` none is shown.

    ``mark`` goes with the addresses of its pictures: with it they are part of this opening. ``by`` is the file that
    took its place. ``notes`` are the reader's other notes in the case, those of files that it replaced among them.
    ``watermark`` is what lies over the pages of another's trade secret, None over those of other files.
    """

    upload: str
    case_id: int | None
    name: str
    label: Text | None
    size: int
    pages: int
    why: Text | None
    first: int
    sheets: tuple[PageView, ...]
    notes: tuple[PageNote, ...]
    replaced: bool
    by: str | None
    mark: str
    watermark: Watermark | None


@dataclass(frozen=True, slots=True)
class PagePicture:
    """The picture of a page; ``kind`` is its media type."""

    kind: str
    content: BinaryIO


@guarded("upload.read")
def view_pages(desk: Desk, actor: Actor, upload_id: str, first: int = 1) -> FilePages:
    """Return up to fifty pages of a file from ``first`` on; opening a trade secret of another is recorded, once.

    Raises:
        NotFound, NotAllowed: as for the file itself.
        PagesBusy: nothing is known of the file yet, and others are being drawn.
    """
    with desk.store.read() as tx:
        row, secret = readable_file(desk, tx, actor, upload_id)
    if secret:
        record_opening(actor, desk, row)
    first = min(max(first, 1), _MOST_PAGES)
    file, drawn = pages_of(desk, row, first, AT_ONCE, actor.person_id)
    first = first if first <= file.pages else 1
    with desk.store.read() as tx:
        case = tx.cases.get(row.case_id) if row.case_id is not None else None
        standing = standing_of(tx, case.id) if case is not None else FileStanding.of_nothing()
        notes = _own_notes(tx, actor, case, standing) if case is not None else ()
        label = _label(desk, tx, case, row) if case is not None else None
    shown = range(first, min(first + AT_ONCE, file.pages + 1))
    return FilePages(
        upload=row.id,
        case_id=row.case_id,
        name=row.name,
        label=label,
        size=row.size,
        pages=file.pages,
        why=why_unshown(file),
        first=first,
        sheets=_sheets(shown, drawn, [one for one in notes if one.upload == row.id]),
        notes=tuple(one for one in notes if one.upload != row.id or one.page not in shown),
        replaced=standing.is_replaced(row.id),
        by=standing.instead_of(row.id),
        mark=_mark(desk, actor, row, desk.clock.now()),
        watermark=Watermark(actor.name, desk.clock.now()) if secret else None,
    )


@guarded("upload.read")
def open_page(desk: Desk, actor: Actor, upload_id: str, page: int, mark: str = "") -> PagePicture:
    """Return the picture of a page, drawn now if it is not yet.

    Without the ``mark`` of an opening within the last hour a trade secret of another is opened anew, on record.

    Raises:
        NotFound, NotAllowed: as for the file; NotFound also where the page has no picture.
        PagesBusy: others are being drawn.
    """
    with desk.store.read() as tx:
        row, secret = readable_file(desk, tx, actor, upload_id)
        now = desk.clock.now()
        known = [_mark(desk, actor, row, at) for at in (now, now - timedelta(hours=1))]
        opened = any(is_same_text(mark, one) for one in known)
    if secret and not opened:
        record_opening(actor, desk, row)
    file, drawn = pages_of(desk, row, min(max(page, 1), _MOST_PAGES), _AHEAD, actor.person_id)
    found = next((one for one in drawn if one.page == page), None)
    if found is not None and lost_picture(desk, row, found):
        found = redrawn(desk, row, page, actor.person_id)
    elif found is None and 1 <= page <= file.pages:
        raise pages_busy()
    if found is None or found.picture is None:
        raise NotFound(Text("这一页没有图片，请下载文件查看。", "This page has no picture: download the file."))
    return PagePicture(found.kind, desk.store.files.open(found.picture))


def _label(desk: Desk, tx: Transaction, case: CaseRow, row: UploadRow) -> Text | None:
    form = tx.tasks.get(row.task_id).form if row.task_id is not None else None
    return label_of_upload(desk.packages.get(case.definition, tx), case.process, form, row.field)


def _own_notes(tx: Transaction, actor: Actor, case: CaseRow, standing: FileStanding) -> tuple[PageNote, ...]:
    if actor.person_id is None:
        return ()
    rows = tx.page_notes.own(actor.person_id, case.id, MOST_NOTES)
    names = {ident: tx.uploads.get(ident).name for ident in {row.upload_id for row in rows}}
    shown = [_shown(row, names[row.upload_id], standing) for row in rows]
    return tuple(sorted(shown, key=lambda one: (one.file, one.upload, one.page, one.id)))


def _shown(row: PageNoteRow, name: str, standing: FileStanding) -> PageNote:
    replaced = standing.is_replaced(row.upload_id)
    return PageNote(row.id, row.upload_id, name, row.page, row.quote, row.words, row.at, replaced)


def _sheets(shown: range, drawn: Sequence[FilePageRow], notes: Sequence[PageNote]) -> tuple[PageView, ...]:
    by_page = {page.page: page for page in drawn}
    return tuple(_sheet(n, by_page.get(n), tuple(one for one in notes if one.page == n)) for n in shown)


def _sheet(number: int, page: FilePageRow | None, notes: tuple[PageNote, ...]) -> PageView:
    if page is None:
        return PageView(number, False, True, 0, 0, "", notes)
    return PageView(number, True, page.picture is not None, page.width, page.height, page.text, notes)


def _mark(desk: Desk, actor: Actor, row: UploadRow, at: datetime) -> str:
    said = f"{row.id} {actor.person_id} {at:%Y%m%d%H}"
    return hmac.new(desk.ballot_keys.secret(_SECRET), said.encode(), hashlib.sha256).hexdigest()[:32]
