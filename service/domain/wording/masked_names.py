"""Names of people, shortened so that they can be told apart but not read."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """Hide a person's name but for its beginning: ``李*``, ``欧阳**``, ``阿***·***``, ``A. ***``."""
    if name.isascii():
        return f"{name[:1]}. ***"
    # Four characters without a dot are a two-character family name (欧阳、司马) with a given name.
    head = 2 if len(name) == 4 and "·" not in name else 1
    return name[:head] + "".join("·" if sign == "·" else "*" for sign in name[head:] or "*")
