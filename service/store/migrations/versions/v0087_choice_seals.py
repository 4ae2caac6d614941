"""Seals of what was chosen and registered (settings, times of keeping, limits, calendars, sanctions, bodies, versions), and of moves.

Revision: 0087, after 0088. Those of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0087"
down_revision = "0088"
branch_labels = None
depends_on = None

_COMMENTS = {
    "setting": "keyed hash of all that: rows written by others do not hold",
    "retention_rule": "keyed hash of all that: rows written by others do not hold",
    "health_limits": "keyed hash of all that: what others wrote does not hold",
    "calendar_year": "keyed hash of all that: years written by others do not hold",
    "sanction": "keyed hash of all that: sanctions written by others do not count",
    "body": "keyed hash of what a body is: one that others wrote is closed",
    "body_role": "keyed hash of all that: what others wrote gives no role",
    "definition": "keyed hash of all but the files: versions of others are not used",
    "move_batch": "keyed hash of what was asked: a batch of others moves nothing",
    "case_move": "keyed hash of what undoes it: by what others wrote nothing is undone",
}


def upgrade() -> None:
    """Apply."""
    for table, comment in _COMMENTS.items():
        op.add_column(table, sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    """Undo."""
    for table in _COMMENTS:
        op.drop_column(table, "seal")
