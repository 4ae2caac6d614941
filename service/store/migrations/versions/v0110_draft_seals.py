"""Seals of drafts of forms, which no chain holds.

Revision: 0110, after 0109. Rows of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0110"
down_revision = "0109"
branch_labels = None
depends_on = None

_COMMENT = "keyed hash of task, person and content: what others wrote fills in no form"


def upgrade() -> None:
    """Apply."""
    op.add_column("draft", sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=_COMMENT))


def downgrade() -> None:
    """Undo."""
    op.drop_column("draft", "seal")
