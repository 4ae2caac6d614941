"""Seals of who holds a task.

Revision: 0092, after 0091. Open tasks of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

_TABLE, _SEAL = "task", "seal"
_COMMENT = "keyed hash of what it is of and who holds it: nobody does what others gave"


def upgrade() -> None:
    """Apply."""
    column = sa.Column(_SEAL, sa.String(64), nullable=False, server_default="", comment=_COMMENT)
    op.add_column(_TABLE, column)


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, _SEAL)
