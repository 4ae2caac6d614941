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


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorStampRow:
    """The answer of a timestamp authority (RFC 3161, base64) to the anchor of ``digest``."""

    id: col.Id = 0
    digest: Annotated[col.Chars64, col.UNIQUE, "of the anchor"]
    at: Annotated[datetime, "as the authority says"]
    reply: Annotated[str, "TimeStampResp (DER) in base64"]


anchor_stamp = col.table_of(AnchorStampRow, "anchor_stamp", comment="append-only")
