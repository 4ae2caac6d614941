"""Sealed seasons: what a round is published by, so that anybody can compute it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSeasonRow:
    """A bundle of a round, which never changes; public from ``published_at`` on."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId, col.INDEXED, "the round"]
    jurisdiction: col.Chars60
    title: col.Chars300
    sha256: Annotated[col.Chars64, "of the bundle, which lies in the store of files"]
    size: col.Big
    content: Annotated[col.Chars64, "digest of what it tells, as it stands in the history of the round"]
    key: Annotated[col.Chars64, "public key that it is signed with"]
    sealed_at: datetime
    sealed_by: col.PersonId | None = None
    published_at: datetime | None = None
    published_by: col.PersonId | None = None


sealed_season = col.table_of(
    SealedSeasonRow,
    "sealed_season",
    col.partial_index("ix_sealed_season_public", "jurisdiction", "id", where="published_at is not null"),
)
