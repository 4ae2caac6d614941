"""Requests that programs marked with a key, so that each takes effect once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedRequestRow:
    """A request with the key its sender gave it, and how it was answered; without ``status`` it is not answered yet."""

    key: Annotated[col.Chars64, col.PRIMARY, "SHA-256 of sender, operation and the sender's key"]
    content: Annotated[col.Chars64, "keyed mark of what was sent"]
    status: int | None = None
    answer: Annotated[col.OptionalJson, "left out where it is told once"] = None
    at: Annotated[datetime, col.INDEXED]


marked_request = col.table_of(MarkedRequestRow, "marked_request")
