"""Seals of work items and of the cases of batches.

Revision: 0086, after 0085. Those of before have none; what waits is sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

_COMMENTS = {
    "work_item": "keyed hash of what is to be done: rows written by others are not run",
    "intervention_result": "keyed hash of batch and case: what others wrote is not done",
}


def upgrade() -> None:
    """Apply."""
    for table, comment in _COMMENTS.items():
        op.add_column(table, sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    """Undo."""
    for table in _COMMENTS:
        op.drop_column(table, "seal")
