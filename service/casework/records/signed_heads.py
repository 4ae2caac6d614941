"""How far the chains had come, as anchors and the notes of the minutes since say under our own signature."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.seals import is_sealed_gap
from service.domain.proof.anchor import ChainHead, SignedAnchor, read_line
from service.domain.proof.signing import OwnKeys
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import EpochRow
from service.store.seals.noted_heads import MINUTES, SIGNING

SECRET = SIGNING
NOTES = MINUTES
"""Name of the file of minutes beside the keys; outside it is ``newest.jsonl``."""
RECENT = 48
"""A chain that did not move since one of so many anchors is not named again."""
FORMER_KEY = Text(
    "（恢复到新机器或者换过密钥目录的，先放回原目录的 anchors.secret）",
    " (on a new machine, or with a new folder of keys: first put anchors.secret of the former folder back)",
)
"""What is to be done first where another key signed: an honest restore without the former folder looks like this, too."""
_FILES = 2
"""Months of anchors outside that are looked at where the newest are wanted."""


def newest_heads(desk: Desk, tx: Transaction, chains: Collection[str]) -> dict[str, ChainHead]:
    """Return the furthest that each of ``chains`` had come, by the newest anchors, here and outside, and by the minutes since.

    What another key signed says nothing: nobody but who has the key can make one.
    """
    keys = own_keys(desk)
    if not keys.are_there:
        return {}
    lines = [row.line for row in tx.anchors.newest(RECENT)]
    folder = desk.premises.anchors
    if folder is not None:
        for file in sorted(folder.glob("anchors-*.jsonl"))[-_FILES:]:
            lines += file.read_text(encoding="utf-8", errors="replace").splitlines()[-RECENT:]
    lines += noted_lines(desk)
    read = [one for one in map(_read, dict.fromkeys(lines)) if one is not None and one[0].key in keys]
    restores = gaps(desk, tx.epochs.every(), [signed for signed, _ in read], keys) if read else []
    found: dict[str, ChainHead] = {}
    for signed, heads in read:
        if any(saved <= signed.anchor.at <= begun for saved, begun in restores):
            continue
        for chain in chains:
            head = heads.get(chain)
            if head is not None and (chain not in found or found[chain].seq < head.seq):
                found[chain] = head
    return found


@guarded("records.keep")
def remember_heads(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard looks at the actor
    """Let this process know how far the newest anchors saw the histories of cases, so that none of them is put back unseen."""
    if desk.store.seals is not None:
        with desk.store.read() as tx:
            lines = [row.line for row in tx.anchors.newest(RECENT)]
        desk.store.seals.heads.take(lines)


def noted_lines(desk: Desk) -> list[str]:
    """Return the lines of the minutes since the last anchor, here and outside."""
    place = place_of_notes(desk)
    kept = place.read_text(encoding="utf-8", errors="replace").splitlines() if place and place.exists() else []
    return [*desk.ballot_keys.noted(NOTES), *kept]


def place_of_notes(desk: Desk) -> Path | None:
    """Return where the minutes lie outside; None where nothing is kept outside."""
    return desk.premises.anchors / f"{NOTES}.jsonl" if desk.premises.anchors else None


def own_keys(desk: Desk) -> OwnKeys:
    """Return the public keys of the secret that anchors and bundles are signed by, whatever the setting named when they were."""
    return OwnKeys(desk.ballot_keys.known_secret(SECRET))


def gaps(
    desk: Desk, restores: Sequence[EpochRow], known: Sequence[SignedAnchor], keys: OwnKeys
) -> list[tuple[datetime, datetime]]:
    """Return from when to when nothing can be on record, since a backup was restored."""
    sealed = [is_sealed_gap(desk, restore) for restore in restores]
    sealing = None if all(sealed) else _began_to_seal(known, keys)  # asked where it decides: signatures take long
    return [
        (r.saved_at, r.begun_at)
        for r, by_us in zip(restores, sealed, strict=True)
        if by_us or sealing is None or r.begun_at < sealing
    ]


def _began_to_seal(known: Sequence[SignedAnchor], keys: OwnKeys) -> datetime | None:
    """Return when restores began to be sealed, as the first anchor of our own says that looked at events; None if none did."""
    return min((s.anchor.at for s in known if s.anchor.events is not None and s.key in keys and s.holds), default=None)


@lru_cache(maxsize=4 * RECENT)
def _read(line: str) -> tuple[SignedAnchor, Mapping[str, ChainHead]] | None:
    """Return a line that holds by its own key, and how far each chain had come; read once, since a line never changes."""
    try:
        signed = read_line(line)
    except ValueError:  # a loss of power tore it, or somebody changed it: the comparison of anchors tells
        return None
    if not signed.holds:
        return None
    return signed, {head.chain: head for head in sorted(signed.anchor.heads, key=lambda head: head.seq)}
