"""Space for uploads without an account: so many bytes from an address in a day, so many in all, and not for ever.

What is not submitted in time is removed, its content too where the files lie in a folder. A bucket keeps the content,
because it cannot tell whether the same was stored again meanwhile; what there is counts as submitted no longer.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from service.casework.desk.desk import Desk
from service.casework.public.throttle import TooOften
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.models import WorkItemRow

UNCLAIMED = "unclaimed"
"""Kind of the work item that removes what was uploaded and not submitted."""

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
        sent = tx.receipts.bytes_sent(_BYTES, origin, now - _DAY)
        if sent + size <= space.of_address and tx.uploads.unclaimed_bytes() + size <= space.of_all:
            tx.receipts.note_attempt(_BYTES, origin, now, now - _FORGET, size)
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


def unclaimed_work(upload: str, stamp: str, due_at: datetime) -> NewWork:
    """Return the work item that removes an upload unless its form was submitted; ``stamp`` is that of its content."""
    return NewWork(UNCLAIMED, None, _key(upload), {"upload": upload, "stamp": stamp}, due_at)


def put_unclaimed(desk: Desk, content: bytes) -> tuple[str, int, str]:
    """Store content of an upload without an account; returns its SHA-256, its size and the stamp it is dropped by.

    The stamp is "" where somebody else stored the same content before: then it is never dropped. Where only uploads
    without an account did, the newest of them drops it.
    """
    files, sha256 = desk.store.files, hashlib.sha256(content).hexdigest()
    known = files.stamp(sha256)
    with desk.store.read() as tx:
        waiting = [tx.work.by_key(_key(ident)) for ident in tx.uploads.never_claimed(sha256)] if known else []
    ours = not known or known in {str(item.payload["stamp"]) for item in waiting if item is not None}
    _, size = files.put(content)
    return sha256, size, files.stamp(sha256) if ours else ""


def drop_unclaimed(desk: Desk, item: WorkItemRow) -> None:
    """Remove an upload that nobody submitted, and its content where nothing else has the same.

    First the row, for good: from then on nobody submits it, and whoever submitted it meanwhile keeps it.
    """
    now, ident, stamp = desk.clock.now(), str(item.payload["upload"]), str(item.payload["stamp"])
    with desk.store.write() as tx:
        tx.uploads.remove_unclaimed(ident, now)
    with desk.store.write() as tx:
        _drop_content(desk, tx, ident, stamp)
        tx.work.finish(item, now)


def drop_withdrawn(desk: Desk, upload: str) -> None:
    """Remove the content of an upload that was taken out of a form at once: it counts no longer, so it must be gone."""
    with desk.store.write() as tx:
        item = tx.work.by_key(_key(upload))
        if item is not None:
            _drop_content(desk, tx, upload, str(item.payload["stamp"]))


def _drop_content(desk: Desk, tx: Transaction, ident: str, stamp: str) -> None:
    row = tx.uploads.get(ident)
    gone = row.case_id is None and row.person_id is None and row.removed_at is not None
    if gone and stamp and not tx.uploads.shares_content(ident, row.sha256):
        desk.store.files.drop(row.sha256, stamp)


def _key(upload: str) -> str:
    return f"{UNCLAIMED}:{upload}"
