"""Anchors: signed heads of all chains of records.

Revision: 0071, after 0070.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "anchor",
        sa.Column("id", Key, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, comment="by which the next one names it"),
        sa.Column("audit_id", sa.BigInteger, nullable=False, comment="the newest event of cases that was looked at"),
        sa.PrimaryKeyConstraint("id", name="pk_anchor"),
        sa.UniqueConstraint("seq", name="uq_anchor_seq"),
        comment="append-only",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("anchor")
