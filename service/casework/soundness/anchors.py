"""Anchors: every hour the heads of all chains that moved are signed and kept outside the database too.

Who changes a record and hashes its chain anew, or takes a case out with its history, has to sign an anchor for it. The
key lies where the keys of ballots do; whoever has the database alone does not have it.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.enter import enter_kept
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.seals import SEAL, seal_of_erasure
from service.casework.records.signed_heads import FORMER_KEY, RECENT, SECRET, gaps, own_keys
from service.domain.calendar import local_date
from service.domain.proof.anchor import Anchor, ChainHead, SignedAnchor, follow_on, read_line, sign
from service.domain.proof.audit_chain import ERASURE
from service.domain.proof.same_text import is_same_text
from service.domain.proof.signing import OwnKeys
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import AnchorRow

EVERY = timedelta(hours=1)
_HEADS_AT_ONCE = 400
_MADE_UP = 10_000
"""Anchors that are looked through for what lacks outside: those of more than a year."""


@guarded("work.run")
def set_anchor(desk: Desk, actor: Actor, *, now: bool = False) -> SignedAnchor | None:  # noqa: ARG001  the guard looks at the actor
    """Sign how far every chain has come, where an hour has passed, a ballot was counted or it is wanted ``now``.

    None where nothing moved.

    It is kept in the database and, where the installation names a folder for it, as a line of that month's file.
    """
    with desk.store.write() as tx:
        signed = anchor_within(desk, tx, now=now)
    if signed is not None:
        keep_outside(desk)
    return signed


def anchor_within(desk: Desk, tx: Transaction, *, now: bool, also: Collection[ChainHead] = ()) -> SignedAnchor | None:
    """Sign within a unit of work how far every chain has come; heads that did not move are named if they stand in ``also``.

    Whoever commits it keeps it outside, too (`keep_outside`).
    """
    last, at = tx.anchors.last(), desk.clock.now()
    known = signed_here(desk, last)
    counted = tx.ballots.newest_count() if known is not None else None
    at_once = now or (counted is not None and known is not None and counted >= known.at)
    if known is not None and not at_once and timedelta() <= at - known.at < EVERY:
        return None
    if known is not None:
        _enter_change(desk, tx, known)
    newest = tx.anchors.newest_event()
    moved = tx.anchors.moved_since((known.events if known else None) or 0)
    recent = (signed_here(desk, row) for row in tx.anchors.newest(RECENT))
    before = {head for one in recent if one is not None for head in one.heads}
    heads = tuple(dict.fromkeys((*(head for head in moved if head not in before), *also)))
    if not heads:
        return None
    previous = known.digest if known is not None else last.digest if last is not None else ""
    seq, signature = last.seq + 1 if last else 1, desk.premises.signature
    anchor = Anchor(seq, at, previous, heads, newest, tx.digest, signature)
    signed = sign(anchor, desk.ballot_keys.secret(SECRET))
    tx.anchors.insert(AnchorRow(seq=anchor.seq, at=at, line=signed.line, digest=anchor.digest, audit_id=newest))
    return signed


def _enter_change(desk: Desk, tx: Transaction, known: Anchor) -> None:
    """Enter into the book that anchors are made by other algorithms from here on, where the settings were changed."""
    before = {"digest": known.by, "signature": known.signed_by}
    after = {"digest": tx.digest, "signature": desk.premises.signature}
    if before != after:
        told = {"before": before, "after": after}
        enter_kept(tx, desk.clock.now(), SYSTEM, "杂凑或签名算法已更换，此后的记录和锚定使用新的算法", told)


def signed_here(desk: Desk, row: AnchorRow | None) -> Anchor | None:
    """Return what the newest anchor says under our own signature; the columns beside it anybody could have written."""
    if row is None:
        return None
    try:
        signed = read_line(row.line)
    except ValueError:
        return None
    return signed.anchor if signed.key in own_keys(desk) and signed.holds else None


def keep_outside(desk: Desk) -> None:
    """Write the anchors that the folder outside lacks, each once: what could not be written is made up for next time."""
    folder = desk.premises.anchors
    if folder is None:
        return
    kept = {signed.anchor.digest for signed in outside(folder)[0]}
    with desk.store.read() as tx:
        missing = [row for row in tx.anchors.newest(_MADE_UP) if _own_digest(row) not in kept]
    for row in reversed(missing):
        append_line(folder / f"anchors-{local_date(row.at):%Y-%m}.jsonl", row.line)


def _own_digest(row: AnchorRow) -> str:
    """Return the digest of what an anchor says, or what stands beside it where its line cannot be read."""
    try:
        return read_line(row.line).anchor.digest
    except ValueError:
        return row.digest


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


def outside(folder: Path) -> tuple[list[SignedAnchor], list[str]]:
    """Return the anchors that lie in ``folder``, in their order, and where a line cannot be read (``file:line``).

    Of a line that a loss of power tore the rest is written anew.
    """
    found, torn = [], []
    for file in sorted(folder.glob("anchors-*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            try:
                found.append(read_line(line))
            except ValueError:
                torn.append(f"{file.name}:{number}")
    return sorted(found, key=lambda signed: signed.anchor.seq), torn


def anchored(desk: Desk, noted: Iterable[SignedAnchor] = ()) -> Iterator[Text]:
    """Compare every anchor, of the database and outside, with the records; yields what does not agree.

    ``noted`` are those of the minutes since the last one. What was anchored between a backup and its restore is on
    record as a gap, and not looked for.
    """
    known, misplaced = known_anchors(desk, noted)
    yield from misplaced
    for signed in known:
        yield from compared(desk, signed)


def known_anchors(desk: Desk, noted: Iterable[SignedAnchor] = ()) -> tuple[list[SignedAnchor], list[Text]]:
    """Return every anchor that is to be compared with the records, each once, and what is wrong with anchors themselves."""
    keys = own_keys(desk)
    with desk.store.read() as tx:
        rows, restores = tx.anchors.whole(), tx.epochs.every()
    kept, torn = outside(desk.premises.anchors) if desk.premises.anchors else ([], [])
    wrong = [Text(f"库外留存的 {place} 读不出来", f"{place} outside cannot be read") for place in torn]
    try:
        inside = [read_line(row.line) for row in rows]
    except ValueError:
        return [], [*wrong, Text("有一条锚定记录读不出来，已被改动", "an anchor cannot be read: it was changed")]
    wrong += _digests_changed(rows, inside)
    restored = gaps(desk, restores, [*inside, *kept], keys)
    wrong += _broken_line(inside, keys, any_gap=bool(restored))
    wrong += _unsealed_erasures(desk, inside)
    own = {signed.anchor.digest for signed in inside}
    standing = [s for s in kept if not any(saved <= s.anchor.at <= begun for saved, begun in restored)]
    wrong += [
        Text(f"第{seq}个锚定与库外留存的不一致", f"anchor {seq} is not the one that is kept outside")
        for seq in (s.anchor.seq for s in standing if s.anchor.digest not in own)
    ]
    minutes = [s for s in noted if not any(saved <= s.anchor.at <= begun for saved, begun in restored)]
    return list({s.anchor.digest: s for s in (*inside, *standing, *minutes)}.values()), wrong


def _digests_changed(rows: Sequence[AnchorRow], inside: Sequence[SignedAnchor]) -> Iterator[Text]:
    """Yield which anchors bear beside them the digest of something else than what was signed."""
    for row, signed in zip(rows, inside, strict=True):
        if row.digest != signed.anchor.digest:
            yield Text(
                f"第{signed.anchor.seq}个锚定：表 anchor 第{row.id}行的 digest 已被改动，与签名的内容不符",
                f"anchor {signed.anchor.seq}: digest in row {row.id} of table anchor was changed: it is not of what was signed",
            )


def _broken_line(inside: list[SignedAnchor], keys: OwnKeys, *, any_gap: bool) -> Iterator[Text]:
    broken = follow_on(inside, keys)
    if broken is not None:
        yield Text(
            f"第{broken}个锚定签名不符或者缺失{FORMER_KEY.zh}",
            f"anchor {broken} is missing, or not signed by this installation{FORMER_KEY.en}",
        )
    if not inside and keys.are_there and not any_gap:
        yield Text("已有锚定密钥，库内却没有任何锚定", "there is a key of anchors, but not one anchor is here")


def anchored_heads(desk: Desk, tx: Transaction, chains: Collection[str]) -> Iterator[ChainHead | None]:
    """Yield where ``chains`` stood in every anchor, of the database and outside; None for one that is not signed here."""
    keys = own_keys(desk)
    kept, _ = outside(desk.premises.anchors) if desk.premises.anchors else ([], [])
    try:
        inside = [read_line(row.line) for row in tx.anchors.whole()]
    except ValueError:
        yield None
        return
    restored = gaps(desk, tx.epochs.every(), [*inside, *kept], keys)
    standing = [s for s in kept if not any(saved <= s.anchor.at <= begun for saved, begun in restored)]
    for signed in {s.anchor.digest: s for s in (*inside, *standing)}.values():
        named = [head for head in signed.anchor.heads if head.chain in chains]
        if named and not (signed.key in keys and signed.holds):
            yield None
        yield from named


def _unsealed_erasures(desk: Desk, inside: list[SignedAnchor]) -> Iterator[Text]:
    """Yield the erasures that were not made by who has the keys; those anchored before there were seals have none."""
    first = _before_seals(inside)
    with desk.store.read() as tx:
        told = tx.history.of_action(ERASURE)
    for row in told:
        sealed = is_same_text(str(row.data.get(SEAL, "")), seal_of_erasure(desk, row.case_id, row.data))
        if first is not None and not sealed and row.seq > first.get(f"case {row.case_id}", 0):
            yield Text(
                f"办件{row.case_id}第{row.seq}条“清除”记录不是本系统所作，被它说成已清除的内容是改动",
                f"event {row.seq} of case {row.case_id} claims an erasure that this installation did not make",
            )


def _before_seals(inside: list[SignedAnchor]) -> dict[str, int] | None:
    """Return how far each chain had come when the program began to seal; None where nothing was anchored since."""
    found = dict[str, int]()
    for anchor in (signed.anchor for signed in inside):
        found |= {head.chain: max(head.seq, found.get(head.chain, 0)) for head in anchor.heads}
        if anchor.events is not None:
            return found
    return None


def compared(desk: Desk, signed: SignedAnchor) -> Iterator[Text]:
    """Yield which entries that an anchor names are not what they were then."""
    heads, at = signed.anchor.heads, signed.anchor.at
    for start in range(0, len(heads), _HEADS_AT_ONCE):
        with desk.store.read() as tx:
            lost = tx.anchors.not_found(heads[start : start + _HEADS_AT_ONCE])
        for head in lost:
            yield Text(
                f"{head.chain} 第{head.seq}条与 {at:%Y-%m-%d %H:%M}（UTC）锚定时不同，或者已不存在",
                f"entry {head.seq} of {head.chain} is not what it was at the anchor of {at:%Y-%m-%d %H:%M} UTC, or is gone",
            )
