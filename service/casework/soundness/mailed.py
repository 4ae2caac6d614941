"""Anchors by mail: those who keep them outside get each as a file, so that nobody here can write the records anew unseen.

A mail lies on a server and in a mailbox that nobody of this installation has. It is sent after the anchors are on record,
outside of every unit of work; what an address did not take is sent with the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.channels import AddressRefused, Channel, Outgoing
from service.casework.desk.desk import Desk
from service.casework.records.signed_heads import gaps, own_keys
from service.casework.soundness.anchors import compared, signed_here
from service.domain.errors import Invalid, LaurelError
from service.domain.proof.anchor import SignedAnchor, read_line
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.store.rows import AnchorRow

_NOTES = "anchors-mailed"
"""Name of the notes beside the keys of what each address was sent."""
_LOOKED_AT = 500
"""The newest anchors, of three weeks: what is older the later ones name."""


class NotMailed(LaurelError):
    """An address did not get the anchors; the sentence says why."""

    code = "not_mailed"

    def __init__(self, reasons: Sequence[Text]) -> None:
        zh, en = "；".join(one.zh for one in reasons), "; ".join(one.en for one in reasons)
        super().__init__(
            Text(
                f"锚定的邮件没有发出（{zh}），以后再发，锚定不受影响。请核对 LAUREL_ANCHORS_MAIL 和邮件服务器的设置",
                f"anchors could not be mailed ({en}); it is tried again, and anchors go on. Check LAUREL_ANCHORS_MAIL and"
                " the settings of the mail server",
            )
        )


@dataclass(frozen=True, slots=True)
class Unmailed:
    """The anchors that an address was not sent yet, the oldest first, and from when on they are to be sent."""

    address: str
    rows: tuple[AnchorRow, ...]
    due: datetime


@guarded("work.run")
def mail_anchors(desk: Desk, actor: Actor, *, now: bool = False) -> int:  # noqa: ARG001  the guard looks at the actor
    """Send every address the anchors it was not sent, once its time has come or ``now``; returns how many mails left.

    The first mail holds the newest anchor, which names those before it.

    Raises:
        NotMailed: a server or an address did not take one; the other addresses got theirs.
    """
    count, troubles, at = 0, list[Text](), desk.clock.now()
    places = desk.premises.anchors_mail.addresses if desk.premises.anchors_mail else ()
    for channel in mail_of(desk):
        for waiting in unmailed(desk):
            if not (now or waiting.due <= at):
                continue
            try:
                channel.send(_message(waiting, at))
            except AddressRefused:  # which it is stands in the settings; the log names no mailbox
                which = places.index(waiting.address) + 1
                troubles.append(Text(f"第{which}个收件邮箱不被接受", f"address {which} is not taken"))
            except OSError as error:
                why = cause_words(error)
                troubles.append(Text(f"{channel.label.zh}：{why.zh}", f"{channel.label.en}: {why.en}"))
            else:
                desk.ballot_keys.note(_NOTES, f"{_mark(waiting.address)} {waiting.rows[-1].seq} {at.isoformat()}")
                count += 1
    if troubles:
        raise NotMailed(list(dict.fromkeys(troubles)))
    return count


def mail_of(desk: Desk) -> list[Channel]:
    """Return the channel by which mail leaves; none where none does."""
    return [channel for channel in desk.channels if channel.name == "mail" and channel.leaves]


def unmailed(desk: Desk) -> Iterator[Unmailed]:
    """Yield what each address is still to be sent; one for which nothing waits is left out."""
    place = desk.premises.anchors_mail
    if place is None:
        return
    with desk.store.read() as tx:
        rows = tx.anchors.newest(_LOOKED_AT)
    own = next((row for row in rows if signed_here(desk, row) is not None), None)
    for address in place.addresses if own is not None else ():
        assert own is not None, "there is an anchor"
        sent, at = _last_sent(desk, address)
        if at is None or sent > own.seq:  # none was sent yet, or a backup of before it was restored
            yield Unmailed(address, (own,), own.at)
            continue
        left = [row for row in rows if row.seq > sent and signed_here(desk, row) is not None]
        if left:
            yield Unmailed(address, tuple(reversed(left)), at + timedelta(hours=place.hours))


def mailed_in(desk: Desk, file: Path) -> Iterator[Text]:
    """Yield how the anchors in a file that somebody was sent do not agree with the records; raises Invalid for another file."""
    keys, found = own_keys(desk), _anchors_in(file)
    with desk.store.read() as tx:
        restored = gaps(desk, tx.epochs.every(), found, keys)
        here = {row.seq: row.line for row in tx.anchors.whole()}
    for signed in found:
        seq, at = signed.anchor.seq, signed.anchor.at
        if signed.key not in keys or not signed.holds:
            yield Text(
                f"{file.name}：第{seq}个锚定不是本系统签名的",
                f"{file.name}: anchor {seq} is not signed by this installation",
            )
            continue
        if any(saved <= at <= begun for saved, begun in restored):
            continue
        if here.get(seq) != signed.line:
            yield Text(
                f"第{seq}个锚定与寄出的（{file.name}）不一致",
                f"anchor {seq} is not the one that was mailed ({file.name})",
            )
        yield from compared(desk, signed)


def _anchors_in(file: Path) -> list[SignedAnchor]:
    try:
        found = [read_line(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise Invalid(
            Text(
                f"{file} 不是寄出的锚定文件：应为邮件附件 anchors-….jsonl，一行一个锚定。",
                f"{file} is no file of anchors as they are mailed: anchors-….jsonl, one a line.",
            )
        ) from error
    return found


def _last_sent(desk: Desk, address: str) -> tuple[int, datetime | None]:
    """Return the number of the newest anchor that an address was sent, and when; 0 and None where it was sent none."""
    words = (line.split() for line in reversed(desk.ballot_keys.noted(_NOTES)))
    for mark, seq, at in (told for told in words if len(told) == 3):
        if mark == _mark(address):
            return int(seq), datetime.fromisoformat(at)
    return 0, None


def _mark(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:16]


def _message(waiting: Unmailed, at: datetime) -> Outgoing:
    first, last = waiting.rows[0].seq, waiting.rows[-1].seq
    name = f"anchors-{first:08}-{last:08}.jsonl"
    lines = "".join(f"{row.line}\n" for row in waiting.rows)
    text = Text(
        f"附件 {name} 是第{first}至{last}个锚定：各条记录链到那时为止的末条，由本系统签名。请原样保存，不要交给系统的管理员。"
        f"怀疑记录被改动时，把它交给审计管理员，由其运行 laurel audit verify --mailed {name}，不符之处逐一指出。",
        f"The enclosed {name} holds anchors {first} to {last}: how far every chain of records had come, signed by this"
        " installation. Keep it as it is, and out of reach of the system's administrators. Where records seem to have been"
        f" changed, have an audit administrator run laurel audit verify --mailed {name}, which names what does not agree.",
    )
    return Outgoing(
        key=f"anchors:{last}:{_mark(waiting.address)}",
        address=waiting.address,
        subject=f"桂冠系统记录锚定 {first}–{last} / Laurel: anchors of the records {first}–{last}",
        text=f"{text.zh}\n\n{text.en}\n",
        case=None,
        queued_at=at,
        person=None,
        attachments=lambda: {name: lines.encode()},
    )
