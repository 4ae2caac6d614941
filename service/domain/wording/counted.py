"""Numbers in English sentences."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """Return ``number`` with what is counted: "1 entry", "2 entries"; ``many`` is ``one`` with an s unless it is given."""
    return f"{number} {one if number == 1 else many or one + 's'}"
