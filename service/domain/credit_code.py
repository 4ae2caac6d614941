"""Unified social credit codes (GB 32100-2015): eighteen signs, the last of which checks the others."""

from __future__ import annotations

import re

_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, n, 31) for n in range(17))


def valid_credit_code(code: str) -> bool:
    """Return whether ``code`` is a unified social credit code with the right check character."""
    if not _CODE.fullmatch(code):
        return False
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(code, _WEIGHTS, strict=False))
    return _SIGNS[(31 - total % 31) % 31] == code[17]
