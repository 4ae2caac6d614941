"""Long work of the studio and what scenarios came to: kept where a restart does not lose them.

Revision: 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "studio_job",
        sa.Column("id", Key, nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, comment="the revision of the draft that it is about"),
        sa.Column("key", sa.String(80), nullable=False, comment="what it is about"),
        sa.Column("asked", Json, nullable=False, comment="what is needed to start it again"),
        sa.Column("person_id", Key, nullable=True),
        sa.Column(
            "state", sa.String(20), nullable=False, comment="waiting, running, done, failed, stopped, interrupted"
        ),
        sa.Column("stopping", sa.Boolean, nullable=False, comment="somebody wants it to end"),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("doing", Json, nullable=False),
        sa.Column("trouble", Json, nullable=True, comment="why it failed"),
        sa.Column("result", sa.LargeBinary, nullable=True, comment="compressed JSON"),
        sa.Column("process", sa.String(60), nullable=False, comment="the process of the program that does it"),
        sa.Column("begun_at", Instant, nullable=False),
        sa.Column(
            "beat_at",
            Instant,
            nullable=False,
            comment="the last sign of life of its process, by the clock of the machine",
        ),
        sa.Column("ended_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_studio_job"),
        sa.ForeignKeyConstraint(["draft_id"], ["package_draft.id"], name="fk_studio_job_draft_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_studio_job_person_id"),
    )
    op.create_index("ix_studio_job_key", "studio_job", ["draft_id", "key", "id"])
    op.create_index(
        "ix_studio_job_open",
        "studio_job",
        ["process"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "scenario_result",
        sa.Column("id", Key, nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("path", sa.String(300), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False, comment="the revision of the draft that was played"),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False, comment="SHA-256 of the file"),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("unmet", Json, nullable=False, comment="in words, in every language"),
        sa.Column("content", sa.LargeBinary, nullable=False, comment="compressed JSON"),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_scenario_result"),
        sa.ForeignKeyConstraint(["draft_id"], ["package_draft.id"], name="fk_scenario_result_draft_id"),
        sa.UniqueConstraint("draft_id", "path", name="uq_scenario_result_draft_id_path"),
    )


def downgrade() -> None:
    """Undo; what scenarios came to is lost until they are played again."""
    op.drop_table("scenario_result")
    op.drop_table("studio_job")
