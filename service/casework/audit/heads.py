"""Signed heads of the log: once a day, at each gate and after a restore how far all chains have come is written outside.

Who changes an event and hashes its chain anew, or takes a case out with its history, has to sign a head for it. The key lies
where the keys of ballots do; whoever has the database alone does not have it.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.domain.audit.head import (
    ChainHead,
    LogHead,
    SignedHead,
    first_out_of_line,
    leave_lost,
    read_head,
    sign_head,
)
from service.domain.calendar import CHINA, local_date
from service.domain.proof.signing import public_key
from service.domain.text import Text
from service.store import NewWork, Occupied, Transaction
from service.store.models import CaseRow, MailRow, WorkItemRow

_LOG = logging.getLogger(__name__)

SECRET = "anchors"  # noqa: S105  the name of a secret, not a secret
WORK = "head"
"""Kind of the work item that signs one."""
NO_FOLDER = Text(
    "没有设置库外目录（LAUREL_ANCHORS），记录链到哪里没有签名留存",
    "no folder outside is set (LAUREL_ANCHORS): how far the records have come is not signed",
)
_PATIENCE = 60
"""Seconds that the operator's command may take."""
_ENDS_AT_ONCE = 400
_LONGEST = 60_000
"""Characters of a line that a mail takes along; of a longer one the digest says the same."""


@guarded("work.run")
def sign_daily(desk: Desk, actor: Actor) -> SignedHead | None:
    """Sign a head unless one was signed today; None where there is nothing to sign, or another process signs."""
    newest = _find_newest_head(desk)
    if newest is not None and local_date(newest.head.at) == local_date(desk.clock.now()):
        return None
    try:
        return sign_now(desk, actor)
    except Occupied:
        return None


def queue_head(desk: Desk, tx: Transaction, case: CaseRow) -> None:
    """Queue a head to be signed once this unit of work, in which a gate was passed for a case, is committed."""
    if desk.premises.anchors is not None:
        now = desk.clock.now()
        tx.work.enqueue_many([NewWork(WORK, None, f"{WORK}:{case.id}:{case.audit_seq}", {}, now)], now)


def sign_queued(desk: Desk, item: WorkItemRow) -> None:
    """Sign the head that a gate asked for, beside every unit of work: the folder outside may be slow."""
    sign_now(desk, SYSTEM)
    with desk.store.write() as tx:
        tx.work.finish(item, desk.clock.now())


@guarded("work.run")
def sign_now(desk: Desk, actor: Actor, *, restored_to: datetime | None = None) -> SignedHead | None:  # noqa: ARG001  the guard looks at the actor
    """Sign how far every chain has come, write it outside and mail it; None without a folder outside, and where nothing moved.

    ``restored_to`` says when the backup was made that was just restored: what was signed since is no fault of this database.
    Raises Occupied while another machine signs.
    """
    folder = desk.premises.anchors
    if folder is None:
        return None
    file = folder / f"heads-{local_date(desk.clock.now()):%Y-%m}.jsonl"
    # One machine at a time by the database, one process of it after the other by the file: each head names the one before.
    with desk.store.alone_at("heads") as alone, _lock_place(file):
        if not alone:
            raise Occupied
        heads, _ = read_heads(folder)
        before = heads[-1] if heads else None
        signed_ends = {end for signed in leave_lost(heads) for end in signed.head.ends}
        with desk.store.read() as tx:
            since = 0 if before is None or restored_to is not None else before.head.events
            ends = tuple(end for end in tx.log.ends_since(since) if end not in signed_ends)
            newest = tx.log.newest_event()
        if not ends and restored_to is None:
            return None
        head = LogHead(desk.clock.now(), before.head.digest if before else "", ends, newest, restored_to)
        signed = sign_head(head, desk.ballot_keys.secret(SECRET), countersign_head(desk, head.text.encode()))
        append_line(file, signed.line)
    _mail_head(desk, signed)
    return signed


def read_heads(folder: Path) -> tuple[list[SignedHead], list[str]]:
    """Return the heads that lie in ``folder``, in their order, and where a line cannot be read (``file:line``)."""
    heads, torn = list[SignedHead](), list[str]()
    for file in sorted(folder.glob("heads-*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            try:
                heads.append(read_head(line))
            except ValueError:
                torn.append(f"{file.name}:{number}")
    return heads, torn


def compare_heads(desk: Desk) -> Iterator[int | Text]:
    """Compare every head outside with the log; yields how many were looked at, and what does not agree."""
    folder, secret = desk.premises.anchors, desk.ballot_keys.find_stored_secret(SECRET)
    if folder is None:
        return
    heads, torn = read_heads(folder)
    for place in torn:
        yield Text(f"库外的记录头 {place} 读不出来", f"head {place} outside cannot be read")
    if secret is None:
        if heads:
            yield Text(
                "库外有记录头，签名密钥却不在密钥目录中",
                "heads lie outside, but their key is not in the folder of keys",
            )
        return
    if not heads:
        yield Text("已有签名密钥，库外却没有任何记录头", "there is a key of heads, but not one head lies outside")
        return
    out = first_out_of_line(heads, {public_key(secret)})
    if out is not None:
        yield Text(
            f"{_format_minute(out)} 的记录头与前一个不衔接，或者不是本系统签名的；恢复到新机器的，先放回原密钥目录",
            f"the head of {_format_minute(out)} does not follow the one before, or this installation did not sign it; on a new"
            " machine put the former folder of keys back first",
        )
    for signed in leave_lost(heads):
        for start in range(0, len(signed.head.ends), _ENDS_AT_ONCE):
            with desk.store.read() as tx:
                lost = tx.log.lost_ends(signed.head.ends[start : start + _ENDS_AT_ONCE])
            for end in lost:
                yield Text(
                    f"{end.chain} 第{end.seq}条与 {_format_minute(signed)} 签名时不同，或者已不存在",
                    f"event {end.seq} of {end.chain} is not what was signed at {_format_minute(signed)}, or is gone",
                )
        yield 1


def lost_end(desk: Desk, tx: Transaction, chains: set[str]) -> ChainHead | None:
    """Return the end of one of ``chains`` that a head names and the log does not hold any more; None where all are there."""
    if desk.premises.anchors is None:
        return None
    newest: dict[str, ChainHead] = {}
    for signed in leave_lost(read_heads(desk.premises.anchors)[0]):
        newest |= {end.chain: end for end in signed.head.ends if end.chain in chains}
    return next(iter(tx.log.lost_ends([*newest.values()])), None)


@contextmanager
def _lock_place(place: Path) -> Iterator[None]:
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def append_line(place: Path, line: str) -> None:
    """Add a line to a file of lines, so that it is on the disk; after one that was torn a new one begins."""
    with place.open("a+b") as file:
        torn = file.seek(0, os.SEEK_END) and not _ends_a_line(file)
        file.write(b"\n" * bool(torn) + f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _ends_a_line(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _find_newest_head(desk: Desk) -> SignedHead | None:
    if desk.premises.anchors is None:
        return None
    heads, _ = read_heads(desk.premises.anchors)
    return heads[-1] if heads else None


def countersign_head(desk: Desk, content: bytes) -> str:
    """Return what the operator's command says of ``content`` on its standard input, "" where none is set or it fails."""
    if not desk.premises.sign_command:
        return ""
    try:
        done = subprocess.run(  # noqa: S603  the operator set it
            shlex.split(desk.premises.sign_command),
            input=content,
            capture_output=True,
            timeout=_PATIENCE,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        _LOG.error("the command of LAUREL_SIGN_COMMAND did not sign: %s", error)
        return ""
    return done.stdout.decode(errors="replace").strip()


def _mail_head(desk: Desk, signed: SignedHead) -> None:
    """Queue the head for every address outside that is to keep it; what a server does not take is tried again."""
    place, head = desk.premises.anchors_mail, signed.head
    channels = [channel.name for channel in desk.channels if channel.name == "mail" and channel.leaves]
    if place is None or not channels:
        return
    words = Text(
        f"{_format_minute(signed)} 各条记录链到达之处，由本系统签名，摘要 {head.digest}。请保存，不要交给系统的管理员；怀疑记录被改动时，"
        "请审计管理员运行 laurel doctor --deep，并与 laurel audit heads 所列的摘要核对。",
        f"How far every chain of records had come at {_format_minute(signed)}, signed by this installation; digest {head.digest}. Keep"
        " it out of reach of the system's administrators; where records seem to have been changed, an audit administrator runs"
        " laurel doctor --deep and compares the digests that laurel audit heads lists.",
    )
    text = f"{words.zh}\n\n{words.en}\n" + (f"\n{signed.line}\n" if len(signed.line) <= _LONGEST else "")
    now, key = desk.clock.now(), f"head:{head.digest[:16]}"
    rows = [
        MailRow(
            effect_key=f"{key}:{number}", case_id=None, person_id=None, address=address, text=text, queued_at=now,
            subject=f"桂冠系统记录头 {_format_minute(signed)} / Laurel: head of the records",
        )
        for number, address in enumerate(place.addresses)
    ]  # fmt: skip
    with desk.store.write() as tx:
        new = tx.mail.queue_many(rows)
        tx.work.enqueue_many(
            [NewWork("mail", None, f"{message_id}:mail", {"message": message_id}, now) for message_id in new], now
        )


def _format_minute(signed: SignedHead) -> str:
    return f"{signed.head.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
