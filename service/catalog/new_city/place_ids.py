"""Which ids a place can have."""

from __future__ import annotations

import re

from service.domain.errors import Invalid
from service.domain.text import Text

_IDENT = re.compile(r"[a-z][a-z0-9_]{1,39}")
RESERVED = {"shared", "calendars", "scoring", "english"}
"""Folders beside those of places."""


def why_no_id(ident: str) -> Text | None:
    """Return why no place can have the id, None where one can."""
    if _IDENT.fullmatch(ident) and ident not in RESERVED:
        return None
    return Text(
        f"代号“{ident}”应由二至四十个小写英文字母、数字和下划线组成，字母开头，例如 lanshan。",
        f"The id “{ident}” should be 2 to 40 small letters, digits and underscores such as lanshan.",
    )


def demand_free_id(ident: str) -> None:
    """Raise Invalid for an id that no place can have."""
    if (strange := why_no_id(ident)) is not None:
        raise Invalid(strange)
