"""Drafts of process packages, every change made to their files, and what became of packages."""

from dataclasses import dataclass, field
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
    editor_id: Annotated[int | None, "the person who edits it; the others read"] = None
    editor: Annotated[col.Chars200, "that person's name"] = ""
    editing_since: datetime | None = None


package_draft = col.table_of(
    PackageDraftRow,
    "package_draft",
    sa.Index("ix_package_draft_state", "state", "package"),
    sa.Index("ix_package_draft_listed", "state", "id"),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingRow:
    """A season that somebody records in a draft: its steps so far, played again after a restart."""

    id: col.Id = 0
    draft_id: col.DraftId
    person_id: col.PersonId
    script: Annotated[str, "the scenario as it stands"]
    version: Annotated[col.Chars64, "of the draft when it was begun"]
    at: datetime


recording = col.table_of(
    RecordingRow,
    "recording",
    sa.UniqueConstraint("draft_id", "person_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageEventRow:
    """What somebody did with a draft or a version of a package; ``hash`` chains to ``previous``."""

    id: col.Id = 0
    package: Annotated[col.Chars120, "jurisdiction/award"]
    seq: Annotated[int, "counts the events of a package"]
    draft_id: col.Number | None = None
    at: datetime
    actor: col.Chars200
    person_id: int | None = None
    action: col.Chars60
    text: str
    data: col.Json = field(default_factory=dict)
    previous: col.Chars64
    hash: col.Chars64


package_event = col.table_of(
    PackageEventRow,
    "package_event",
    sa.UniqueConstraint("package", "seq"),
    comment="append-only and chained",
)
