"""Large files of people without an account, sent in pieces; the secret number of a file is all that goes on with it."""

from __future__ import annotations

from dataclasses import replace
from typing import BinaryIO

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.active_file import checked_kind
from service.casework.public.attach import PUBLIC_MAX_BYTES, keep_publicly
from service.casework.public.space import count_bytes, demand_space
from service.casework.public.throttle import UPLOAD, count_attempt
from service.casework.tasks.attach_upload import Attached
from service.casework.tasks.resume_upload import as_attached
from service.casework.tasks.unfinished_uploads import (
    Announced,
    Piece,
    add_piece,
    begin,
    forget,
    keep_once_whole,
    rules_of_row,
)
from service.domain.errors import NotFound
from service.domain.files.uploads import check_announced
from service.domain.text import Text
from service.store.rows import UnfinishedUploadRow


@guarded("objection.attach")
def begin_publicly(desk: Desk, actor: Actor, file: Announced, origin: str) -> UnfinishedUploadRow:
    """Announce a file for a field of a public form; its bytes count for its address from now on.

    Raises:
        TooOften: the address uploaded too often within the hour.
        SpaceUsedUp: too many bytes, from the address within a day or by everybody.
        UploadRefused: it would not be taken, for its name, size or kind.
    """
    del actor
    count_attempt(desk, UPLOAD, origin)
    rules = replace(file.rules, max_bytes=min(file.rules.max_bytes, PUBLIC_MAX_BYTES))
    check_announced(file.name, file.size, max_bytes=rules.max_bytes, accept=rules.accept)
    count_bytes(desk, origin, file.size)
    return begin(desk, None, replace(file, rules=rules, task_id=None))


@guarded("objection.attach")
def find_unfinished_publicly(desk: Desk, actor: Actor, ident: str) -> UnfinishedUploadRow:
    """Return how far a file came that is sent without an account; raises NotFound for those of people with one."""
    del actor
    with desk.store.read() as tx:
        row = tx.unfinished_uploads.get(ident)
    if row.person_id is not None:
        raise NotFound(Text("没有这个未传完的附件。", "There is no such unfinished upload."))
    return row


@guarded("objection.attach")
def resume_publicly(desk: Desk, actor: Actor, ident: str, piece: Piece) -> UnfinishedUploadRow:
    """Keep the next piece; with the last one the file is checked and kept like one that was sent at once.

    Raises:
        SpaceUsedUp: so many files of others came meanwhile that there is no space for the piece now.
    """
    begun = find_unfinished_publicly(desk, actor, ident)
    demand_space(desk, len(piece.content))
    row = add_piece(desk, begun, piece)

    def keep(stream: BinaryIO) -> str:
        content = stream.read()
        kind = checked_kind(actor, desk, "objection.attach", row.name, content, rules_of_row(row))
        return keep_publicly(desk, row.field, row.name, content, kind).id

    return keep_once_whole(desk, row, keep)


@guarded("objection.attach")
def finished_publicly(desk: Desk, actor: Actor, ident: str) -> Attached:
    """Return what a file became; raises Conflict while it is still arriving."""
    return as_attached(find_unfinished_publicly(desk, actor, ident))


@guarded("objection.attach")
def give_up_publicly(desk: Desk, actor: Actor, ident: str) -> None:
    """Remove what has arrived of a file."""
    forget(desk, find_unfinished_publicly(desk, actor, ident))
