"""The sign that ends a sentence."""

from __future__ import annotations

_ENDS = ("。", "？", "！", ".", "?", "!")


def ended(sentence: str, stop: str) -> str:
    """Return a sentence with ``stop`` behind it, unless a sign ends it already."""
    return sentence if sentence.endswith(_ENDS) else f"{sentence}{stop}"
