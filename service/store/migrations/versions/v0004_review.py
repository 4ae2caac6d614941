"""Expert review: experts, draws, panels, recusals, sheets, results, appointments; tasks for one person alone.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "expert",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("employer", sa.String(length=200), nullable=False),
        sa.Column("employer_id", Key, nullable=True, comment="where the employer is known as a body"),
        sa.Column(
            "education", sa.String(length=20), nullable=False, comment="doctor, master, bachelor, college, other"
        ),
        sa.Column("practising_since", sa.Date(), nullable=False, comment="years of experience run from here"),
        sa.Column("sectors", Json, nullable=False),
        sa.Column("qualifications", Json, nullable=False, comment="titles and certificates"),
        sa.Column("term_from", sa.Date(), nullable=False),
        sa.Column("term_until", sa.Date(), nullable=True, comment="last day; empty: without end"),
        sa.Column("status", sa.String(length=14), nullable=False, comment="active, suspended, disqualified"),
        sa.Column("status_reason", sa.Text(), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column(
            "status_until",
            sa.Date(),
            nullable=True,
            comment="last day of a suspension or disqualification; empty: without end",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["body.id"], name=op.f("fk_expert_employer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert")),
        sa.UniqueConstraint("jurisdiction", "person_id", name=op.f("uq_expert_jurisdiction_person_id")),
    )
    op.create_index(op.f("ix_expert_employer_id"), "expert", ["employer_id"], unique=False)
    op.create_index("ix_expert_person_id", "expert", ["person_id"], unique=False)
    op.create_table(
        "expert_change",
        sa.Column("id", Key, nullable=False),
        sa.Column("expert_id", Key, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_expert_change_expert_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_expert_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_change")),
        comment="what was changed in the register of experts, by whom and why; never changed",
    )
    op.create_index(op.f("ix_expert_change_expert_id"), "expert_change", ["expert_id"], unique=False)
    op.create_table(
        "expert_draw",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="1 is the draw, later ones are replacements"),
        sa.Column("method", sa.String(length=16), nullable=False, comment="random_draw, office_choice"),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("seed_source", Json, nullable=False, comment="public facts from which anybody computes the seed"),
        sa.Column("pool", Json, nullable=False, comment="the pool as it was: id, name, sectors, body, unfit"),
        sa.Column("rules", Json, nullable=False, comment="places, odd, sector, taken, conflicts …"),
        sa.Column("result", Json, nullable=False, comment="chosen, reserve, passed over and why"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why somebody is replaced"),
        sa.Column("fingerprint", sa.String(length=64), nullable=False, comment="SHA-256 of all of this"),
        sa.Column("drawn_at", Instant(), nullable=False),
        sa.Column("drawn_by", Key, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_expert_draw_case_id")),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_expert_draw_drawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expert_draw")),
        sa.UniqueConstraint("case_id", "stage", "number", name=op.f("uq_expert_draw_case_id_stage_number")),
    )
    op.create_index(op.f("ix_expert_draw_case_id"), "expert_draw", ["case_id"], unique=False)
    op.create_table(
        "interest",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("body_id", Key, nullable=False),
        sa.Column(
            "kind", sa.String(length=20), nullable=False, comment="employment, shareholding, kinship, paid_work, other"
        ),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True, comment="empty: still so"),
        sa.Column("source", sa.String(length=12), nullable=False, comment="record, declared, challenged"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("case_id", Key, nullable=True, comment="where it was declared"),
        sa.Column("noted_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_interest_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_interest_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    op.create_index(op.f("ix_interest_body_id"), "interest", ["body_id"], unique=False)
    op.create_index(op.f("ix_interest_person_id"), "interest", ["person_id"], unique=False)
    op.create_table(
        "panel",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False, comment="open, closed"),
        sa.Column("leader_id", Key, nullable=True),
        sa.Column("settings", Json, nullable=False, comment="edition, weights, cut-offs: as the stage opened"),
        sa.Column("formed_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_panel_case_id")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_panel_leader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel")),
        sa.UniqueConstraint("case_id", "stage", name=op.f("uq_panel_case_id_stage")),
    )
    op.create_table(
        "recusal",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("body_id", Key, nullable=False, comment="organisation the person keeps away from"),
        sa.Column("case_id", Key, nullable=False, comment="where it was decided"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False, comment="record, declared, challenged"),
        sa.Column("clauses", Json, nullable=False),
        sa.Column("decided_by", Key, nullable=True),
        sa.Column("decided_at", Instant(), nullable=False),
        sa.Column("lifted_at", Instant(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_recusal_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_recusal_case_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_recusal_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recusal_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recusal")),
    )
    op.create_index(
        "ix_recusal_body",
        "recusal",
        ["body_id"],
        unique=False,
        sqlite_where=sa.text("lifted_at is null"),
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_index(op.f("ix_recusal_case_id"), "recusal", ["case_id"], unique=False)
    op.create_index(
        "ix_recusal_live",
        "recusal",
        ["person_id", "body_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at is null"),
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_table(
        "stage_score",
        sa.Column("case_id", Key, nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("points", sa.String(length=40), nullable=False, comment="exact, as numerator/denominator"),
        sa.Column("how", sa.String(length=16), nullable=False, comment="mean, median, trimmed_mean, consensus"),
        sa.Column("details", Json, nullable=False, comment="sheets, divergent items, points by category"),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_stage_score_case_id")),
        sa.PrimaryKeyConstraint("case_id", "stage", name=op.f("pk_stage_score")),
    )
    op.create_table(
        "training",
        sa.Column("id", Key, nullable=False),
        sa.Column("expert_id", Key, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True, comment="last day; empty: as the city says"),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_training_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training")),
    )
    op.create_index(op.f("ix_training_expert_id"), "training", ["expert_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", Key, nullable=False),
        sa.Column("jurisdiction", sa.String(length=60), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("panel_id", Key, nullable=True),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("body_id", Key, nullable=False, comment="the applicant"),
        sa.Column("room", sa.String(length=200), nullable=False, comment="room, or the place of a visit"),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("people", Json, nullable=False, comment="person ids of who has to be there"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="planned, cancelled"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", Key, nullable=True),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_appointment_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_appointment_case_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_appointment_made_by")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_appointment_panel_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index(op.f("ix_appointment_case_id"), "appointment", ["case_id"], unique=False)
    op.create_index("ix_appointment_time", "appointment", ["jurisdiction", "starts_at", "id"], unique=False)
    op.create_table(
        "panel_case",
        sa.Column("panel_id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("body_id", Key, nullable=False, comment="the applicant"),
        sa.ForeignKeyConstraint(["body_id"], ["body.id"], name=op.f("fk_panel_case_body_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_panel_case_case_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_panel_case_panel_id")),
        sa.PrimaryKeyConstraint("panel_id", "case_id", name=op.f("pk_panel_case")),
    )
    op.create_index("ix_panel_case_case", "panel_case", ["case_id", "panel_id"], unique=False)
    op.create_table(
        "panel_member",
        sa.Column("panel_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("expert_id", Key, nullable=True),
        sa.Column("draw_id", Key, nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False, comment="active, recused, replaced, disqualified"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("until", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["expert_draw.id"], name=op.f("fk_panel_member_draw_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["expert.id"], name=op.f("fk_panel_member_expert_id")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("fk_panel_member_panel_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_member_person_id")),
        sa.PrimaryKeyConstraint("panel_id", "person_id", name=op.f("pk_panel_member")),
    )
    op.create_index("ix_panel_member_person", "panel_member", ["person_id", "panel_id"], unique=False)
    op.create_table(
        "score_sheet",
        sa.Column("id", Key, nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("task_id", Key, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False, comment="own, consensus"),
        sa.Column("edition", sa.String(length=60), nullable=False),
        sa.Column("scores", Json, nullable=False, comment="item → percent, strengths, improvements, reason"),
        sa.Column("points", sa.String(length=40), nullable=False, comment="exact, as numerator/denominator"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="valid, dropped, conflict, taken_back"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name=op.f("fk_score_sheet_case_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_score_sheet_person_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_score_sheet_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
    )
    op.create_index("ix_score_sheet_case", "score_sheet", ["case_id", "stage", "id"], unique=False)
    op.create_index("ix_score_sheet_person", "score_sheet", ["person_id"], unique=False)
    op.create_index("ix_score_sheet_task", "score_sheet", ["task_id"], unique=False)
    op.add_column(
        "task",
        sa.Column(
            "personal",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="for the assignee alone: nobody else of the role sees it, it cannot be handed on",
        ),
    )
