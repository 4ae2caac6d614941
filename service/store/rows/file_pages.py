"""Pages of files that people sent, drawn as pictures; and what people note for themselves at a page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class PagedFileRow:
    """How many pages a file has, or why none of them can be shown."""

    sha256: Annotated[col.Chars64, col.PRIMARY]
    pages: Annotated[int, "how many there are; 0 where none can be shown"]
    why: Annotated[col.OptionalJson, "why none can be shown: zh and en"] = None
    source: Annotated[col.Chars64 | None, "the PDF of an Office file, in the file store"] = None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePageRow:
    """One page: its picture lies in the file store."""

    sha256: Annotated[col.Chars64, col.PRIMARY, "the file of which it is a page"]
    page: Annotated[int, col.PRIMARY, "counted from 1"]
    kind: Annotated[col.Chars100, "media type of the picture"]
    width: int
    height: int
    picture: Annotated[col.Chars64 | None, "name of the picture in the file store; empty where there is none"] = None
    text: col.PersonalText


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNoteRow:
    """What one person noted for themselves at a page, or at a passage of it; nobody else reads it."""

    id: col.Id = 0
    case_id: col.CaseId
    upload_id: col.Chars36
    page: int
    quote: Annotated[col.PersonalText, "the passage; empty where it is about the page"] = ""
    words: col.PersonalText
    person_id: Annotated[col.PersonId, "who wrote it and reads it"]
    at: datetime
    removed_at: datetime | None = None


paged_file = col.table_of(PagedFileRow, "paged_file", comment="files of which pages were asked for")
file_page = col.table_of(
    FilePageRow,
    "file_page",
    sa.Index("ix_file_page_picture", "picture"),
    comment="pages of files that people sent, as pictures with their text",
)
page_note = col.table_of(
    PageNoteRow,
    "page_note",
    sa.Index("ix_page_note_own", "person_id", "case_id", "id"),
    sa.Index("ix_page_note_case", "case_id"),
    comment="what people noted for themselves at pages of files",
)
