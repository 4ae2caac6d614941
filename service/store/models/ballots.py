"""Ballots (表决): the roll, the urn, what was recused, and what was counted.

Nothing here ties a paper to a voter: the urn is one block per ballot, rewritten as a whole at every
cast, and the roll is written when the ballot opens, so that a mark changes a row and never adds one.
No time of a mark is kept.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotRow:
    """A ballot (表决) as it stands; ``urn`` is opaque."""

    id: col.Id = 0
    case_id: Annotated[col.CaseId, col.INDEXED]
    jurisdiction: col.Chars60
    box: Annotated[col.Chars32, col.UNIQUE, "name under which its keys are kept"]
    previous_id: Annotated[col.BallotId | None, "the ballot before it in its series"] = None
    process_id: col.Chars120
    element: col.Chars120
    title: col.Chars300
    clauses: col.Json = field(default_factory=list)
    role: Annotated[col.Chars60, "whose members vote"]
    units: Annotated[bool, "units vote, not persons"] = False
    voters: Annotated[str, "FEEL over voter: who makes it false may not vote, or not any more"] = "true"
    teller_role: Annotated[col.Chars60, "who enters papers of the hall"]
    rules: Annotated[col.Json, "the parameters as frozen at the opening"]
    candidates: Annotated[col.Json, "in the order drawn at the opening"]
    agenda: Annotated[col.Json, "what this ballot asks and what earlier ones settled"]
    after: Annotated[col.OptionalJson, "what stands after the count"] = None
    state: Annotated[col.Chars12, "open, closed, counted, void"] = "open"
    opened_at: datetime
    closes_at: Annotated[datetime | None, "empty: when all have voted"] = None
    issued: Annotated[int, "papers issued"]
    cast: Annotated[int, "papers handed in; that is all anybody may see"] = 0
    urn: Annotated[bytes | None, "encrypted, of fixed size; empty once counted, and in open ballots"] = None
    key_name: Annotated[col.Chars32 | None, "name of the key the urn is under"] = None
    old_key: Annotated[col.Chars32 | None, "name of the key before it, which must be gone"] = None
    sheet: Annotated[bytes | None, "first teller's tally of the hall, encrypted, until the second agrees"] = None
    sheet_by: col.PersonId | None = None


ballot = col.table_of(BallotRow, "ballot", sa.Index("ix_ballot_role", "role", "jurisdiction", "id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RollRow:
    """A member on the roll; ``state`` is 0 not voted, 1 voted on screen, 2 voted in the hall."""

    ballot_id: Annotated[col.BallotId, col.PRIMARY]
    number: Annotated[int, col.PRIMARY, "place on the roll, from 1"]
    person_id: Annotated[col.PersonId | None, "empty where units vote"] = None
    body_id: Annotated[col.BodyId | None, "the unit that votes"] = None
    name: col.Chars200
    weight: int
    receipt: Annotated[col.Chars12, "number that the member finds with the result"]
    state: Annotated[int, "0 not voted, 1 on screen, 2 in the hall"] = 0
    task_id: col.TaskId | None = None
    open_paper: Annotated[col.OptionalJson, "only in open ballots, which are voted by name"] = None


ballot_roll = col.table_of(RollRow, "ballot_roll")


@dataclass(frozen=True, slots=True, kw_only=True)
class BallotRecusalRow:
    """What a member takes no part in, and why."""

    ballot_id: Annotated[col.BallotId, col.PRIMARY]
    number: Annotated[int, col.PRIMARY, "place on the roll"]
    candidate: Annotated[col.Chars80, col.PRIMARY]
    reason: str
    declared: Annotated[bool, "by the member; otherwise found in the records"]


ballot_recusal = col.table_of(BallotRecusalRow, "ballot_recusal")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow:
    """What was counted."""

    ballot_id: Annotated[col.BallotId, col.PRIMARY]
    outcome: col.Json
    record: Annotated[col.Json, "everything needed to repeat the count"]
    fingerprint: Annotated[col.Chars64, "of the record; also in the case's history"]
    counted_at: datetime


ballot_result = col.table_of(ResultRow, "ballot_result")
