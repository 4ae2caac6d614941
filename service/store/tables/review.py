"""Expert review (专家评审): the register of experts, draws, panels, recusals, sheets, results, appointments."""

import sqlalchemy as sa

from service.store.tables.base import metadata, partial_index
from service.store.types import Instant, Json, Key

expert = sa.Table(
    "expert",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("employer", sa.String(200), nullable=False),
    sa.Column("employer_id", sa.ForeignKey("body.id"), index=True, comment="where the employer is known as a body"),
    sa.Column("education", sa.String(20), nullable=False, comment="doctor, master, bachelor, college, other"),
    sa.Column("practising_since", sa.Date, nullable=False, comment="years of experience run from here"),
    sa.Column("sectors", Json, nullable=False, default=list),
    sa.Column("qualifications", Json, nullable=False, default=list, comment="titles and certificates"),
    sa.Column("term_from", sa.Date, nullable=False),
    sa.Column("term_until", sa.Date, comment="last day; empty: without end"),
    sa.Column("status", sa.String(14), nullable=False, default="active", comment="active, suspended, disqualified"),
    sa.Column("status_reason", sa.Text, nullable=False, default=""),
    sa.Column("status_on", sa.Date),
    sa.Column("status_until", sa.Date, comment="last day of a suspension or disqualification; empty: without end"),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("changed_at", Instant, nullable=False),
    sa.Column(
        "place",
        sa.String(100),
        nullable=False,
        default="",
        server_default="",
        comment="where they work, as the office writes it; empty: not known",
    ),
    sa.UniqueConstraint("jurisdiction", "person_id"),
    sa.Index("ix_expert_person_id", "person_id"),
)

training = sa.Table(
    "training",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("expert_id", sa.ForeignKey("expert.id"), nullable=False, index=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("held_on", sa.Date, nullable=False),
    sa.Column("hours", sa.Integer),
    sa.Column("valid_until", sa.Date, comment="last day; empty: as the city says"),
)

expert_change = sa.Table(
    "expert_change",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("expert_id", sa.ForeignKey("expert.id"), nullable=False, index=True),
    sa.Column("at", Instant, nullable=False),
    sa.Column("actor", sa.String(200), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id")),
    sa.Column("action", sa.String(40), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("data", Json, nullable=False, default=dict),
    comment="what was changed in the register of experts, by whom and why; never changed",
)

interest = sa.Table(
    "interest",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False, index=True),
    sa.Column("body_id", sa.ForeignKey("body.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(20), nullable=False, comment="employment, shareholding, kinship, paid_work, other"),
    sa.Column("from_day", sa.Date),
    sa.Column("last_day", sa.Date, comment="empty: still so"),
    sa.Column("source", sa.String(12), nullable=False, comment="record, declared, challenged"),
    sa.Column("text", sa.Text, nullable=False, default=""),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), comment="where it was declared"),
    sa.Column("noted_at", Instant, nullable=False),
)

recusal = sa.Table(
    "recusal",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id"), nullable=False, comment="organisation the person keeps away from"),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True, comment="where it was decided"),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("source", sa.String(12), nullable=False, comment="record, declared, challenged"),
    sa.Column("clauses", Json, nullable=False, default=list),
    sa.Column("decided_by", sa.ForeignKey("person.id")),
    sa.Column("decided_at", Instant, nullable=False),
    sa.Column("lifted_at", Instant),
    sa.Column("lifted_reason", sa.Text),
    sa.Index("ix_recusal_person", "person_id", "id"),
    partial_index("ix_recusal_live", "jurisdiction", "person_id", "body_id", where="lifted_at is null", unique=True),
    partial_index("ix_recusal_body", "body_id", where="lifted_at is null"),
)

expert_draw = sa.Table(
    "expert_draw",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True),
    sa.Column("stage", sa.String(60), nullable=False),
    sa.Column("number", sa.Integer, nullable=False, comment="1 is the draw, later ones are replacements"),
    sa.Column("method", sa.String(16), nullable=False, comment="random_draw, office_choice"),
    sa.Column("seed", sa.String(64), nullable=False),
    sa.Column("seed_source", Json, nullable=False, comment="public facts from which anybody computes the seed"),
    sa.Column("pool", Json, nullable=False, comment="the pool as it was: id, name, sectors, body, unfit"),
    sa.Column("rules", Json, nullable=False, comment="places, odd, sector, taken, conflicts …"),
    sa.Column("result", Json, nullable=False, comment="chosen, reserve, passed over and why"),
    sa.Column("reason", sa.Text, nullable=False, default="", comment="why somebody is replaced"),
    sa.Column("fingerprint", sa.String(64), nullable=False, comment="SHA-256 of all of this"),
    sa.Column("drawn_at", Instant, nullable=False),
    sa.Column("drawn_by", sa.ForeignKey("person.id")),
    sa.UniqueConstraint("case_id", "stage", "number"),
)

panel = sa.Table(
    "panel",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False),
    sa.Column("stage", sa.String(60), nullable=False),
    sa.Column("state", sa.String(12), nullable=False, default="open", comment="open, closed"),
    sa.Column("leader_id", sa.ForeignKey("person.id")),
    sa.Column(
        "settings", Json, nullable=False, default=dict, comment="edition, weights, cut-offs: as the stage opened"
    ),
    sa.Column("formed_at", Instant, nullable=False),
    sa.Column("draw_id", Key, comment="of the group that was drawn as one; empty: its own draw"),
    sa.UniqueConstraint("case_id", "stage"),
    partial_index("ix_panel_open", "jurisdiction", "stage", where="state = 'open'"),
    partial_index("ix_panel_group", "draw_id", where="draw_id is not null"),
)

panel_member = sa.Table(
    "panel_member",
    metadata,
    sa.Column("panel_id", sa.ForeignKey("panel.id"), primary_key=True),
    sa.Column("person_id", sa.ForeignKey("person.id"), primary_key=True),
    sa.Column("expert_id", sa.ForeignKey("expert.id")),
    sa.Column("draw_id", sa.ForeignKey("expert_draw.id"), nullable=False),
    sa.Column(
        "state", sa.String(14), nullable=False, default="active", comment="active, recused, replaced, disqualified"
    ),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("since", Instant, nullable=False),
    sa.Column("until", Instant),
    sa.Index("ix_panel_member_person", "person_id", "panel_id"),
)

panel_case = sa.Table(
    "panel_case",
    metadata,
    sa.Column("panel_id", sa.ForeignKey("panel.id"), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), primary_key=True),
    sa.Column("body_id", sa.ForeignKey("body.id"), nullable=False, comment="the applicant"),
    sa.Index("ix_panel_case_case", "case_id", "panel_id"),
)

score_sheet = sa.Table(
    "score_sheet",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False),
    sa.Column("stage", sa.String(60), nullable=False),
    sa.Column("person_id", sa.ForeignKey("person.id"), nullable=False),
    sa.Column("task_id", sa.ForeignKey("task.id")),
    sa.Column("kind", sa.String(12), nullable=False, comment="own, consensus"),
    sa.Column("edition", sa.String(60), nullable=False),
    sa.Column("scores", Json, nullable=False, comment="item → percent, strengths, improvements, reason"),
    sa.Column("points", sa.String(40), nullable=False, comment="exact, as numerator/denominator"),
    sa.Column("state", sa.String(12), nullable=False, default="valid", comment="valid, dropped, conflict, taken_back"),
    sa.Column("reason", sa.Text, nullable=False, default=""),
    sa.Column("at", Instant, nullable=False),
    sa.Index("ix_score_sheet_case", "case_id", "stage", "id"),
    sa.Index("ix_score_sheet_person", "person_id"),
    sa.Index("ix_score_sheet_task", "task_id"),
)

stage_score = sa.Table(
    "stage_score",
    metadata,
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), primary_key=True),
    sa.Column("stage", sa.String(60), primary_key=True),
    sa.Column("points", sa.String(40), nullable=False, comment="exact, as numerator/denominator"),
    sa.Column("how", sa.String(16), nullable=False, comment="mean, median, trimmed_mean, consensus"),
    sa.Column("details", Json, nullable=False, default=dict, comment="sheets, divergent items, points by category"),
    sa.Column("at", Instant, nullable=False),
)

appointment = sa.Table(
    "appointment",
    metadata,
    sa.Column("id", Key, primary_key=True),
    sa.Column("jurisdiction", sa.String(60), nullable=False),
    sa.Column("case_id", sa.ForeignKey("case_instance.id"), nullable=False, index=True),
    sa.Column("panel_id", sa.ForeignKey("panel.id")),
    sa.Column("stage", sa.String(60), nullable=False),
    sa.Column("body_id", sa.ForeignKey("body.id"), nullable=False, comment="the applicant"),
    sa.Column("room", sa.String(200), nullable=False, comment="room, or the place of a visit"),
    sa.Column("starts_at", Instant, nullable=False),
    sa.Column("ends_at", Instant, nullable=False),
    sa.Column("people", Json, nullable=False, default=list, comment="person ids of who has to be there"),
    sa.Column("state", sa.String(12), nullable=False, default="planned", comment="planned, cancelled"),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("version", sa.Integer, nullable=False, default=1),
    sa.Column("made_at", Instant, nullable=False),
    sa.Column("made_by", sa.ForeignKey("person.id")),
    sa.Index("ix_appointment_time", "jurisdiction", "starts_at", "id"),
)
