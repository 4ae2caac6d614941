"""Masking of personal values."""

from __future__ import annotations

import re

HIDDEN = "****"


def masked(value: object) -> str:
    """Return a personal value masked: ``138****0000``, ``a***@b.cn``, ``张*``; what is not text is hidden whole."""
    if not isinstance(value, str) or not value:
        return HIDDEN if value not in (None, "", []) else ""
    if "@" in value:
        name, _, host = value.partition("@")
        return f"{name[:1]}***@{host}"
    if re.fullmatch(r"[\d\-+Xx ]{7,}", value):
        return f"{value[:3]}{HIDDEN}{value[-4:]}" if len(value) >= 11 else f"{value[:2]}{HIDDEN}{value[-2:]}"
    if len(value) <= 4:
        return value[0] + "*" * (len(value) - 1)
    return f"{value[:2]}{HIDDEN}"
