"""Large files of forms, sent in pieces: begun, gone on with after a break, finished, given up."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.doubtful_file import note_fault
from service.casework.tasks.attach_upload import Attached, attach_upload, demand_form_open
from service.casework.tasks.unfinished_uploads import (
    Announced,
    Piece,
    add_piece,
    begin,
    forget,
    keep_once_whole,
    rules_of_row,
)
from service.domain.errors import Conflict, NotFound
from service.domain.files.uploads import FileKind
from service.domain.text import Text
from service.store.rows import UnfinishedUploadRow


@guarded("upload.add")
def begin_upload(desk: Desk, actor: Actor, file: Announced) -> UnfinishedUploadRow:
    """Announce a file for a field of a task's form, or of one that starts a case.

    Raises:
        UploadRefused: it would not be taken, for its name, size or kind.
        Conflict: too many files of this person are unfinished.
        OwnSpaceUsedUp: too many bytes, by the person within a day or in the case.
    """
    assert actor.person_id is not None
    demand_form_open(actor, desk, file.task_id)
    return begin(desk, actor.person_id, file)


@guarded("upload.add")
def find_unfinished(desk: Desk, actor: Actor, ident: str) -> UnfinishedUploadRow:
    """Return how far a file of this person came; raises NotFound for those of others, and after it was removed."""
    with desk.store.read() as tx:
        row = tx.unfinished_uploads.get(ident)
    if row.person_id is None or row.person_id != actor.person_id:
        raise NotFound(Text("没有这个未传完的附件。", "There is no such unfinished upload."))
    return row


@guarded("upload.add")
def resume_upload(desk: Desk, actor: Actor, ident: str, piece: Piece) -> UnfinishedUploadRow:
    """Keep the next piece; with the last one the file is checked and attached like one that was sent at once.

    Raises:
        Elsewhere, PieceDamaged, Invalid: see `add_piece`.
        UploadRefused: the whole is not what it was announced as; nothing of it stays.
    """
    row = add_piece(desk, find_unfinished(desk, actor, ident), piece)

    def keep(content: BinaryIO) -> str:
        return attach_upload(desk, actor, row.task_id, row.field, row.name, content, rules_of_row(row)).id

    return keep_once_whole(desk, row, keep)


@guarded("upload.add")
def finished_upload(desk: Desk, actor: Actor, ident: str) -> Attached:
    """Return what a file became; raises Conflict while it is still arriving."""
    kept = as_attached(find_unfinished(desk, actor, ident))
    with desk.store.read() as tx:
        upload = tx.uploads.get(kept.id)
    with desk.store.files.open(upload.sha256) as stream:
        return replace(kept, doubt=note_fault(desk, upload.sha256, FileKind(upload.kind), stream.read()))


@guarded("upload.remove")
def give_up_upload(desk: Desk, actor: Actor, ident: str) -> None:
    """Remove what has arrived of a file; what was attached already stays."""
    forget(desk, find_unfinished(desk, actor, ident))


def as_attached(row: UnfinishedUploadRow) -> Attached:
    """Return the upload that a file became; raises Conflict while it is still arriving."""
    if row.upload_id is None:
        raise Conflict(
            Text(
                f"“{row.name}”还没有传完：共 {row.size} 字节，已收到 {row.received} 字节。",
                f"“{row.name}” has not arrived whole: {row.received} of {row.size} bytes.",
            )
        )
    return Attached(row.upload_id, row.name, row.size)
