"""Expert review (专家评审), from the register of experts to sittings, and ballots (表决)."""

from dataclasses import field
from datetime import date, datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.models import columns as col


@col.row(
    "expert",
    sa.UniqueConstraint("jurisdiction", "person_id"),
    sa.Index("ix_expert_person_id", "person_id"),
    named=("专家", "expert"),
)
class ExpertRow:
    """A person on the register of experts; days are statutory dates, ``status`` invited, declined, active, suspended or disqualified."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    person_id: col.PersonId
    employer: col.Chars200
    employer_id: Annotated[col.BodyId | None, col.INDEXED, "where the employer is known as a body"] = None
    education: Annotated[col.Chars20, "doctor, master, bachelor, college, other"]
    practising_since: Annotated[date, "years of experience run from here"]
    sectors: col.Json = field(default_factory=list)
    qualifications: Annotated[col.Json, "titles and certificates"] = field(default_factory=list)
    term_from: date
    term_until: Annotated[date | None, "last day; empty: without end"] = None
    status: Annotated[col.Chars14, "active, suspended, disqualified"] = "active"
    status_reason: str = ""
    status_until: Annotated[date | None, "last day of a suspension or disqualification; empty: without end"] = None
    version: int = 1
    created_at: datetime
    changed_at: datetime
    place: Annotated[
        col.Chars100, {"server_default": ""}, "where they work, as the office writes it; empty: not known"
    ] = ""


@col.row("training")
class TrainingRow:
    """A training an expert took part in."""

    id: col.Id = 0
    expert_id: Annotated[col.ExpertId, col.INDEXED]
    title: col.Chars200
    held_on: date
    hours: int | None = None
    valid_until: Annotated[date | None, "last day; empty: as the city says"] = None


@col.row("expert_change")
class ExpertChangeRow:
    """A line of the register's history."""

    id: col.Id = 0
    expert_id: Annotated[col.ExpertId, col.INDEXED]
    at: datetime
    actor: col.Chars200
    person_id: col.PersonId | None = None
    action: col.Chars40
    text: str
    data: col.Json = field(default_factory=dict)


@col.row("interest")
class InterestRow:
    """What ties a person to an organisation; ``source`` is record, declared or challenged."""

    id: col.Id = 0
    person_id: Annotated[col.PersonId, col.INDEXED]
    body_id: Annotated[col.BodyId, col.INDEXED]
    kind: Annotated[col.Chars20, "employment, shareholding, kinship, paid_work, other"]
    from_day: date | None = None
    last_day: Annotated[date | None, "empty: still so"] = None
    source: Annotated[col.Chars12, "record, declared, challenged"]
    text: str = ""
    case_id: Annotated[col.CaseId | None, "where it was declared"] = None
    noted_at: datetime


@col.row(
    "recusal",
    sa.Index("ix_recusal_person", "person_id", "id"),
    col.partial_index(
        "ix_recusal_live", "jurisdiction", "person_id", "body_id", where="lifted_at is null", unique=True
    ),
    sa.Index("ix_recusal_of_body", "body_id"),
    col.partial_index("ix_recusal_body", "body_id", where="lifted_at is null"),
    named=("回避记录", "recusal"),
)
class RecusalRow:
    """A person kept away from everything about an organisation, until lifted."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    person_id: col.PersonId
    body_id: Annotated[col.BodyId, "organisation the person keeps away from"]
    case_id: Annotated[col.CaseId, col.INDEXED, "where it was decided"]
    reason: str
    source: Annotated[col.Chars12, "record, declared, challenged"]
    clauses: col.Json = field(default_factory=list)
    decided_by: col.PersonId | None = None
    decided_at: datetime
    lifted_at: datetime | None = None
    lifted_reason: str | None = None


@col.row("expert_draw", sa.UniqueConstraint("case_id", "stage", "number"), named=("抽取记录", "draw"))
class DrawRow:
    """A draw with everything needed to repeat it."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    case_id: Annotated[col.CaseId, col.INDEXED]
    stage: col.Chars60
    number: Annotated[int, "1 is the draw, later ones are replacements"]
    method: Annotated[col.Chars16, "random_draw, office_choice"]
    seed: col.Chars64
    seed_source: Annotated[col.Json, "public facts from which anybody computes the seed"]
    pool: Annotated[col.Json, "the pool as it was: id, name, sectors, body, unfit"]
    rules: Annotated[col.Json, "places, odd, sector, taken, conflicts …"]
    result: Annotated[col.Json, "chosen, reserve, passed over and why"]
    reason: Annotated[str, "why somebody is replaced"] = ""
    fingerprint: Annotated[col.Chars64, "SHA-256 of all of this"]
    drawn_at: datetime


@col.row(
    "panel",
    sa.UniqueConstraint("case_id", "stage"),
    col.partial_index("ix_panel_open", "jurisdiction", "stage", where="state = 'open'"),
)
class PanelRow:
    """A panel (评审组) of one stage."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    case_id: col.CaseId
    stage: col.Chars60
    state: Annotated[col.Chars12, "open, closed"] = "open"
    leader_id: col.PersonId | None = None
    settings: Annotated[col.Json, "edition, weights, cut-offs: as the stage opened"] = field(default_factory=dict)


@col.row("panel_member", sa.Index("ix_panel_member_person", "person_id", "panel_id"))
class PanelMemberRow:
    """A member of a panel, those who left too."""

    panel_id: Annotated[col.PanelId, col.PRIMARY]
    person_id: Annotated[col.PersonId, col.PRIMARY]
    expert_id: col.ExpertId | None = None
    draw_id: col.DrawId
    state: Annotated[col.Chars14, "active, recused, replaced, disqualified"] = "active"
    reason: str = ""
    since: datetime
    until: datetime | None = None


@col.row("panel_case", sa.Index("ix_panel_case_case", "case_id", "panel_id"))
class PanelCaseRow:
    """An application that a panel reviews."""

    panel_id: Annotated[col.PanelId, col.PRIMARY]
    case_id: Annotated[col.CaseId, col.PRIMARY]
    body_id: Annotated[col.BodyId, "the applicant"]


@col.row(
    "score_sheet",
    sa.Index("ix_score_sheet_case", "case_id", "stage", "id"),
    sa.Index("ix_score_sheet_person", "person_id"),
    sa.Index("ix_score_sheet_task", "task_id"),
)
class SheetRow:
    """A score sheet as submitted; ``points`` is an exact fraction as text."""

    id: col.Id = 0
    case_id: col.CaseId
    stage: col.Chars60
    person_id: col.PersonId
    task_id: col.TaskId | None = None
    kind: Annotated[col.Chars12, "own, consensus"]
    edition: col.Chars60
    scores: Annotated[col.Json, "item → percent, strengths, improvements, reason"]
    points: Annotated[col.Chars40, "exact, as numerator/denominator"]
    state: Annotated[col.Chars12, "valid, dropped, conflict, taken_back"] = "valid"
    reason: str = ""
    at: datetime


@col.row("stage_score")
class StageScoreRow:
    """What an application has in a stage."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    stage: Annotated[col.Chars60, col.PRIMARY]
    points: Annotated[col.Chars40, "exact, as numerator/denominator"]
    how: Annotated[col.Chars16, "mean, median, trimmed_mean, consensus"]
    details: Annotated[col.Json, "sheets, divergent items, points by category"] = field(default_factory=dict)
    at: datetime


@col.row(
    "appointment", sa.Index("ix_appointment_time", "jurisdiction", "starts_at", "id"), named=("安排", "appointment")
)
class AppointmentRow:
    """A defence or a visit."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    case_id: Annotated[col.CaseId, col.INDEXED]
    panel_id: col.PanelId | None = None
    stage: col.Chars60
    body_id: Annotated[col.BodyId, "the applicant"]
    room: Annotated[col.Chars200, "room, or the place of a visit"]
    starts_at: datetime
    ends_at: datetime
    people: Annotated[col.Json, "person ids of who has to be there"] = field(default_factory=list)
    state: Annotated[col.Chars12, "planned, cancelled"] = "planned"
    note: str = ""
    version: int = 1
    made_at: datetime


@col.row(
    "sitting",
    col.partial_index("ix_sitting_called", "jurisdiction", "starts_at", where="state = 'called'"),
    named=("会议", "sitting"),
)
class SittingRow:
    """A sitting about a case; nothing of the procedure follows from it."""

    id: col.Id = 0
    version: Annotated[int, "counts its changes"] = 1
    jurisdiction: col.Chars60
    case_id: Annotated[col.CaseId, col.INDEXED]
    role: Annotated[col.Chars60, "whose holders are called"]
    title: col.Chars300
    room: col.Chars200
    starts_at: datetime
    agenda: Annotated[col.Json, "its points in order, as texts"] = field(default_factory=list)
    papers: Annotated[col.Json, "numbers of the documents laid before it, in order"] = field(default_factory=list)
    words: Annotated[str, "what was said and decided, for the minutes"] = ""
    state: Annotated[col.Chars12, "called, closed, cancelled"] = "called"
    made_at: datetime
    closed_at: datetime | None = None


@col.row("sitting_member")
class SittingMemberRow:
    """Somebody who is called to a sitting, and whether they came."""

    sitting_id: Annotated[int, col.refer_to_column("sitting.id"), col.PRIMARY]
    person_id: Annotated[col.PersonId, col.PRIMARY, col.INDEXED]
    name: col.Chars200
    body: col.Chars200
    state: Annotated[col.Chars12, "called, present, excused"] = "called"
    at: Annotated[datetime | None, "when that was said"] = None
    by_office: Annotated[bool, "the office noted it"] = False


@col.row("ballot", sa.Index("ix_ballot_role", "role", "jurisdiction", "id"), named=("表决", "ballot"))
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


@col.row("ballot_roll")
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


@col.row("ballot_recusal")
class BallotRecusalRow:
    """What a member takes no part in, and why."""

    ballot_id: Annotated[col.BallotId, col.PRIMARY]
    number: Annotated[int, col.PRIMARY, "place on the roll"]
    candidate: Annotated[col.Chars80, col.PRIMARY]
    reason: str
    declared: Annotated[bool, "by the member; otherwise found in the records"]


@col.row("ballot_result")
class ResultRow:
    """What was counted."""

    ballot_id: Annotated[col.BallotId, col.PRIMARY]
    outcome: col.Json
    record: Annotated[col.Json, "everything needed to repeat the count"]
    fingerprint: Annotated[col.Chars64, "of the record; also in the case's history"]
    counted_at: datetime


expert = col.TABLES[ExpertRow]
training = col.TABLES[TrainingRow]
expert_change = col.TABLES[ExpertChangeRow]
interest = col.TABLES[InterestRow]
recusal = col.TABLES[RecusalRow]
expert_draw = col.TABLES[DrawRow]
panel = col.TABLES[PanelRow]
panel_member = col.TABLES[PanelMemberRow]
panel_case = col.TABLES[PanelCaseRow]
score_sheet = col.TABLES[SheetRow]
stage_score = col.TABLES[StageScoreRow]
appointment = col.TABLES[AppointmentRow]
sitting = col.TABLES[SittingRow]
sitting_member = col.TABLES[SittingMemberRow]
ballot = col.TABLES[BallotRow]
ballot_roll = col.TABLES[RollRow]
ballot_recusal = col.TABLES[BallotRecusalRow]
ballot_result = col.TABLES[ResultRow]
