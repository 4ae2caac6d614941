"""Timestamps of an authority outside over anchors.

Revision: 0085, after 0082.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0085"
down_revision = "0083"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "anchor_stamp",
        sa.Column("id", Key, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False, comment="of the anchor"),
        sa.Column("at", Instant, nullable=False, comment="as the authority says"),
        sa.Column("reply", sa.Text, nullable=False, comment="TimeStampResp (DER) in base64"),
        sa.PrimaryKeyConstraint("id", name="pk_anchor_stamp"),
        sa.UniqueConstraint("digest", name="uq_anchor_stamp_digest"),
        comment="append-only",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("anchor_stamp")
