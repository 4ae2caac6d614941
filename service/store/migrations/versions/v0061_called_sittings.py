"""Sittings by whom they call, so that a member finds today's at once.

Revision: 0061, after 0060.
"""

from __future__ import annotations

from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_sitting_member_person_id", "sitting_member", ["person_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_sitting_member_person_id", "sitting_member")
