"""Timestamps over anchors: an authority outside (RFC 3161) says under its own signature when it was shown each of them.

Who has the machine signs anchors with the installation's key; the authority's key nobody here has. It is asked after an anchor
is on record, outside of every unit of work: away, it is asked again, and anchors name those before them.
"""

from __future__ import annotations

import json
import math
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.anchors import append_line, known_anchors, signed_here
from service.domain.calendar import local_date
from service.domain.errors import LaurelError
from service.domain.proof.anchor import Anchor
from service.domain.proof.timestamp import (
    APART,
    MOST_BYTES,
    BadTimestamp,
    TimestampAuthority,
    authority_from,
    refusal_in,
    stamped_at,
    timestamp_request,
)
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.office import asked_for_timestamp
from service.settings import TimestampsPlace
from service.store import Stale, Transaction
from service.store.rows import AnchorStampRow

_LOOKED_AT = 500
"""The newest anchors, of three weeks: what is older the later ones name."""
_AT_ONCE = 30
_MADE_UP = 1_000


class NotStamped(LaurelError):
    """The authority stamped nothing; the sentence says why."""

    code = "not_stamped"

    def __init__(self, reason: Text) -> None:
        super().__init__(
            Text(
                f"没有取得锚定的时间戳（{reason.zh}），以后再取，锚定不受影响。请核对 LAUREL_TIMESTAMPS、其证书文件和网络",
                f"no timestamp over an anchor was obtained ({reason.en}); it is tried again, and anchors go on. Check"
                " LAUREL_TIMESTAMPS, its file of certificates, and the network",
            )
        )


@dataclass(frozen=True, slots=True)
class FoundStamp:
    """A timestamp as it is kept here or outside (``where``), over the anchor of ``digest``."""

    digest: str
    reply: str
    where: Text


_HERE = Text("库内", "in the database")


@guarded("work.run")
def stamp_anchors(desk: Desk, actor: Actor) -> int:  # noqa: ARG001  the guard looks at the actor
    """Let the authority stamp the anchors that it was not shown yet, the oldest first; returns how many.

    What was stamped first when the setting was new is the newest of that time; what went before is named by it.

    Raises:
        NotStamped: the authority is away, or its answer is no timestamp of its own over the anchor.
    """
    place, count = desk.premises.timestamps, 0
    if place is None:
        return 0
    waiting = unstamped(desk)[:_AT_ONCE]
    authority = authority_of(place) if waiting else None
    try:
        for anchor in waiting:
            assert authority is not None, "something waits"
            _keep(desk, anchor, *_stamped(desk, place, authority, anchor))
            count += 1
    finally:
        if count:
            keep_stamps_outside(desk)
    return count


def authority_of(place: TimestampsPlace) -> TimestampAuthority:
    """Return the authority whose timestamps are taken; raises NotStamped where its certificates cannot be read."""
    try:
        return authority_from(place.certificates.read_bytes(), place.policy)
    except (OSError, ValueError) as error:
        why = cause_words(error)
        raise NotStamped(Text(f"{place.certificates}：{why.zh}", f"{place.certificates}: {why.en}")) from error


def unstamped(desk: Desk) -> list[Anchor]:
    """Return the anchors that wait for a timestamp, the oldest first: the newest, and what came since the first that has one."""
    with desk.store.read() as tx:
        last = tx.anchors.last()
        if last is None or tx.anchors.stamps([last.digest]):
            return []
        rows = tx.anchors.newest(_LOOKED_AT)
        stamped = tx.anchors.stamps([row.digest for row in rows])
    rows.reverse()
    first = next((place for place, row in enumerate(rows) if row.digest in stamped), len(rows) - 1)
    signed = (signed_here(desk, row) for row in rows[first:] if row.digest not in stamped)
    return [anchor for anchor in signed if anchor is not None]


def _stamped(
    desk: Desk, place: TimestampsPlace, authority: TimestampAuthority, anchor: Anchor
) -> tuple[bytes, datetime]:
    """Ask for a timestamp and look at it as at one of a stranger; raises NotStamped."""
    request = timestamp_request(anchor.text)
    try:
        reply = asked_for_timestamp(place.url, request.der, MOST_BYTES)
        refused = refusal_in(reply)
        if refused:
            raise BadTimestamp(refused)
        at = stamped_at(reply, anchor.text, authority, request.nonce)
    except (OSError, BadTimestamp) as error:
        raise NotStamped(cause_words(error)) from error
    if not anchor.at - APART <= at <= desk.clock.now() + APART:
        there, here = f"{at:%Y-%m-%d %H:%M:%S} UTC", f"{desk.clock.now():%Y-%m-%d %H:%M:%S} UTC"
        raise NotStamped(Text(f"时间戳为 {there}，本机为 {here}", f"{there}, {here} here"))
    return reply, at


def _keep(desk: Desk, anchor: Anchor, reply: bytes, at: datetime) -> None:
    with suppress(Stale), desk.store.write() as tx:  # another process may have kept one
        if not tx.anchors.stamps([anchor.digest]):
            tx.anchors.put_stamp(AnchorStampRow(digest=anchor.digest, at=at, reply=b64encode(reply).decode()))


def keep_stamps_outside(desk: Desk) -> None:
    """Write the newest timestamps that the folder outside lacks beside the anchors there."""
    folder = desk.premises.anchors
    if folder is None:
        return
    with desk.store.read() as tx:
        rows = tx.anchors.newest_stamps(_MADE_UP)
    kept = {(one.digest, one.reply) for one in stamps_outside(folder)[0]}
    for row in reversed(rows):
        if (row.digest, row.reply) not in kept:
            line = json.dumps({"anchor": row.digest, "reply": row.reply}, separators=(",", ":"))
            append_line(folder / f"stamps-{local_date(row.at):%Y-%m}.jsonl", line)


def stamps_outside(folder: Path) -> tuple[list[FoundStamp], list[str]]:
    """Return the timestamps that lie in ``folder``, and where a line cannot be read (``file:line``)."""
    found, torn = [], []
    for file in sorted(folder.glob("stamps-*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            place = f"{file.name}:{number}"
            try:
                told = json.loads(line)
                found.append(FoundStamp(str(told["anchor"]), str(told["reply"]), Text(place, place)))
            except (KeyError, TypeError, ValueError):
                torn.append(place)
    return found, torn


def stamps_as_told(desk: Desk) -> Sequence[Text]:
    """Compare every timestamp, here and outside, with its anchor and the authority's certificates; returns what does not agree.

    Nobody is asked for that. Where no authority is set nothing can be compared.
    """
    return page_of_stamps(desk, None).wrong


def stamps_that_hold(desk: Desk, tx: Transaction, anchors: Iterable[Anchor]) -> dict[str, str]:
    """Return the timestamps (base64) of those of ``anchors`` that have one which holds, by the digest of the anchor."""
    if desk.premises.timestamps is None:
        return {}
    authority = authority_of(desk.premises.timestamps)
    known = {anchor.digest: anchor for anchor in anchors}
    rows = tx.anchors.stamps(list(known)).values()
    found = [(row, FoundStamp(row.digest, row.reply, _HERE)) for row in rows]
    return {
        row.digest: row.reply
        for row, one in found
        if isinstance(_looked_at(desk, authority, known[row.digest], one), datetime)
    }


@dataclass(frozen=True, slots=True)
class StampsPage:
    """``mark`` says where to go on (JSON), None at the end; ``wrong`` is what does not agree."""

    mark: Any
    looked_at: int
    wrong: Sequence[Text]


def page_of_stamps(desk: Desk, mark: Any, seconds: float = math.inf) -> StampsPage:
    """Compare timestamps from ``mark`` on, in the order of their anchors, and for so many ``seconds``."""
    if desk.premises.timestamps is None:
        return StampsPage(None, 0, ())
    try:
        authority = authority_of(desk.premises.timestamps)
    except NotStamped as unreadable:
        return StampsPage(None, 0, (unreadable.message,))
    anchors, wrong = _by_anchor(desk)
    wrong = [] if mark is not None else wrong
    after, newest, newest_at = mark or (0, 0, None)
    latest = datetime.fromisoformat(newest_at) if newest_at else None
    end, count = time.monotonic() + seconds, 0
    for anchor, found in sorted(anchors, key=lambda one: one[0].seq):
        if anchor.seq <= after:
            continue
        looked_at = [_looked_at(desk, authority, anchor, one) for one in found]
        wrong += [said for said in looked_at if isinstance(said, Text)]
        at = min((at for at in looked_at if isinstance(at, datetime)), default=None)
        if at is not None and latest is not None and at + APART < latest:
            wrong.append(_taken_away(newest))
        if at is not None:
            newest, latest = anchor.seq, at
        count += len(found)
        if time.monotonic() >= end:
            return StampsPage([anchor.seq, newest, latest and latest.isoformat()], count, wrong)
    return StampsPage(None, count, wrong)


def _taken_away(seq: int) -> Text:
    """Anchors are stamped in their order."""
    return Text(
        f"第{seq}个锚定的时间戳晚于其后锚定的时间戳：原来的已被拿走，后来重新取得",
        f"the timestamp over anchor {seq} is later than that over one after it: the first was taken away",
    )


def _by_anchor(desk: Desk) -> tuple[list[tuple[Anchor, list[FoundStamp]]], list[Text]]:
    """Return the timestamps of each anchor, and what is wrong with those that are over none."""
    found, torn = _found(desk)
    wrong = [Text(f"库外留存的 {place} 读不出来", f"{place} outside cannot be read") for place in torn]
    known = {signed.anchor.digest: signed.anchor for signed in known_anchors(desk)[0]}
    by_digest: dict[str, list[FoundStamp]] = {}
    for one in found:
        by_digest.setdefault(one.digest, []).append(one)
        if one.digest not in known and one.where is _HERE:  # outside it may be of between a backup and its restore
            told = f"{one.digest[:12]}…"
            wrong.append(Text(f"有一个时间戳不属于任何锚定（{told}）", f"a timestamp is over no anchor ({told})"))
    return [(known[digest], stamps) for digest, stamps in by_digest.items() if digest in known], wrong


def _found(desk: Desk) -> tuple[Iterable[FoundStamp], list[str]]:
    with desk.store.read() as tx:
        rows = tx.anchors.whole_stamps()
    kept, torn = stamps_outside(desk.premises.anchors) if desk.premises.anchors else ([], [])
    here = {(row.digest, row.reply): FoundStamp(row.digest, row.reply, _HERE) for row in rows}
    return ({(one.digest, one.reply): one for one in kept} | here).values(), torn


def _looked_at(desk: Desk, authority: TimestampAuthority, anchor: Anchor, one: FoundStamp) -> datetime | Text:
    """Return when an anchor was stamped, or what is wrong with that."""
    try:
        at = stamped_at(b64decode(one.reply, validate=True), anchor.text, authority)
    except ValueError as error:
        return Text(
            f"第{anchor.seq}个锚定的时间戳不成立（{one.where.zh}：{error}）",
            f"the timestamp over anchor {anchor.seq} does not hold ({one.where.en}: {error})",
        )
    if anchor.at - APART <= at <= desk.clock.now() + APART:
        return at
    return Text(
        f"第{anchor.seq}个锚定的时间戳写着 {at:%Y-%m-%d %H:%M}（UTC），不可能在那时取得（{one.where.zh}）",
        f"the timestamp over anchor {anchor.seq} says {at:%Y-%m-%d %H:%M} UTC, which cannot be ({one.where.en})",
    )
