"""Seals of who takes part in a case.

Revision: 0097, after 0098. Rows of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0097"
down_revision = "0098"
branch_labels = None
depends_on = None

_TABLE, _SEAL = "case_party", "seal"
_COMMENT = "keyed hash of all that: what others wrote opens the case to nobody"


def upgrade() -> None:
    """Apply."""
    column = sa.Column(_SEAL, sa.String(64), nullable=False, server_default="", comment=_COMMENT)
    op.add_column(_TABLE, column)


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, _SEAL)
