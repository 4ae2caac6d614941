"""Cells of tables that are opened by a spreadsheet."""

from __future__ import annotations

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins with one of these is run by a spreadsheet program; those of double width where Chinese or Japanese is typed."""


def inert(text: str) -> str:
    """Return a cell that no spreadsheet takes for a formula (see OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
