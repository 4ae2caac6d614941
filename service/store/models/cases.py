"""Cases and their tasks, the calls they stand in, signatures, notes and ratings."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col
from service.store.types import NEVER


@col.row(
    "case_instance",
    sa.Index("ix_case_parent", "parent_id", "id"),
    sa.Index("ix_case_listed", "jurisdiction", "id"),
    sa.Index("ix_case_kind", "jurisdiction", "award", "process", "status"),
    sa.Index("ix_case_begun", "jurisdiction", "started_at", "ended_at"),
    sa.Index("ix_case_started_by", "started_by", "id"),
    col.partial_index("ix_case_live", "parent_id", "process", "subject_id", where="status <> 'ended'"),
    col.partial_index("ix_case_running", "jurisdiction", "process", "id", where="status <> 'ended'"),
    named=("办件", "case"),
)
class CaseRow:
    """A case (办件) as it stands; ``state`` is the engine's own and opaque."""

    id: col.Id = 0
    version: Annotated[int, "counts the steps; optimistic lock"] = 1
    definition: col.VersionId
    jurisdiction: col.Chars60
    award: col.Chars60
    process: Annotated[col.Chars60, "key under processes in award.yaml"]
    title: col.Chars300
    number: col.Chars80 | None = None
    parent_id: col.CaseId | None = None
    subject_id: Annotated[col.BodyId | None, col.INDEXED, "organisation the case is about"] = None
    status: Annotated[col.Chars20, "running, suspended, ended"] = "running"
    outcome: col.Chars60 | None = None
    facts: col.PersonalJson = field(default_factory=dict)
    parameters: Annotated[col.SettledJson, "values frozen when the round opened"] = field(default_factory=dict)
    state: Annotated[col.PersonalBytes, col.LARGE, "the engine's own, opaque"]
    audit_seq: Annotated[int, "number of the newest audit event"] = 0
    audit_hash: Annotated[col.Chars64, "its hash; the next one chains to it"] = ""
    started_at: datetime
    started_by: int | None = None
    changed_at: datetime
    ended_at: datetime | None = None
    findable: Annotated[
        str | None, col.LARGE, "JSON: mark, name and text of each fact it is found by; empty: not noted yet"
    ] = None


@col.row("case_party", sa.Index("ix_case_party_body", "body_id", "role", "case_id"))
class CasePartyRow:
    """A body and the role it holds in a case."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    role: Annotated[col.Chars60, col.PRIMARY]
    body_id: Annotated[col.BodyId, col.PRIMARY]


@col.row(
    "task",
    sa.Index("ix_task_case", "case_id", "id"),
    col.partial_index("ix_task_seat", "role", "body_id", "jurisdiction", "due_at", "id", where="state = 'open'"),
    col.partial_index("ix_task_role", "jurisdiction", "role", "due_at", "id", where="state = 'open'"),
    col.partial_index("ix_task_jurisdiction", "jurisdiction", "due_at", "id", where="state = 'open'"),
    col.partial_index("ix_task_round", "round_id", "due_at", "id", where="state = 'open'"),
    col.partial_index("ix_task_round_seat", "round_id", "role", "body_id", "due_at", "id", where="state = 'open'"),
    col.partial_index("ix_task_mine", "assignee_id", "due_at", "id", where="state = 'open'"),
    col.partial_index("ix_task_element", "jurisdiction", "process_id", "element", where="state = 'open'"),
    col.partial_index("ix_task_at", "process_id", "element", "case_id", where="state = 'open'"),
    col.partial_index(
        "ix_task_standing", "jurisdiction", "process_id", "element", "created_at", "due_at", where="state = 'open'"
    ),
    col.partial_index("ix_task_due", "jurisdiction", "due_at", "id", where="state = 'open' and kind <> 'ballot'"),
    col.partial_index("ix_task_ballot", "role", "body_id", "jurisdiction", where="state = 'open' and kind = 'ballot'"),
    col.partial_index("ix_task_stood", "jurisdiction", "process_id", "done_at", where="state = 'done'"),
    col.partial_index("ix_task_done", "done_by", "due_at", "id", where="state = 'done'"),
    col.partial_index("ix_task_done_at", "done_by", "done_at", "id", where="state = 'done'"),
    named=("待办", "task"),
)
class TaskRow:
    """What waits for a person."""

    id: col.Id = 0
    case_id: col.CaseId
    engine_id: col.Chars36
    entry: Annotated[int, "counts how often this element waited in this case"] = 1
    process_id: col.Chars120
    element: col.Chars120
    call_path: col.Json = field(default_factory=list)
    kind: Annotated[col.Chars20, "form, confirm_date"] = "form"
    title: col.Chars300
    subject: Annotated[col.Chars300, "name of the organisation or of the case"]
    jurisdiction: col.Chars60
    role: col.Chars60
    body_id: Annotated[col.BodyId | None, "empty: every body with the role"] = None
    assignee_id: col.PersonId | None = None
    form: col.Chars120 | None = None
    clauses: col.Json = field(default_factory=list)
    state: Annotated[col.Chars12, "open, done, cancelled"] = "open"
    due_at: Annotated[datetime, "far future when there is none"] = NEVER
    due_reason: Annotated[col.OptionalJson, "zh, en, last_day, provisional"] = None
    note: Annotated[col.OptionalJson, "who sent it back, delegated it, and why"] = None
    opened_at: Annotated[datetime | None, "first looked at by somebody of the role"] = None
    created_at: datetime
    done_at: datetime | None = None
    done_by: col.PersonId | None = None
    version: int = 1
    personal: Annotated[
        bool,
        {"server_default": sa.false()},
        "for the assignee alone: nobody else of the role sees it, it cannot be handed on",
    ] = False
    signs_open: Annotated[col.Chars12 | None, "before, after, sent: signatures it waits for; closed: no more"] = None
    round_id: Annotated[
        col.Number | None,
        "case below which its case stands, however deep, and which is below none; said by the insert",
    ] = None


@col.row("visit")
class VisitRow:
    """An element that a case has passed."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId, col.INDEXED]
    process_id: col.Chars120
    element: col.Chars120
    at: datetime


@col.row(
    "subscription",
    sa.Index("ix_subscription_at", "process_id", "element", "case_id"),
    sa.Index("ix_subscription_standing", "jurisdiction", "process_id", "element"),
)
class SubscriptionRow:
    """A place in a case that waits for a message."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    engine_id: Annotated[col.Chars36, col.PRIMARY]
    jurisdiction: col.Chars60
    process_id: col.Chars120
    element: col.Chars120
    message: col.Chars120
    barrier: Annotated[str | None, "FEEL; caught as soon as it is true"] = None
    created_at: datetime


@col.row("inbox", col.partial_index("ix_inbox_waiting", "case_id", "id", where="caught_at is null"))
class InboxRow:
    """A message kept until it is caught."""

    id: col.Id = 0
    case_id: col.CaseId
    message: col.Chars120
    payload: col.PersonalJson
    effect_key: Annotated[col.Chars200, col.UNIQUE]
    caught_at: datetime | None = None


@col.row(
    "case_call",
    sa.Index("ix_case_call_case", "case_id", "id"),
    col.partial_index("ix_case_call_at", "process_id", "element", "case_id", where="left_at is null"),
    col.partial_index(
        "ix_case_call_standing", "jurisdiction", "process_id", "element", "since", where="left_at is null"
    ),
    col.partial_index("ix_case_call_left", "jurisdiction", "process_id", "left_at", where="left_at is not null"),
)
class CallRow:
    """A case in a call activity: one row however many rounds of it run at once."""

    id: col.Id = 0
    case_id: col.CaseId
    jurisdiction: col.Chars60
    process_id: Annotated[col.Chars120, "diagram the call activity stands on"]
    element: Annotated[col.Chars120, "the call activity"]
    since: datetime
    left_at: Annotated[datetime | None, "empty: the case stands in it"] = None


@col.row("sign_ask", sa.Index("ix_sign_ask_task", "task_id", "id"), named=("会签", "request for signatures"))
class SignAskRow:
    """Signatures asked for beside a task, before it is submitted or after."""

    id: col.Id = 0
    case_id: col.CaseId
    task_id: col.TaskId
    kind: Annotated[col.Chars12, "before, after: when they sign"]
    mode: Annotated[col.Chars12, "all, share, first: who decides"]
    needed: Annotated[int, "how many must agree"]
    person_id: Annotated[col.PersonId, "who asked"]
    words: Annotated[str, "what is asked"]
    at: datetime
    state: Annotated[col.Chars12, "open, agreed, refused, withdrawn, passed: submitted without them"] = "open"
    ended_at: datetime | None = None
    data: Annotated[col.OptionalJson, "what was submitted and goes through when they have signed"] = None
    sent_by: Annotated[col.PersonId | None, "who submitted that"] = None
    sent_at: datetime | None = None


@col.row(
    "task_sign",
    sa.Index("ix_task_sign_ask", "ask_id", "id"),
    sa.Index("ix_task_sign_person", "person_id", "id"),
    col.partial_index("ix_task_sign_open", "person_id", "id", where="state = 'open'"),
    named=("会签", "signature"),
)
class SignRow:
    """One who is asked to sign."""

    id: col.Id = 0
    ask_id: Annotated[int, col.refer_to_column("sign_ask.id")]
    case_id: col.CaseId
    person_id: Annotated[col.PersonId, "who signs"]
    state: Annotated[col.Chars12, "waiting: not told yet; open, agree, disagree; dropped: needed no more"] = "open"
    words: Annotated[str, "what they wrote"] = ""
    at: Annotated[datetime | None, "when they said it"] = None


PASSED_ON = ("handed_on", "sent_back", "taken_back", "urged", "sign_asked")
"""Kinds of rows that are no notes to anybody: what somebody did with a task of theirs, or had others do, and why."""


@col.row(
    "case_note",
    sa.Index("ix_case_note_case", "case_id", "id"),
    sa.Index("ix_case_note_person", "person_id", "id"),
    col.partial_index("ix_case_note_to", "to_id", "id", where="removed_at is null"),
    col.partial_index("ix_case_note_unread", "to_id", "id", where="read_at is null and removed_at is null"),
    named=("批注", "note"),
)
class CaseNoteRow:
    """A note (批注), an instruction (批示), a copy for information (抄送) or an answer (回复); applicants never read one.

    Or that its author handed a task on, sent it back, took it back, urged it or asked others to sign beside it, for the
    own list of whoever did: `PASSED_ON`.
    """

    id: col.Id = 0
    case_id: col.CaseId
    task_id: Annotated[col.TaskId | None, "where it was written beside a task"] = None
    kind: Annotated[col.Chars12, "note, instruction, copy, answer"]
    person_id: Annotated[col.PersonId, "who wrote it"]
    to_id: Annotated[col.PersonId | None, "whom it is for; empty: whoever handles the case"] = None
    words: str
    at: datetime
    read_at: Annotated[datetime | None, "when whom it is for said that it was read"] = None
    removed_at: Annotated[datetime | None, "when its author took it back"] = None


@col.row(
    "rating",
    sa.Index("ix_rating_listed", "jurisdiction", "at", "case_id"),
    col.partial_index(
        "ix_rating_waiting",
        "jurisdiction",
        "reply_by",
        "case_id",
        where="reply_by is not null and answered_at is null",
    ),
)
class RatingRow:
    """A rating of a case that has ended, given once; a bad one is answered by ``reply_by``."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    jurisdiction: col.Chars60
    body_id: Annotated[col.BodyId, "the organisation that rates"]
    person_id: Annotated[col.PersonId, "who rated for it"]
    grade: Annotated[int, "1 very dissatisfied to 5 very satisfied"]
    words: str
    at: datetime
    reply_by: Annotated[date | None, "last day of the office's answer; empty: none is due"] = None
    reason: Annotated[col.OptionalJson, "zh, en, provisional: how that day was counted"] = None
    answer: Annotated[str | None, "what the office answered"] = None
    answered_at: datetime | None = None
    answered_by: col.PersonId | None = None


case = col.TABLES[CaseRow]
case_party = col.TABLES[CasePartyRow]
task = col.TABLES[TaskRow]
visit = col.TABLES[VisitRow]
subscription = col.TABLES[SubscriptionRow]
inbox = col.TABLES[InboxRow]
call = col.TABLES[CallRow]
sign_ask = col.TABLES[SignAskRow]
task_sign = col.TABLES[SignRow]
case_note = col.TABLES[CaseNoteRow]
rating = col.TABLES[RatingRow]
