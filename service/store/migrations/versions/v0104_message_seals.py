"""Seals of messages between cases that wait to be caught.

Revision: 0104, after 0103. Rows of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None

_COMMENT = "keyed hash of all that: a message that others wrote is not delivered"


def upgrade() -> None:
    """Apply."""
    op.add_column("inbox", sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=_COMMENT))


def downgrade() -> None:
    """Undo."""
    op.drop_column("inbox", "seal")
