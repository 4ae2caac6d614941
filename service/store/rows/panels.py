"""Expert review (专家评审): draws, panels, score sheets, results and appointments."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
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
    drawn_by: col.PersonId | None = None


expert_draw = col.table_of(
    DrawRow,
    "expert_draw",
    sa.UniqueConstraint("case_id", "stage", "number"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelRow:
    """A panel (评审组) of one stage; ``draw_id`` is the draw of the group that shares it, None: drawn for this case."""

    id: col.Id = 0
    jurisdiction: col.Chars60
    case_id: col.CaseId
    stage: col.Chars60
    state: Annotated[col.Chars12, "open, closed"] = "open"
    leader_id: col.PersonId | None = None
    settings: Annotated[col.Json, "edition, weights, cut-offs: as the stage opened"] = field(default_factory=dict)
    formed_at: datetime
    draw_id: Annotated[col.Number | None, "of the group that was drawn as one; empty: its own draw"] = None


panel = col.table_of(
    PanelRow,
    "panel",
    sa.UniqueConstraint("case_id", "stage"),
    col.partial_index("ix_panel_open", "jurisdiction", "stage", where="state = 'open'"),
    col.partial_index("ix_panel_group", "draw_id", where="draw_id is not null"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
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


panel_member = col.table_of(
    PanelMemberRow,
    "panel_member",
    sa.Index("ix_panel_member_person", "person_id", "panel_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelCaseRow:
    """An application that a panel reviews."""

    panel_id: Annotated[col.PanelId, col.PRIMARY]
    case_id: Annotated[col.CaseId, col.PRIMARY]
    body_id: Annotated[col.BodyId, "the applicant"]


panel_case = col.table_of(
    PanelCaseRow,
    "panel_case",
    sa.Index("ix_panel_case_case", "case_id", "panel_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
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


score_sheet = col.table_of(
    SheetRow,
    "score_sheet",
    sa.Index("ix_score_sheet_case", "case_id", "stage", "id"),
    sa.Index("ix_score_sheet_person", "person_id"),
    sa.Index("ix_score_sheet_task", "task_id"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageScoreRow:
    """What an application has in a stage."""

    case_id: Annotated[col.CaseId, col.PRIMARY]
    stage: Annotated[col.Chars60, col.PRIMARY]
    points: Annotated[col.Chars40, "exact, as numerator/denominator"]
    how: Annotated[col.Chars16, "mean, median, trimmed_mean, consensus"]
    details: Annotated[col.Json, "sheets, divergent items, points by category"] = field(default_factory=dict)
    at: datetime


stage_score = col.table_of(StageScoreRow, "stage_score")


@dataclass(frozen=True, slots=True, kw_only=True)
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
    made_by: col.PersonId | None = None


appointment = col.table_of(
    AppointmentRow,
    "appointment",
    sa.Index("ix_appointment_time", "jurisdiction", "starts_at", "id"),
)
