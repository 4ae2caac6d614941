"""Files that are still arriving, piece by piece."""

import dataclasses
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedUploadRow:
    """A file of which the first ``received`` bytes have arrived."""

    id: Annotated[col.Chars36, col.PRIMARY]
    person_id: Annotated[col.PersonId | None, col.INDEXED, "empty: without an account; whoever has the id goes on"] = (
        None
    )
    task_id: Annotated[col.TaskId | None, "empty: for a form that starts a case, or an action"] = None
    field: col.Chars200
    name: col.Chars300
    size: Annotated[col.Big, "of the whole file"]
    received: col.Big = 0
    pieces: Annotated[col.Json, "each with sha256 and stamp in the file store, and its size"] = dataclasses.field(
        default_factory=list
    )
    max_bytes: col.Big
    accept: col.Json
    upload_id: Annotated[col.Chars36 | None, "the upload it became"] = None
    at: datetime


unfinished_upload = col.table_of(
    UnfinishedUploadRow,
    "unfinished_upload",
    col.partial_index("ix_unfinished_upload_public", "id", "size", where="person_id is null and upload_id is null"),
)
