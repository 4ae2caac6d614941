"""The number of a row with what people call it."""

from __future__ import annotations

from typing import NamedTuple


class Titled(NamedTuple):
    """The number of a row and its title."""

    id: int
    title: str
