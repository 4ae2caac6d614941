"""The book of acts: what people did beside cases, and from where."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
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


act = col.table_of(
    ActRow,
    "act",
    sa.UniqueConstraint("chain", "seq"),
    sa.Index("ix_act_place", "jurisdiction", "id"),
    sa.Index("ix_act_person", "person_id", "id"),
    col.partial_index("ix_act_rows", "id", where="logged is not null"),
    comment="append-only",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActHeadRow:
    """How far a chain of acts has come: who cuts its end off must change this too."""

    chain: Annotated[col.Chars20, col.PRIMARY]
    seq: int
    hash: col.Chars64


act_head = col.table_of(ActHeadRow, "act_head")
