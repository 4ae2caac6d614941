"""The chains of records of a round, and the anchors that hold where each had come to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.domain.proof.anchor import ChainHead, SignedAnchor, read_line
from service.domain.proof.merkle import merkle_path
from service.store import Transaction
from service.store.rows import CaseRow

_LOOKED_THROUGH = 3_000
"""Anchors: those of four months. A head that stood before them is named again when the round is sealed."""


def heads_of(cases: Iterable[CaseRow]) -> list[ChainHead]:
    """Return where the chain of each case stands."""
    return [ChainHead(f"case {case.id}", case.audit_seq, case.audit_hash) for case in cases]


def known_anchors(tx: Transaction, heads: Sequence[ChainHead]) -> dict[ChainHead, SignedAnchor]:
    """Return the newest anchor that holds each of ``heads``; those that none of the last months holds are left out."""
    found: dict[ChainHead, SignedAnchor] = {}
    wanted = set(heads)
    for row in tx.anchors.newest(_LOOKED_THROUGH) if wanted else ():
        if not wanted:
            break
        signed = read_line(row.line)
        held = wanted & set(signed.anchor.heads)
        found |= dict.fromkeys(held, signed)
        wanted -= held
    return found


def chains_part(held: Mapping[ChainHead, SignedAnchor]) -> list[dict[str, Any]]:
    """Return each head with the path that proves it in the tree of its anchor."""
    return [_chain(head, signed) for head, signed in held.items()]


def anchor_lines(held: Mapping[ChainHead, SignedAnchor], stamps: Mapping[str, str]) -> bytes:
    """Return the anchors as they are kept outside, each once, the oldest first, with their timestamps (by digest)."""
    used = {signed.anchor.seq: signed for signed in held.values()}
    return "".join(f"{_line(used[seq], stamps)}\n" for seq in sorted(used)).encode()


def _line(signed: SignedAnchor, stamps: Mapping[str, str]) -> str:
    stamp = stamps.get(signed.anchor.digest)
    return signed.line if stamp is None else f'{signed.line[:-1]},"timestamp":"{stamp}"}}'


def _chain(head: ChainHead, signed: SignedAnchor) -> dict[str, Any]:
    known: dict[str, Any] = {"chain": head.chain, "seq": head.seq, "hash": head.hash}
    place = signed.anchor.heads.index(head)
    path = merkle_path([one.leaf for one in signed.anchor.heads], place, signed.anchor.by)
    return {**known, "anchor": signed.anchor.seq, "path": [{"side": side, "hash": hashed} for side, hashed in path]}
