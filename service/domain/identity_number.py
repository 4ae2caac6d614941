"""Citizen identity numbers (GB 11643-1999): eighteen signs that hold a birthday and a check sign."""

from __future__ import annotations

import re
from datetime import date

_NUMBER = re.compile(r"[1-9]\d{16}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SIGNS = "10X98765432"


def valid_identity_number(number: str, on: date) -> bool:
    """Return whether ``number`` is well formed, its check sign right, and its holder born since 1900 and by day ``on``.

    Numbers of residence permits (of foreigners; of people from Hong Kong, Macao and Taiwan) follow the same rule.
    """
    if not _NUMBER.fullmatch(number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(sign) * weight for sign, weight in zip(number, _WEIGHTS, strict=False))
    return date(1900, 1, 1) <= born <= on and _SIGNS[total % 11] == number[17]
