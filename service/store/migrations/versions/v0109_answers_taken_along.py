"""The answers of a self-check wait with the registration of an organisation that takes them along.

Revision: 0109, after 0108.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None

_TABLE, _ANSWERS = "registration", "answers"
_WHAT = "answers of a self-check that who asks takes along; empty once the password is set, refused or erased"


def upgrade() -> None:
    """Apply."""
    op.add_column(_TABLE, sa.Column(_ANSWERS, sa.Text, nullable=False, server_default="", comment=_WHAT))


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, _ANSWERS)
