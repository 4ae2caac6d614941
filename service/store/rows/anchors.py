"""Anchors of the chains of records."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorRow:
    """A signed anchor: ``line`` is how it is kept outside, too."""

    id: col.Id = 0
    seq: Annotated[int, col.UNIQUE]
    at: datetime
    line: str
    digest: Annotated[col.Chars64, "by which the next one names it"]
    audit_id: Annotated[col.Big, "the newest event of cases that was looked at"]


anchor = col.table_of(AnchorRow, "anchor", comment="append-only")
