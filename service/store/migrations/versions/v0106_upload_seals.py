"""Seals of files that people upload, which no chain holds before a case has them.

Revision: 0106, after 0105. Rows of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None

_COMMENT = "keyed hash of content, size, kind and sender: what others wrote is neither opened nor submitted"


def upgrade() -> None:
    """Apply."""
    op.add_column("upload", sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=_COMMENT))


def downgrade() -> None:
    """Undo."""
    op.drop_column("upload", "seal")
