"""Submitted forms, drafts, files with notes at their pages, findings, and what was lodged without account."""

from dataclasses import field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col

START_FORM = "start"
"""Where an element stands, for the form that began the case."""


@col.row(
    "form_result",
    sa.Index("ix_form_result_case", "case_id", "id"),
    sa.Index("ix_form_result_task", "task_id"),
    sa.Index("ix_form_result_person", "person_id", "id"),
)
class FormResultRow:
    """A form as it was submitted."""

    id: col.Id = 0
    case_id: col.CaseId
    task_id: Annotated[col.TaskId | None, "empty: the form that started the case, or an action"] = None
    element: col.Chars120
    form: col.Chars120
    data: col.PersonalJson
    choices: Annotated[col.PersonalJson, "words of what was chosen among computed options, by field path"] = field(
        default_factory=dict
    )
    body_id: col.BodyId | None = None
    person_id: col.PersonId | None = None
    at: datetime
    taken_back_at: datetime | None = None


@col.row("draft")
class DraftRow:
    """A draft: form values that are not submitted yet."""

    task_id: Annotated[col.TaskId, col.PRIMARY]
    person_id: Annotated[col.PersonId, col.PRIMARY]
    data: col.PersonalJson
    saved_at: datetime
    page: Annotated[col.Chars20, "the page that it was saved from, as that calls itself"] = ""


@col.row(
    "upload",
    sa.Index("ix_upload_sha256", "sha256"),
    sa.Index("ix_upload_person", "person_id", "id"),
    col.partial_index(
        "ix_upload_unclaimed", "id", "size", where="case_id is null and person_id is null and removed_at is null"
    ),
    named=("附件", "file"),
)
class UploadRow:
    """An uploaded file."""

    id: Annotated[col.Chars36, col.PRIMARY]
    case_id: Annotated[col.CaseId | None, col.INDEXED] = None
    task_id: Annotated[col.TaskId | None, col.INDEXED] = None
    field: col.Chars200
    name: col.Chars300
    kind: col.Chars100
    size: col.Big
    sha256: Annotated[col.Chars64, "name of the file in the file store"]
    secret: Annotated[col.Chars20 | None, "trade_secret, identity, state_secret"] = None
    person_id: col.PersonId | None = None
    at: datetime
    removed_at: datetime | None = None
    erased_at: Annotated[datetime | None, "when its time of keeping was over and it was erased"] = None


@col.row("finding")
class FindingRow:
    """What was found on one ground of an eligibility table."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId, col.INDEXED]
    table: col.Chars120
    ground: col.Chars120
    result: Annotated[col.Chars12, "met, not_met, unknown"]
    text: str
    clauses: col.Json = field(default_factory=list)
    decided_by: Annotated[col.Chars20, "machine, attested, department"]
    supplied_by: col.Chars60
    details: Annotated[col.Json, "unknown facts, evidence, person and reason of an attestation"] = field(
        default_factory=dict
    )
    at: datetime
    current: bool = True


@col.row("shown_file")
class ShownFileRow:
    """Why a file cannot be shown, or the PDF that was made of an Office file."""

    sha256: Annotated[col.Chars64, col.PRIMARY]
    why: Annotated[col.OptionalJson, "why it cannot be shown: zh and en"] = None
    pdf: Annotated[col.Chars64 | None, "the PDF of an Office file, in the file store"] = None
    made_at: datetime


@col.row(
    "page_note",
    sa.Index("ix_page_note_own", "person_id", "case_id", "id"),
    sa.Index("ix_page_note_case", "case_id"),
    named=("页面笔记", "note at a page"),
)
class PageNoteRow:
    """What one person noted for themselves at a page, or at a passage of it; nobody else reads it."""

    id: col.Id = 0
    case_id: col.CaseId
    upload_id: col.Chars36
    page: int
    quote: Annotated[col.PersonalText, "the passage; empty where it is about the page"] = ""
    words: col.PersonalText
    item: Annotated[col.Chars40, "the item of a score sheet that it is about; empty where it is about none"] = ""
    person_id: Annotated[col.PersonId, "who wrote it and reads it"]
    at: datetime
    removed_at: datetime | None = None


@col.row("receipt")
class ReceiptRow:
    """What an objector without account holds in hand."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    number: col.Chars120
    code_hash: Annotated[col.Chars64, col.UNIQUE, "SHA-256 of the code on the receipt"]
    notice_id: Annotated[col.NoticeId | None, col.INDEXED, "the notice that was objected to"] = None
    issued_at: datetime


@col.row("attempt", sa.Index("ix_attempt_origin", "origin", "kind", "at"))
class AttemptRow:
    """Something that was tried from an address without an account."""

    id: col.Id = 0
    kind: Annotated[col.Chars20, "lodge, upload, track"]
    origin: Annotated[col.Chars64, "keyed hash of the address it came from"]
    at: datetime
    bytes: Annotated[col.Big | None, "how many were sent"] = None


form_result = col.TABLES[FormResultRow]
draft = col.TABLES[DraftRow]
upload = col.TABLES[UploadRow]
finding = col.TABLES[FindingRow]
shown_file = col.TABLES[ShownFileRow]
page_note = col.TABLES[PageNoteRow]
receipt = col.TABLES[ReceiptRow]
attempt = col.TABLES[AttemptRow]
