"""The words by which a notice is found besides its title."""

from __future__ import annotations

from collections.abc import Mapping

_MOST = 4000
"""Characters: a list of some hundred organisations."""


def listed_words(content: Mapping[str, object]) -> str | None:
    """Return the texts of a notice's list in one, each once; None where it has no list."""
    entries = content.get("entries")
    rows = [row for row in entries if isinstance(row, Mapping)] if isinstance(entries, list) else []
    words = dict.fromkeys(str(cell) for row in rows for cell in row.values() if isinstance(cell, str) and cell)
    return " ".join(words)[:_MOST] or None
