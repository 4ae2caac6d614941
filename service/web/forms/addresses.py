"""Ids of a field's HTML elements, from its path."""

from __future__ import annotations

from service.domain.forms.model import Path


def element_id(prefix: str, path: Path) -> str:
    """Return the id of the element at a path: ``f-finance-0-revenue``."""
    return "-".join((prefix, *(str(part) for part in path)))


def path_of(name: str) -> Path:
    """Return the path of an HTML name such as ``finance.0.revenue``."""
    return tuple(int(part) if part.isascii() and part.isdigit() and len(part) < 7 else part for part in name.split("."))
