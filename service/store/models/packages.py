"""Versions and drafts of packages, settings, calendars, and long work for drafts with its results."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.domain.values.bounds import OneOf
from service.store.models import columns as col


@col.row(
    "definition",
    col.partial_index("ix_definition_current", "package", where="current", unique=True),
    sa.Index("ix_definition_package", "package", "published_at"),
    named=("流程版本", "process version"),
)
class DefinitionRow:
    """A published version of a process package."""

    version: Annotated[col.Chars64, col.PRIMARY, "hash of the closure"]
    package: Annotated[col.Chars120, "jurisdiction/award"]
    base: Annotated[col.Chars64 | None, "the version that was current when this one was made"] = None
    content: Annotated[bytes, col.LARGE, "compressed files of the closure"]
    sources: Annotated[
        bytes | None, col.LARGE, "compressed files it was made from, patterns unfilled, scenarios included"
    ] = None
    draft_id: Annotated[col.Number | None, "the draft of the studio that it was published from"] = None
    current: bool = False
    published_at: datetime
    published_by: col.Chars200


@col.row("setting", sa.UniqueConstraint("package", "seq"))
class SettingRow:
    """A value that a city set."""

    id: col.Id = 0
    package: Annotated[col.Chars120, "jurisdiction/award"]
    seq: Annotated[int, "counts the changes of a package"]
    parameter: col.Chars120
    since: Annotated[date, "first day on which the value holds"]
    value: Annotated[col.Json, "{value: …}, so that null is a value too"]
    reason: str
    at: datetime
    actor: col.Chars200
    person_id: int | None = None


@col.row(
    "package_draft",
    sa.Index("ix_package_draft_state", "state", "package"),
    sa.Index("ix_package_draft_listed", "state", "id"),
    named=("草稿", "draft"),
)
class PackageDraftRow:
    """A draft of a package: the files it was opened from, who holds it, how far it has come."""

    id: col.Id = 0
    package: Annotated[col.Chars120, "jurisdiction/award"]
    title: col.Chars200
    base: Annotated[col.Chars64 | None, "the version it was opened from; empty for a package never published"] = None
    sources: Annotated[bytes, col.LARGE, "compressed files of the tree it was opened from"]
    person_id: col.PersonId
    author: col.Chars200
    shared: Annotated[bool, "others than the author see it"] = False
    state: Annotated[col.Chars20, OneOf(("open", "review", "approved", "published", "discarded"))] = "open"
    revision: Annotated[int, "the number of its newest change"] = 0
    created_at: datetime
    changed_at: datetime
    details: Annotated[col.OptionalJson, "the review: who, when, what they said"] = None
    editor_id: Annotated[int | None, "the person who edits it; the others read"] = None
    editor: Annotated[col.Chars200, "that person's name"] = ""
    editing_since: datetime | None = None


@col.row(
    "draft_revision",
    sa.UniqueConstraint("draft_id", "revision"),
    sa.Index("ix_draft_revision_path", "draft_id", "path", "revision"),
)
class DraftRevisionRow:
    """One change of one file of a draft; ``content`` is empty where the file was removed."""

    id: col.Id = 0
    draft_id: col.DraftId
    revision: Annotated[int, "counts the changes of a draft"]
    path: col.Chars300
    content: Annotated[bytes | None, col.LARGE, "compressed"] = None
    hash: Annotated[col.Chars64, "SHA-256 of the content; empty where the file was removed"]
    person_id: col.PersonId
    author: col.Chars200
    at: datetime
    note: col.Chars300 = ""


@col.row("recording", sa.UniqueConstraint("draft_id", "person_id"))
class RecordingRow:
    """A season that somebody records in a draft: its steps so far, played again after a restart."""

    id: col.Id = 0
    draft_id: col.DraftId
    person_id: col.PersonId
    script: Annotated[str, "the scenario as it stands"]
    version: Annotated[col.Chars64, "of the draft when it was begun"]
    at: datetime


@col.row("package_event", sa.UniqueConstraint("package", "seq"))
class PackageEventRow:
    """What somebody did with a draft or a version of a package."""

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


@col.row(
    "calendar_year",
    sa.Index("ix_calendar_year_state", "state", "layer", "year"),
    named=("日历年份", "year of a calendar"),
)
class CalendarYearRow:
    """A year's days off of one layer, as a notice has them; the newest in force decides, then the file of the year."""

    id: col.Id = 0
    layer: Annotated[col.Chars60, "cn, cn-xinjiang"]
    year: int
    state: Annotated[col.Chars20, "proposed, in_force, returned, withdrawn"] = "proposed"
    title: Annotated[col.Chars300, "of the source document"]
    number: col.Chars100 = ""
    issued: Annotated[col.Chars20, "an ISO date, or empty"] = ""
    text: Annotated[str, "the document as it was pasted"]
    content: Annotated[str, "the file of the year"]
    working_days: int
    person_id: col.PersonId
    author: col.Chars200
    at: datetime
    details: Annotated[col.OptionalJson, "who decided and who withdrew, when, what they said"] = None


@col.row(
    "studio_job",
    sa.Index("ix_studio_job_key", "draft_id", "key", "id"),
    col.partial_index("ix_studio_job_open", "person_id", where="ended_at IS NULL"),
)
class StudioJobRow:
    """A piece of long work for a draft; of those with one ``key`` the newest counts."""

    id: col.Id = 0
    draft_id: col.DraftId
    revision: Annotated[int, "the revision of the draft that it is about"]
    key: Annotated[col.Chars80, "what it is about"]
    asked: Annotated[col.Json, "what is needed to start it again"] = field(default_factory=dict)
    person_id: col.PersonId | None = None
    state: Annotated[col.Chars20, "open, done, failed, stopped"] = "open"
    done: Annotated[int, "parts; the next is a work item"] = 0
    total: int = 1
    doing: col.Json = field(default_factory=dict)
    trouble: Annotated[col.OptionalJson, "why it failed"] = None
    result: Annotated[bytes | None, col.LARGE, "a file, where one came of it"] = None
    begun_at: datetime
    ended_at: datetime | None = None


@col.row("scenario_result", sa.UniqueConstraint("draft_id", "path"))
class ScenarioResultRow:
    """What the newest play of a scenario of a draft came to; ``version`` and ``hash`` are what was played."""

    id: col.Id = 0
    draft_id: col.DraftId
    path: col.Chars300
    revision: Annotated[int, "the revision of the draft that was played"]
    version: col.Chars64
    hash: Annotated[col.Chars64, "SHA-256 of the file"]
    passed: bool
    unmet: Annotated[col.Json, "in words, in every language"] = field(default_factory=list)
    content: Annotated[bytes, col.LARGE, "compressed JSON"]
    at: datetime


definition = col.TABLES[DefinitionRow]
setting = col.TABLES[SettingRow]
package_draft = col.TABLES[PackageDraftRow]
draft_revision = col.TABLES[DraftRevisionRow]
recording = col.TABLES[RecordingRow]
package_event = col.TABLES[PackageEventRow]
calendar_year = col.TABLES[CalendarYearRow]
studio_job = col.TABLES[StudioJobRow]
scenario_result = col.TABLES[ScenarioResultRow]
