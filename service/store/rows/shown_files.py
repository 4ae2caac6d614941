"""What is known of showing a file that somebody sent; and what people note for themselves at its pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFileRow:
    """Why a file cannot be shown, or the PDF that was made of an Office file."""

    sha256: Annotated[col.Chars64, col.PRIMARY]
    why: Annotated[col.OptionalJson, "why it cannot be shown: zh and en"] = None
    pdf: Annotated[col.Chars64 | None, "the PDF of an Office file, in the file store"] = None
    made_at: datetime


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


shown_file = col.table_of(ShownFileRow, "shown_file", comment="files that cannot be shown, and PDFs of Office files")
page_note = col.table_of(
    PageNoteRow,
    "page_note",
    sa.Index("ix_page_note_own", "person_id", "case_id", "id"),
    sa.Index("ix_page_note_case", "case_id"),
    comment="what people noted for themselves at pages of files",
)
