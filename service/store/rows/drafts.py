"""Drafts of process packages, and every change made to their files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageDraftRow:
    """A draft of a package: the files it was opened from, who holds it, how far it has come."""

    id: col.Id = 0
    package: Annotated[col.Chars120, "jurisdiction/award"]
    title: col.Chars200
    base: Annotated[col.Chars64 | None, "the version it was opened from; empty for a package never published"] = None
    sources: Annotated[bytes, "compressed files of the tree it was opened from"]
    person_id: col.PersonId
    author: col.Chars200
    shared: Annotated[bool, "others than the author see it"] = False
    state: Annotated[col.Chars20, "open, review, approved, published, discarded"] = "open"
    revision: Annotated[int, "the number of its newest change"] = 0
    created_at: datetime
    changed_at: datetime
    details: Annotated[col.OptionalJson, "the review: who, when, what they said"] = None


package_draft = col.table_of(
    PackageDraftRow,
    "package_draft",
    sa.Index("ix_package_draft_state", "state", "package"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftRevisionRow:
    """One change of one file of a draft; ``content`` is empty where the file was removed."""

    id: col.Id = 0
    draft_id: col.DraftId
    revision: Annotated[int, "counts the changes of a draft"]
    path: col.Chars300
    content: Annotated[bytes | None, "compressed"] = None
    hash: Annotated[col.Chars64, "SHA-256 of the content; empty where the file was removed"]
    person_id: col.PersonId
    author: col.Chars200
    at: datetime
    note: col.Chars300 = ""


draft_revision = col.table_of(
    DraftRevisionRow,
    "draft_revision",
    sa.UniqueConstraint("draft_id", "revision"),
    sa.Index("ix_draft_revision_path", "draft_id", "path", "revision"),
    comment="append-only; the newest change of a path is what the draft holds",
)
