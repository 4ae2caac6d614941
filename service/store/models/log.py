"""The log: the history of cases with their incidents, and the acts of people beside cases."""

from dataclasses import field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@col.row(
    "audit",
    sa.UniqueConstraint("case_id", "seq"),
    col.partial_index("ix_audit_beside", "id", where="beside is not null"),
    col.partial_index("ix_audit_below", "below", where="below is not null"),
)
class AuditRow:
    """What happened in a case; ``hash`` chains to ``previous``."""

    id: col.Id = 0
    case_id: col.CaseId
    seq: int
    at: datetime
    actor: Annotated[col.Chars200, "who, in words; system where nobody"]
    person_id: int | None = None
    action: col.Chars60
    element: col.Chars120 | None = None
    text: str
    data: col.Json = field(default_factory=dict)
    previous: col.Chars64
    hash: col.Chars64
    salts: Annotated[col.OptionalJson, "of the hashes of rows in data; erased with the content of a row"] = None
    changed: Annotated[col.OptionalPersonalJson, "changes of facts that came with it; their digest is in data"] = None
    beside: Annotated[int | None, "how many decisive rows that belong to no case the data tell of; empty: none"] = None
    below: Annotated[int | None, "of the first event: the case below which this one was begun"] = None


@col.row(
    "incident",
    col.partial_index("ix_incident_work_item", "work_item_id", where="resolved_at is null"),
    col.partial_index("ix_incident_open", "id", where="resolved_at is null"),
    col.partial_index("ix_incident_cause", "jurisdiction", "cause", "id", where="resolved_at is null"),
    named=("异常", "incident"),
)
class IncidentRow:
    """What went wrong, and what to do."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    case_id: Annotated[col.CaseId | None, col.INDEXED] = None
    work_item_id: col.Number | None = None
    engine_id: col.Chars36 | None = None
    element: col.Chars120 | None = None
    kind: col.Chars40
    what: Annotated[col.PersonalJson, "zh, en: what happened"]
    consequence: Annotated[col.PersonalJson, "zh, en: what it holds up"]
    remedy: Annotated[col.PersonalJson, "zh, en: what to do"]
    detail: Annotated[col.PersonalText, "for the programmer"] = ""
    since: datetime
    count: int = 1
    resolved_at: datetime | None = None
    cause: Annotated[col.Chars200, {"server_default": ""}, "what incidents that one remedy settles have in common"] = ""
    settled: Annotated[col.Chars300, {"server_default": ""}, "how it was settled, where it was not by itself"] = ""
    handed_to: int | None = None
    handed_note: Annotated[col.Chars300, {"server_default": ""}, "what whoever hands it over says"] = ""
    queued_at: Annotated[datetime | None, "since when its work is queued again; empty: it is not"] = None


@col.row(
    "act",
    sa.UniqueConstraint("chain", "seq"),
    sa.Index("ix_act_place", "jurisdiction", "id"),
    sa.Index("ix_act_person", "person_id", "id"),
    col.partial_index("ix_act_rows", "id", where="logged is not null"),
)
class ActRow:
    """What somebody did, or was refused; ``hash`` chains to ``previous`` within its ``chain``."""

    id: col.Id = 0
    chain: Annotated[col.Chars20, "the kind of act"]
    seq: Annotated[int, "counts the acts of a chain"]
    at: datetime
    jurisdiction: Annotated[col.Chars60, "where; * for the installation"]
    actor: Annotated[col.Chars200, "who, in words; system where nobody"]
    person_id: int | None = None
    origin: Annotated[col.Chars80, "address of the request, or the account of the machine"] = ""
    action: Annotated[col.Chars60, "action of the guard"]
    about: Annotated[col.Chars300, "whom or what it concerns, in words"] = ""
    outcome: Annotated[col.Chars40, "done, or the code of the refusal"] = "done"
    data: Annotated[col.Json, "before, after, reason, ground"] = field(default_factory=dict)
    previous: col.Chars64
    hash: col.Chars64
    salts: Annotated[col.OptionalJson, "of the hashes of rows in data; erased with the content of a row"] = None
    logged: Annotated[int | None, "how many decisive rows the data tell of; empty: none"] = None


@col.row("act_head")
class ActHeadRow:
    """How far a chain of acts has come: who cuts its end off must change this too."""

    chain: Annotated[col.Chars20, col.PRIMARY]
    seq: int
    hash: col.Chars64


audit = col.TABLES[AuditRow]
incident = col.TABLES[IncidentRow]
act = col.TABLES[ActRow]
act_head = col.TABLES[ActHeadRow]
