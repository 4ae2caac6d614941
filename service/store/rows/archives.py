"""Archives of finished rounds: what was gathered case by case, and the seal over all of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveRow:
    """An archive of a round; sealed once every case is gathered, and never changed after."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId, col.INDEXED, "the round"]
    jurisdiction: col.Chars60
    title: col.Chars300
    full: Annotated[bool, "with personal data, uploaded files included"]
    purpose: Annotated[col.Chars300, "what the archive is for"]
    cases: Annotated[int, "how many cases it holds"]
    begun_at: datetime
    begun_by: col.PersonId | None = None
    sealed_at: Annotated[datetime | None, col.INDEXED] = None
    seal: Annotated[col.Chars64 | None, "SHA-256 of the manifest"] = None
    erased_at: Annotated[datetime | None, "when its time of keeping was over and it was erased"] = None


archive = col.table_of(ArchiveRow, "archive")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivePartRow:
    """The files of one case in an archive; place 0 holds the manifest and the first page."""

    archive_id: Annotated[int, col.refers("archive.id"), col.PRIMARY]
    place: Annotated[col.Number, col.PRIMARY, "the case; 0: what stands at the top"]
    files: Annotated[col.Json, "path, sha256, size of each file, which lies in the store of files"]
    left_out: Annotated[col.Json, "path, sha256, why: what is not in it"] = field(default_factory=list)
    head: Annotated[col.Json, "number, title, seq and hash of the newest event"] = field(default_factory=dict)


archive_part = col.table_of(ArchivePartRow, "archive_part")
