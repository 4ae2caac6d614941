"""Heartbeats of workers, and holds of what a doubtful clock would let lapse.

Revision: 0018, after 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    op.create_table(
        "clock_hold",
        sa.Column("id", Key, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False, comment="jump, absence, backwards"),
        sa.Column(
            "expected_at", Instant, nullable=False, comment="what the clock should have said, or the last heartbeat"
        ),
        sa.Column("found_at", Instant, nullable=False, comment="what it said"),
        sa.Column("released_at", Instant, nullable=True),
        sa.Column("released_by", Key, nullable=True),
        sa.Column("reason", sa.String(300), nullable=False, comment="why it was confirmed"),
        sa.PrimaryKeyConstraint("id", name="pk_clock_hold"),
        sa.ForeignKeyConstraint(["released_by"], ["person.id"], name="fk_clock_hold_released_by"),
    )
    op.create_index("ix_clock_hold_released_at", "clock_hold", ["released_at"])


def downgrade() -> None:
    """Undo; the record of holds is lost."""
    op.drop_table("clock_hold")
    op.drop_table("heartbeat")
