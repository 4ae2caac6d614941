"""Seals of links that open an administrator's account or set a first password.

Revision: 0082, after 0081. Links of before have none; they are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

_COMMENTS = {
    "office_link": "keyed hash of link, office and end: rows written by others open nothing",
    "registration": "keyed hash of link, account and end: rows written by others open nothing",
}


def upgrade() -> None:
    """Apply."""
    for table, comment in _COMMENTS.items():
        op.add_column(table, sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    """Undo."""
    for table in _COMMENTS:
        op.drop_column(table, "seal")
