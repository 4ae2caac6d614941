"""Protocol of spreadsheets submitted with a form, for operations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict of JSON values."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A submitted table: its cells as texts, line by line, and the SHA-256 of the file."""

    name: str
    sha256: str
    rows: Sequence[Sequence[str]]


class Tables(Protocol):
    """Files of this case."""

    def read(self, upload: Mapping[str, Json]) -> TableFile:
        """Return the first sheet of an .xlsx or a .csv, read apart from the program; raises Invalid, NotFound."""

    def sha256(self, upload: Mapping[str, Json]) -> str:
        """Return the SHA-256 of a file of the case; raises NotFound."""
