"""Receipts of voters: short numbers that members find again with the result."""

from __future__ import annotations

from random import Random

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Digits and letters without those that look alike (0 O, 1 I)."""


def draw_receipts(many: int, random: Random) -> list[str]:
    """Return ``many`` different numbers, as ``7K4M-Q2XD``: drawn by chance, before anybody votes, they say nothing of a vote."""
    numbers: dict[str, None] = {}
    while len(numbers) < many:
        signs = "".join(random.choice(_SIGNS) for _ in range(8))
        numbers[f"{signs[:4]}-{signs[4:]}"] = None
    return list(numbers)
