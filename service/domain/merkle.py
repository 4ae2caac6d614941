"""A tree of hashes (RFC 6962 §2.1): one value stands for many in their order, and a path proves that one is among them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_LEAF, _NODE = b"\x00", b"\x01"
"""Parts a leaf from a node, so that no node can be passed off as a leaf."""


def merkle_root(leaves: Sequence[bytes]) -> str:
    """Return the SHA-256 root (hex) over ``leaves``; that of none is the hash of nothing."""
    if not leaves:
        return hashlib.sha256().hexdigest()
    row = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves]
    while len(row) > 1:
        row = _above(row)
    return row[0].hex()


def merkle_path(leaves: Sequence[bytes], place: int) -> list[tuple[str, str]]:
    """Return what leads from the leaf at ``place`` up to the root: the side it stands on (left, right) and its hash (hex).

    Where a node has nobody beside it, it goes up as it is, and nothing stands in the path.
    """
    row, found = [hashlib.sha256(_LEAF + leaf).digest() for leaf in leaves], list[tuple[str, str]]()
    while len(row) > 1:
        beside = place ^ 1
        if beside < len(row):
            found.append(("left" if beside < place else "right", row[beside].hex()))
        row, place = _above(row), place // 2
    return found


def _above(row: Sequence[bytes]) -> list[bytes]:
    pairs = [hashlib.sha256(_NODE + one + other).digest() for one, other in zip(row[::2], row[1::2], strict=False)]
    return pairs + list(row[len(pairs) * 2 :])
