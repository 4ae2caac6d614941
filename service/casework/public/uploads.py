"""Uploads without account: within narrow limits, so many bytes from an address in a day, and only for public questions."""

from __future__ import annotations

from datetime import timedelta
from typing import IO, BinaryIO
from uuid import uuid4

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.received_files import checked_kind
from service.casework.public.throttle import UPLOAD, TooOften, count_attempt
from service.casework.tasks.attach_upload import Attached, drop_withdrawn, put_unclaimed, unclaimed_work
from service.domain.errors import NotFound
from service.domain.files.uploads import check_name
from service.domain.forms import UploadRules
from service.domain.text import Text
from service.store import Transaction
from service.store.models import UploadRow

_BYTES = "bytes"
_DAY, _FORGET = timedelta(days=1), timedelta(days=2)
_MEGABYTE = 1024 * 1024


class SpaceUsedUp(TooOften):
    """There is no more space for files of people without an account, for this address or for everybody."""

    code = "space_used_up"


def count_bytes(desk: Desk, origin: str, size: int) -> None:
    """Count the bytes of a file before it is stored; raises SpaceUsedUp beyond what one address or all may send."""
    now, space = desk.clock.now(), desk.public_space
    with desk.store.write() as tx:
        sent = tx.attempts.total("bytes", origin=origin, kind=_BYTES, at__gt=now - _DAY)
        if sent + size <= space.of_address and tx.uploads.unclaimed_bytes() + size <= space.of_all:
            tx.attempts.note(_BYTES, origin, now, now - _FORGET, size)
            return
    if sent + size > space.of_address:
        most = space.of_address // _MEGABYTE
        raise SpaceUsedUp(
            Text(
                f"同一网络一天内最多上传 {most} MB，这个文件没有接收。请明天再传，或者把材料书面送交办公室。",
                f"One network may upload {most} MB within a day, so this file was not taken. Try tomorrow, or bring it"
                " to the office on paper.",
            )
        )
    raise SpaceUsedUp(
        Text(
            "目前待提交的附件过多，暂时不能接收新的文件。请过几小时再传；急需办理的，可以直接书面送交办公室。",
            "Too many files wait to be submitted, so no more are taken now. Try again in some hours, or bring yours to"
            " the office on paper.",
        )
    )


PUBLIC_MAX_BYTES = 20 * 1024 * 1024
"""No file of a person without account may be larger, whatever the form allows."""


@guarded("objection.attach")
def attach_publicly(
    desk: Desk, actor: Actor, field: str, filename: str, stream: IO[bytes], rules: UploadRules, origin: str
) -> Attached:
    """Store a file for ``field`` of a public form; it belongs to no case until the form is submitted.

    Raises:
        TooOften: the address uploaded too often within the hour.
        SpaceUsedUp: too many bytes, from the address within a day or by everybody.
        UploadRefused: wrong kind, too large, empty or a dangerous name.
    """
    count_attempt(desk, UPLOAD, origin)
    rules = rules.within(PUBLIC_MAX_BYTES)
    content = stream.read(rules.max_bytes + 1)
    kind = checked_kind(actor, desk, "objection.attach", filename, content, rules)
    count_bytes(desk, origin, len(content))
    sha256, size, stamp = put_unclaimed(desk, content)
    ident, name, now = str(uuid4()), check_name(filename), desk.clock.now()
    with desk.store.write() as tx:
        tx.work.enqueue_many([unclaimed_work(ident, stamp, now + timedelta(hours=desk.public_space.hours))], now)
        tx.uploads.add(
            UploadRow(
                id=ident,
                field=field,
                name=name,
                kind=kind.media_type,
                size=size,
                sha256=sha256,
                at=now,
            )
        )
    return Attached(ident, name, size)


@guarded("objection.attach")
def find_public_upload(desk: Desk, actor: Actor, upload_id: str) -> dict[str, object] | None:
    """Return {id, name, size} of a file that was uploaded without account and is not submitted yet."""
    del actor
    with desk.store.read() as tx:
        try:
            row = _get_free_upload(tx, upload_id)
        except NotFound:
            return None
    return {"id": row.id, "name": row.name, "size": row.size}


@guarded("objection.attach")
def open_public_upload(desk: Desk, actor: Actor, upload_id: str) -> tuple[UploadRow, BinaryIO]:
    """Return such a file to whoever holds its id; raises NotFound once it is submitted."""
    del actor
    with desk.store.read() as tx:
        row = _get_free_upload(tx, upload_id)
    return row, desk.store.files.open(row.sha256)


@guarded("objection.attach")
def remove_public_upload(desk: Desk, actor: Actor, upload_id: str) -> None:
    """Take such a file out of the form; raises NotFound once it is submitted."""
    del actor
    with desk.store.write() as tx:
        if not tx.uploads.remove_unclaimed(_get_free_upload(tx, upload_id).id, desk.clock.now()):
            raise _not_free()
    drop_withdrawn(desk, upload_id)


def _get_free_upload(tx: Transaction, upload_id: str) -> UploadRow:
    row = tx.uploads.get(upload_id)
    if row.person_id is not None or row.case_id is not None or row.removed_at is not None:
        raise _not_free()
    return row


def _not_free() -> NotFound:
    return NotFound(Text("没有这个附件，或者它已经提交。", "There is no such file, or it is submitted already."))
