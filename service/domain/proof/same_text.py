"""Two texts compared in the same time wherever they differ, for seals and marks that somebody may have written."""

from __future__ import annotations

import hmac


def is_same_text(one: str, other: str) -> bool:
    """Return whether two texts are alike, whatever signs stand in them (`hmac.compare_digest` takes ASCII alone)."""
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
