"""Seals of what people were told of by alarms.

Revision: 0090, after 0089. Alarms of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

_TABLE, _SEAL = "alarm", "seal"
_COMMENT = "keyed hash of all that: what others wrote silences nothing"


def upgrade() -> None:
    """Apply."""
    column = sa.Column(_SEAL, sa.String(64), nullable=False, server_default="", comment=_COMMENT)
    op.add_column(_TABLE, column)


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, _SEAL)
