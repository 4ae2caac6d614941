"""Seals of experts, their trainings, what ties them to organisations, and from whom they keep away.

Revision: 0096, after 0093. Rows of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0096"
down_revision = "0093"
branch_labels = None
depends_on = None

_TABLES, _SEAL = ("expert", "training", "interest", "recusal"), "seal"
_COMMENT = "keyed hash of what decides who is drawn: with another nobody is"


def upgrade() -> None:
    """Apply."""
    for table in _TABLES:
        op.add_column(table, sa.Column(_SEAL, sa.String(64), nullable=False, server_default="", comment=_COMMENT))


def downgrade() -> None:
    """Undo."""
    for table in _TABLES:
        op.drop_column(table, _SEAL)
