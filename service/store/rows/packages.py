"""Published versions of process packages, and changes of settings by cities."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionRow:
    """A published version of a process package."""

    version: Annotated[col.Chars64, col.PRIMARY, "hash of the closure"]
    package: Annotated[col.Chars120, "jurisdiction/award"]
    base: Annotated[col.Chars64 | None, "the version that was current when this one was made"] = None
    content: Annotated[bytes, "compressed files of the closure"]
    sources: Annotated[bytes | None, "compressed files it was made from, patterns unfilled, scenarios included"] = None
    draft_id: Annotated[col.Number | None, "the draft of the studio that it was published from"] = None
    current: bool = False
    published_at: datetime
    published_by: col.Chars200


definition = col.table_of(
    DefinitionRow,
    "definition",
    col.partial_index("ix_definition_current", "package", where="current", unique=True),
    sa.Index("ix_definition_package", "package", "published_at"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """A value that a city set: ``value`` is ``{"value": …}``; ``hash`` chains to ``previous``."""

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
    previous: col.Chars64
    hash: col.Chars64


setting = col.table_of(
    SettingRow,
    "setting",
    sa.UniqueConstraint("package", "seq"),
    comment="append-only and chained; the newest change of a day holds for that day",
)
