"""Ballots by the role that votes, so that a member finds theirs again.

Revision: 0053, after 0052.
"""

from __future__ import annotations

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_ballot_role", "ballot", ["role", "jurisdiction", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_ballot_role", "ballot")
