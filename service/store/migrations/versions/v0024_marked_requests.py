"""Requests that programs marked with a key.

Revision: 0024, after 0021c.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Json

revision = "0024"
down_revision = "0021c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "marked_request",
        sa.Column("key", sa.String(64), nullable=False, comment="SHA-256 of sender, operation and the sender's key"),
        sa.Column("content", sa.String(64), nullable=False, comment="keyed mark of what was sent"),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", Json, nullable=True, comment="left out where it is told once"),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_marked_request"),
    )
    op.create_index("ix_marked_request_at", "marked_request", ["at"])


def downgrade() -> None:
    """Undo; what was sent twice takes effect twice."""
    op.drop_table("marked_request")
