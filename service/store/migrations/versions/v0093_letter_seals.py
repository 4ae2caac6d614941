"""Seals of the messages to people.

Revision: 0093, after 0095. Messages of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0093"
down_revision = "0095"
branch_labels = None
depends_on = None

_TABLE, _SEAL = "mail", "seal"
_COMMENT = "keyed hash of all but the last two: what others wrote is not shown or sent"


def upgrade() -> None:
    """Apply."""
    column = sa.Column(_SEAL, sa.String(64), nullable=False, server_default="", comment=_COMMENT)
    op.add_column(_TABLE, column)


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, _SEAL)
