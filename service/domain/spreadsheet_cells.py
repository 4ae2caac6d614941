"""Cells of tables that are opened by a spreadsheet."""

from __future__ import annotations


def inert(text: str) -> str:
    """Return a cell that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text[:1] else text
