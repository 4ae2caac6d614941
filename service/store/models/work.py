"""Work items, mail, number series, what keeps an installation going, and the search table."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.domain.running.lanes import CASES
from service.store.models import columns as col


@col.row(
    "work_item",
    col.partial_index("ix_work_item_due", "due_at", "id", where="state = 'waiting'"),
    col.partial_index("ix_work_item_lane", "lane", "due_at", "id", where="state = 'waiting'"),
    col.partial_index(
        "ix_work_item_turn",
        "case_id",
        "due_at",
        "id",
        where="lane in ('timers', 'cases') and state in ('waiting', 'running')",
    ),
    col.partial_index("ix_work_item_kind", "kind", "case_id", where="state in ('waiting', 'running', 'held', 'dead')"),
    col.partial_index("ix_work_item_dead", "id", where="state = 'dead'"),
    col.partial_index("ix_work_item_provisional", "id", where="provisional"),
    col.partial_index("ix_work_item_lease", "lease_until", where="state = 'running'"),
    col.partial_index("ix_work_item_timer", "due_at", "id", where="kind = 'timer' and state in ('waiting', 'held')"),
    col.partial_index("ix_work_item_at", "process_id", "element", "case_id", where="state in ('waiting', 'held')"),
    col.partial_index(
        "ix_work_item_standing",
        "jurisdiction",
        "process_id",
        "element",
        where="element is not null and state in ('waiting', 'held')",
    ),
    col.partial_index(
        "ix_work_item_element", "process_id", "element", "case_id", where="state = 'waiting' and element is not null"
    ),
    named=("工作项", "work item"),
)
class WorkItemRow:
    """Something that waits for time or for the outside."""

    id: col.Id = 0
    kind: Annotated[col.Chars40, "timer, message, barrier, serve, document, mail, reminder"]
    lane: Annotated[col.Chars12, "timers, cases, documents, mail"] = CASES
    case_id: Annotated[col.CaseId | None, col.INDEXED] = None
    effect_key: Annotated[col.Chars200, col.UNIQUE, "names the effect, never the attempt"]
    jurisdiction: col.Chars60 | None = None
    process_id: Annotated[col.Chars120 | None, "where on the diagram it waits, when it does"] = None
    element: col.Chars120 | None = None
    payload: col.PersonalJson = field(default_factory=dict)
    due_at: datetime
    provisional: Annotated[bool, "never passes by time alone"] = False
    state: Annotated[col.Chars12, "waiting, running, done, dead, cancelled, held"] = "waiting"
    attempts: int = 0
    lease_until: datetime | None = None
    owner: col.Chars80 | None = None
    dispatched_at: datetime | None = None
    last_error: col.PersonalText | None = None
    created_at: datetime
    done_at: datetime | None = None


@col.row(
    "mail",
    sa.Index("ix_mail_inbox", "person_id", "id"),
    col.partial_index("ix_mail_unread", "person_id", where="read_at is null"),
    named=("消息", "message"),
)
class MailRow:
    """A message to a person, by mail, inbox or both."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId | None, col.INDEXED] = None
    person_id: Annotated[col.PersonId | None, "inbox it also stands in"] = None
    address: Annotated[col.Personal200 | None, "empty: inbox only"] = None
    subject: col.Chars300
    text: col.PersonalText
    documents: col.Json = field(default_factory=list)
    effect_key: Annotated[col.Chars200, col.UNIQUE]
    queued_at: datetime
    sent_at: datetime | None = None
    read_at: datetime | None = None


@col.row("counter")
class CounterRow:
    """The number given last under a name."""

    name: Annotated[col.Chars200, col.PRIMARY]
    value: int


@col.row("heartbeat")
class HeartbeatRow:
    """When a worker of this installation last gave a sign of life."""

    name: Annotated[col.Chars40, col.PRIMARY]
    at: datetime


@col.row("hold")
class HoldRow:
    """The installation is on hold: one row, which goes when a person resumes it."""

    id: Annotated[int, col.PRIMARY] = 1
    reason: Annotated[col.Chars12, "restored, clock"]
    since: datetime
    seen: Annotated[col.Json, "restored: saved_at, cause, numbers, ballots, cases; jumps: pairs of expected and found"]
    version: Annotated[int, "grows with what is seen besides: a person resumes what they were shown"] = 1


@col.row("health_colour")
class HealthColourRow:
    """The colour of a check when it was last looked at, and the one that the administrators were told."""

    name: Annotated[col.Chars40, col.PRIMARY]
    colour: Annotated[int, "0 green, 1 yellow, 2 red"] = 0
    told: Annotated[int, "as colour"] = 0
    since: Annotated[datetime, "since when it has this colour"]
    telling_until: Annotated[datetime | None, "a process sends a message, or waits before it tries again"] = None


@col.row("installation")
class InstallationRow:
    """One row: what all processes of an installation share must bear the same marks."""

    id: Annotated[int, col.PRIMARY] = 1
    files: Annotated[col.Chars64, "the mark that the store of files bears"]
    keys: Annotated[col.Chars64, "the fingerprint of a secret in the folder of ballot keys"]
    made_at: datetime


@col.row("marked_request")
class MarkedRequestRow:
    """A request with the key its sender gave it, and how it was answered; without ``status`` it is not answered yet."""

    key: Annotated[col.Chars64, col.PRIMARY, "SHA-256 of sender, operation and the sender's key"]
    content: Annotated[col.Chars64, "keyed mark of what was sent"]
    status: int | None = None
    answer: Annotated[col.OptionalJson, "left out where it is told once"] = None
    at: Annotated[datetime, col.INDEXED]


@col.row("search_gram")
class SearchGramRow:
    """Two neighbouring characters of what a row is found by."""

    subject: Annotated[col.Chars12, col.PRIMARY, "a name of `SEARCHED`"]
    jurisdiction: Annotated[col.Chars60, col.PRIMARY, "* for what has none"]
    gram: Annotated[col.Chars2, col.PRIMARY]
    row_id: Annotated[col.Number, col.PRIMARY]


work_item = col.TABLES[WorkItemRow]
mail = col.TABLES[MailRow]
counter = col.TABLES[CounterRow]
heartbeat = col.TABLES[HeartbeatRow]
hold = col.TABLES[HoldRow]
health_colour = col.TABLES[HealthColourRow]
installation = col.TABLES[InstallationRow]
marked_request = col.TABLES[MarkedRequestRow]
search_gram = col.TABLES[SearchGramRow]
search_gram.dialect_options["sqlite"]["with_rowid"] = False
