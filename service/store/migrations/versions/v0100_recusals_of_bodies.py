"""Recusals of an organisation are found with those that ended: who says so is asked for.

Revision: 0100, after 0099.
"""

from __future__ import annotations

from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_recusal_of_body", "recusal", ["body_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_recusal_of_body", "recusal")
