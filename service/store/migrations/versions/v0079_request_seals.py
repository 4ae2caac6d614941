"""Seals of requests for changes of rights.

Revision: 0079, after 0078. What waits from before has none, and is asked for anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "rights_request",
        sa.Column(
            "seal",
            sa.String(64),
            nullable=False,
            server_default="",
            comment="keyed hash of what was asked: rows written by others are not confirmed",
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("rights_request", "seal")
