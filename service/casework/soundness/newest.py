"""Between two hourly anchors: every minute in which something moved, how far the chains have come is signed into a file.

The file lies where the keys do, and where anchors are kept outside: who has the database alone cannot cut off what was
entered in this hour. It begins anew with each anchor, which says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.records.signed_heads import NOTES, SECRET, noted_lines, own_keys, place_of_notes
from service.casework.soundness.anchors import anchored, signed_here
from service.casework.soundness.chains import KEEP
from service.casework.soundness.fault import Unsound
from service.casework.soundness.stamps import stamps_as_told
from service.domain.proof.anchor import Anchor, SignedAnchor, read_line, sign
from service.domain.text import Text
from service.store import Transaction


@guarded("work.run")
def note_newest(desk: Desk, actor: Actor) -> SignedAnchor | None:  # noqa: ARG001  the guard looks at the actor
    """Sign which chains moved since the anchor or the line before, and note it; None where none did.

    What waits to be noted as taken back is noted, too.
    """
    if desk.store.seals is not None:
        desk.store.seals.withdraw(())
    kept = _standing(desk)
    with desk.store.read() as tx:
        anchored = signed_here(desk, tx.anchors.last())
        since = [one for one in kept if anchored is None or one.at >= anchored.at]
        signed = _signed(desk, tx, anchored, since)
    if len(since) < len(kept):
        _write(desk, None)
    if signed is not None:
        _write(desk, signed.line)
    return signed


def _signed(desk: Desk, tx: Transaction, anchored: Anchor | None, since: Sequence[Anchor]) -> SignedAnchor | None:
    before = since[-1] if since else anchored
    moved = tx.anchors.moved_since((before.events if before else None) or 0)
    known = {head for one in (anchored, *since) if one is not None for head in one.heads}
    heads = tuple(head for head in moved if head not in known)
    if not heads:
        return None
    seq, previous = (anchored.seq, anchored.digest) if anchored else (0, "")
    by, event = (desk.store.digest, desk.premises.signature), tx.anchors.newest_event()
    anchor = Anchor(seq + 1, desk.clock.now(), previous, heads, event, *by)
    return sign(anchor, desk.ballot_keys.secret(SECRET))


def newest(desk: Desk) -> Iterator[SignedAnchor]:
    """Yield what was noted since the last anchor, here and outside, each once and only under our own signature."""
    keys, seen = own_keys(desk), set[str]()
    for line in noted_lines(desk):
        try:
            signed = read_line(line)
        except ValueError:  # a loss of power tore it; the next minute says the same
            continue
        if signed.key in keys and signed.holds and signed.anchor.digest not in seen:
            seen.add(signed.anchor.digest)
            yield signed


def _standing(desk: Desk) -> list[Anchor]:
    return sorted((signed.anchor for signed in newest(desk)), key=lambda anchor: anchor.at)


def _write(desk: Desk, line: str | None) -> None:
    desk.ballot_keys.note(NOTES, line)
    place = place_of_notes(desk)
    if place is not None and line is None:
        place.unlink(missing_ok=True)
    elif place is not None:
        with place.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")


def anchors(desk: Desk) -> Iterator[int | Unsound]:
    """Yield a fault for everything that is not as it was anchored."""
    what = Text("锚定", "anchors")
    for found in chain(anchored(desk, newest(desk)), stamps_as_told(desk)):
        yield Unsound(what, Text(f"{found.zh}；{KEEP.zh}。", f"{found.en}; {KEEP.en}."))
    with desk.store.read() as tx:
        last = tx.anchors.last()
    yield last.seq if last else 0
