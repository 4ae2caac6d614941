"""The root of a tree of hashes (RFC 6962 §2.1): one value that stands for many, in their order."""

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
        pairs = [hashlib.sha256(_NODE + one + other).digest() for one, other in zip(row[::2], row[1::2], strict=False)]
        row = pairs + row[len(pairs) * 2 :]
    return row[0].hex()
