"""A tree of hashes (RFC 6962 §2.1): one value stands for many in their order, and a path proves that one is among them."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.proof.algorithms import SHA256, digest

_LEAF, _NODE = b"\x00", b"\x01"
"""Parts a leaf from a node, so that no node can be passed off as a leaf."""


def merkle_root(leaves: Sequence[bytes], by: str = SHA256) -> str:
    """Return the root (hex) over ``leaves`` by an algorithm; that of none is the hash of nothing."""
    if not leaves:
        return digest(b"", by).hex()
    row = [digest(_LEAF + leaf, by) for leaf in leaves]
    while len(row) > 1:
        row = _above(row, by)
    return row[0].hex()


def merkle_path(leaves: Sequence[bytes], place: int, by: str = SHA256) -> list[tuple[str, str]]:
    """Return what leads from the leaf at ``place`` up to the root: the side it stands on (left, right) and its hash (hex).

    Where a node has nobody beside it, it goes up as it is, and nothing stands in the path.
    """
    row, found = [digest(_LEAF + leaf, by) for leaf in leaves], list[tuple[str, str]]()
    while len(row) > 1:
        beside = place ^ 1
        if beside < len(row):
            found.append(("left" if beside < place else "right", row[beside].hex()))
        row, place = _above(row, by), place // 2
    return found


def _above(row: Sequence[bytes], by: str) -> list[bytes]:
    pairs = [digest(_NODE + one + other, by) for one, other in zip(row[::2], row[1::2], strict=False)]
    return pairs + list(row[len(pairs) * 2 :])
