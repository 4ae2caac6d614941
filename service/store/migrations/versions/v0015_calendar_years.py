"""Years of the working calendar typed here, and seasons that are being recorded.

Revision: 0015, after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "calendar_year",
        sa.Column("id", Key, nullable=False),
        sa.Column("layer", sa.String(60), nullable=False, comment="cn, cn-xinjiang"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False, comment="proposed, in_force, returned, withdrawn"),
        sa.Column("title", sa.String(300), nullable=False, comment="of the source document"),
        sa.Column("number", sa.String(100), nullable=False),
        sa.Column("issued", sa.String(20), nullable=False, comment="an ISO date, or empty"),
        sa.Column("text", sa.Text, nullable=False, comment="the document as it was pasted"),
        sa.Column("content", sa.Text, nullable=False, comment="the file of the year"),
        sa.Column("working_days", sa.Integer, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("details", Json, nullable=True, comment="who decided and who withdrew, when, what they said"),
        sa.PrimaryKeyConstraint("id", name="pk_calendar_year"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_calendar_year_person_id"),
    )
    op.create_index("ix_calendar_year_state", "calendar_year", ["state", "layer", "year"])
    op.create_table(
        "recording",
        sa.Column("id", Key, nullable=False),
        sa.Column("draft_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("script", sa.Text, nullable=False, comment="the scenario as it stands"),
        sa.Column("version", sa.String(64), nullable=False, comment="of the draft when it was begun"),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_recording"),
        sa.ForeignKeyConstraint(["draft_id"], ["package_draft.id"], name="fk_recording_draft_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_recording_person_id"),
        sa.UniqueConstraint("draft_id", "person_id", name="uq_recording_draft_id_person_id"),
    )


def downgrade() -> None:
    """Undo; years typed here and what is being recorded are lost."""
    op.drop_table("recording")
    op.drop_table("calendar_year")
