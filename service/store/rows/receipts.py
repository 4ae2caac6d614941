"""Receipts of public lodgings, and attempts by address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptRow:
    """What an objector without account holds in hand."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    number: col.Chars120
    code_hash: Annotated[col.Chars64, col.UNIQUE, "SHA-256 of the code on the receipt"]
    notice_id: Annotated[col.NoticeId | None, col.INDEXED, "the notice that was objected to"] = None
    issued_at: datetime


receipt = col.table_of(
    ReceiptRow,
    "receipt",
    comment="what an objector without account holds in hand; the code itself is never stored",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """Something that was tried from an address without an account."""

    id: col.Id = 0
    kind: Annotated[col.Chars20, "lodge, upload, track"]
    origin: Annotated[col.Chars64, "keyed hash of the address it came from"]
    at: datetime
    bytes: Annotated[col.Big | None, "how many were sent"] = None


attempt = col.table_of(
    AttemptRow,
    "attempt",
    sa.Index("ix_attempt_origin", "origin", "kind", "at"),
    comment="limits what one address may do without an account; rows older than two days mean nothing",
)
