"""Seals of what people are called and where they are reached.

Revision: 0091, after 0090. They stand beside the seals of accounts, which an older program goes on reading; people of before
have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

_TABLE, _SEAL = "person", "name_seal"
_COMMENT = (
    "keyed hash of name, e-mail and telephone: with those of others the account is closed, and no mail goes there"
)


def upgrade() -> None:
    """Apply."""
    column = sa.Column(_SEAL, sa.String(64), nullable=False, server_default="", comment=_COMMENT)
    op.add_column(_TABLE, column)


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, _SEAL)
