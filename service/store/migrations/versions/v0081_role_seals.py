"""Seals of roles and of what is lent.

Revision: 0081, after 0084. Rows of before have none; they are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0081"
down_revision = "0084"
branch_labels = None
depends_on = None

_COMMENTS = {
    "membership": "keyed hash of all that: rows written by others give no right",
    "deputy": "keyed hash of what was lent: rows written by others lend nothing",
}


def upgrade() -> None:
    """Apply."""
    for table, comment in _COMMENTS.items():
        op.add_column(table, sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    """Undo."""
    for table in _COMMENTS:
        op.drop_column(table, "seal")
