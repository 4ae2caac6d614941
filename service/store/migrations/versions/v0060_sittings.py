"""Sittings of committees, and who came.

Revision: 0060, after 0059.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json, Key

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "sitting",
        sa.Column("id", Key, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, comment="counts its changes"),
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("case_id", Key, nullable=False),
        sa.Column("role", sa.String(60), nullable=False, comment="whose holders are called"),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("room", sa.String(200), nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("agenda", Json, nullable=False, comment="its points in order, as texts"),
        sa.Column("words", sa.Text, nullable=False, comment="what was said and decided, for the minutes"),
        sa.Column("state", sa.String(12), nullable=False, comment="called, closed, cancelled"),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("made_by", Key, nullable=False),
        sa.Column("closed_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sitting"),
        sa.ForeignKeyConstraint(["case_id"], ["case_instance.id"], name="fk_sitting_case_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_sitting_made_by"),
        comment="sittings of committees about a case",
    )
    op.create_index("ix_sitting_case_id", "sitting", ["case_id"])
    op.create_table(
        "sitting_member",
        sa.Column("sitting_id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("body", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False, comment="called, present, excused"),
        sa.Column("at", Instant, nullable=True, comment="when that was said"),
        sa.Column("by_office", sa.Boolean, nullable=False, comment="the office noted it"),
        sa.PrimaryKeyConstraint("sitting_id", "person_id", name="pk_sitting_member"),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name="fk_sitting_member_sitting_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_sitting_member_person_id"),
        comment="who is called to a sitting, and who came",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("sitting_member")
    op.drop_table("sitting")
