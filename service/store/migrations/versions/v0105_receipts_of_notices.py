"""Receipts of a notice are found by it: how many objections came in is counted by them.

Revision: 0105, after 0104.
"""

from __future__ import annotations

from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_receipt_notice_id", "receipt", ["notice_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_receipt_notice_id", "receipt")
