"""Files that arrive in pieces, in the way of tus 1.0: what broke off goes on where it stopped.

The pieces lie in the file store, so that any process can take the next one. Each begins with words of its own: its
content is no other file's, and dropping it never drops what somebody else stored.
"""

from __future__ import annotations

import hashlib
import hmac
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import uuid4

from service.casework.desk.desk import Desk
from service.casework.tasks.own_space import demand_own_space
from service.domain.errors import Conflict, Invalid, LaurelError
from service.domain.files.uploads import UploadRefused, check_announced
from service.domain.forms import UploadRules
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.rows import UnfinishedUploadRow, WorkItemRow

UNFINISHED = "unfinished"
"""Kind of the work item that removes what was begun and not finished."""

LEAST_PIECE = 64 * 1024
MOST_PIECE = 8 * 1024 * 1024
"""Bytes of a piece; the last one may be shorter."""

MOST_AT_ONCE = 30
"""Files that one person may have begun and not finished."""

_NOTHING_CAME = timedelta(hours=1)
"""A file of which no byte has arrived is kept so long."""

_CHECKSUMS = ("sha1", "sha256")


class Elsewhere(Conflict):
    """A piece does not begin where the last one ended; the sender asks how far it came."""

    code = "upload_elsewhere"


class PieceDamaged(LaurelError):
    """A piece is not what its checksum says."""

    code = "upload_damaged"


@dataclass(frozen=True, slots=True)
class Announced:
    """A file that is about to arrive: its field, name, size in bytes, and what the field takes."""

    field: str
    name: str
    size: int
    rules: UploadRules
    task_id: int | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes that belong at ``offset``; ``checksum`` is (algorithm, digest) where the sender told one."""

    offset: int
    content: bytes
    checksum: tuple[str, bytes] | None = None


def begin(desk: Desk, person_id: int | None, file: Announced) -> UnfinishedUploadRow:
    """Make room for an announced file, before its first byte.

    Raises:
        UploadRefused: it would not be taken, for its name, size or kind.
        Conflict: too many files of this person are unfinished.
        OwnSpaceUsedUp: too many bytes, by the person within a day or in the case.
    """
    rules, now = file.rules, desk.clock.now()
    name = check_announced(file.name, file.size, max_bytes=rules.max_bytes, accept=rules.accept)
    if person_id is not None:
        demand_own_space(desk, person_id, file.task_id, file.size)
    row = UnfinishedUploadRow(
        id=str(uuid4()),
        person_id=person_id,
        task_id=file.task_id,
        field=file.field,
        name=name,
        size=file.size,
        max_bytes=rules.max_bytes,
        accept=list(rules.accept),
        at=now,
    )
    with desk.store.write() as tx:
        if person_id is not None:
            _demand_few(desk, tx, person_id)
        tx.work.enqueue_many([_removal(desk, row, "")], now)
        tx.unfinished_uploads.insert(row)
    return row


def gone_at(desk: Desk, row: UnfinishedUploadRow) -> datetime:
    """Return when it is removed unless it was finished: soon where nothing of it has come."""
    kept = timedelta(hours=desk.public_space.hours)
    return row.at + (kept if row.received else min(kept, _NOTHING_CAME))


def add_piece(desk: Desk, row: UnfinishedUploadRow, piece: Piece) -> UnfinishedUploadRow:
    """Keep the next bytes of a file; returns the row as it is then.

    Raises:
        Elsewhere: the piece does not begin where the last one ended.
        PieceDamaged: it is not what its checksum says; nothing of it is kept.
        Invalid: it is longer than the file, too long or too short.
    """
    if piece.offset == row.received == row.size and not piece.content:
        return row  # all is there: only the end is tried again
    if row.upload_id is not None or piece.offset != row.received:
        raise _elsewhere(row)
    _check(row, piece)
    sha256, _ = desk.store.files.put(_own_words(row) + piece.content)
    kept = {"sha256": sha256, "stamp": desk.store.files.stamp(sha256), "size": len(piece.content)}
    longer = replace(row, received=row.received + len(piece.content), pieces=[*row.pieces, kept])
    with desk.store.write() as tx:
        taken = tx.unfinished_uploads.extend(row.id, piece.offset, len(piece.content), longer.pieces)
    if not taken:
        desk.store.files.drop(sha256, str(kept["stamp"]))
        raise _elsewhere(row)
    return longer


def content_of(desk: Desk, row: UnfinishedUploadRow) -> BinaryIO:
    """Return a file all of whose pieces have arrived.

    Raises:
        NotFound: pieces were lost meanwhile.
        PieceDamaged: the row names what is no piece of this file, such as somebody else's file.
    """
    whole = io.BytesIO()
    for piece in row.pieces:
        with desk.store.files.open(piece["sha256"]) as stream:
            if not stream.read(len(_own_words(row))).startswith(_own_head(row)):
                raise PieceDamaged(
                    Text(
                        f"“{row.name}”收到的内容在系统之外被改动，没有接收，请取消后重新上传。",
                        f"What has arrived of “{row.name}” was changed beside the program: cancel it and send it again.",
                    )
                )
            whole.write(stream.read())
    whole.seek(0)
    return whole


def keep_once_whole(desk: Desk, row: UnfinishedUploadRow, keep: Callable[[BinaryIO], str]) -> UnfinishedUploadRow:
    """Let a file that has arrived whole become the upload that ``keep`` makes of its content; returns ``row``.

    Raises:
        UploadRefused: it is not what it was announced as; nothing of it stays.
    """
    if row.received == row.size and row.upload_id is None:
        try:
            upload_id = keep(content_of(desk, row))
        except UploadRefused:
            forget(desk, row)
            raise
        become(desk, row, upload_id)
    return row


def become(desk: Desk, row: UnfinishedUploadRow, upload_id: str) -> str:
    """Note which upload it became, and drop its pieces; returns the upload that counts where two tried at once.

    Raises:
        NotFound: it was given up at that moment; what it became is taken out again.
    """
    with desk.store.write() as tx:
        finished = tx.unfinished_uploads.finish(row.id, upload_id)
        if not finished:
            tx.uploads.remove(upload_id, desk.clock.now())
    if finished:
        _drop_pieces(desk, row)
        return upload_id
    with desk.store.read() as tx:
        return tx.unfinished_uploads.get(row.id).upload_id or upload_id


def forget(desk: Desk, row: UnfinishedUploadRow) -> None:
    """Remove what has arrived: the sender gave up, or the whole was refused."""
    with desk.store.write() as tx:
        newest = tx.unfinished_uploads.lock(row.id) or row
        tx.unfinished_uploads.remove(row.id)
    _drop_pieces(desk, newest)


def sweep_unfinished(desk: Desk, item: WorkItemRow) -> None:
    """Remove a file that was not finished in time, and the note of one that was; one that began to arrive has longer."""
    now = desk.clock.now()
    with desk.store.write() as tx:
        row = tx.unfinished_uploads.lock(str(item.payload["unfinished"]))
        over = row is not None and gone_at(desk, row) <= now
        if row is not None and over:
            tx.unfinished_uploads.remove(row.id)
        elif row is not None:
            tx.work.enqueue_many([_removal(desk, row, ":rest")], now)
        tx.work.finish(item, now)
    if row is not None and over:
        _drop_pieces(desk, row)


def _removal(desk: Desk, row: UnfinishedUploadRow, which: str) -> NewWork:
    return NewWork(UNFINISHED, None, f"{UNFINISHED}:{row.id}{which}", {"unfinished": row.id}, gone_at(desk, row))


def _demand_few(desk: Desk, tx: Transaction, person_id: int) -> None:
    tx.turns.begin_uploads(person_id)
    waiting = tx.unfinished_uploads.count_open(person_id)
    if waiting < MOST_AT_ONCE:
        return
    raise Conflict(
        Text(
            f"您有 {waiting} 个附件没有传完，请先把它们传完或取消；没有传完的 {desk.public_space.hours} 小时后自动清除。",
            f"{waiting} of your files are unfinished: finish or cancel them first. What is left unfinished is "
            f"removed after {desk.public_space.hours} hours.",
        )
    )


def _check(row: UnfinishedUploadRow, piece: Piece) -> None:
    size, left = len(piece.content), row.size - row.received
    if not min(LEAST_PIECE, left) <= size <= min(MOST_PIECE, left):
        raise Invalid(
            Text(
                f"这一段有 {size} 字节，应在 {min(LEAST_PIECE, left)} 到 {min(MOST_PIECE, left)} 字节之间。",
                f"This piece has {size} bytes; it must have {min(LEAST_PIECE, left)} to {min(MOST_PIECE, left)}.",
            )
        )
    if piece.checksum is None:
        return
    name, digest = piece.checksum
    if name not in _CHECKSUMS:
        raise Invalid(
            Text(
                f"不支持校验方式“{name[:20]}”，请用 {'、'.join(_CHECKSUMS)}。",
                f"The checksum “{name[:20]}” is not known: use {', '.join(_CHECKSUMS)}.",
            )
        )
    found = hashlib.new(name, piece.content, usedforsecurity=False).digest()
    if not hmac.compare_digest(found, digest):
        raise PieceDamaged(
            Text(
                f"“{row.name}”的这一段在途中损坏，没有接收，请从第 {row.received} 字节重发。",
                f"This piece of “{row.name}” was damaged on its way and not taken: send it again from {row.received}.",
            )
        )


def _own_words(row: UnfinishedUploadRow) -> bytes:
    """Return what a piece begins with: always as long, never the same."""
    return _own_head(row) + f"{uuid4()}\n".encode("ascii")


def _own_head(row: UnfinishedUploadRow) -> bytes:
    """Return what every piece of a file begins with, and of no other file, nor of that file in another's name."""
    return f"laurel piece of {row.id} by {row.person_id or 0:020d} ".encode("ascii")


def _drop_pieces(desk: Desk, row: UnfinishedUploadRow) -> None:
    for piece in row.pieces:
        desk.store.files.drop(piece["sha256"], piece["stamp"])


def _elsewhere(row: UnfinishedUploadRow) -> Elsewhere:
    return Elsewhere(
        Text(
            f"“{row.name}”已收到 {row.received} 字节，请从这里接着传。",
            f"{row.received} bytes of “{row.name}” have arrived: go on from there.",
        )
    )


def rules_of_row(row: UnfinishedUploadRow) -> UploadRules:
    """Return what the field of an announced file takes."""
    return UploadRules(max_bytes=row.max_bytes, accept=tuple(row.accept))
