"""Seals of accounts, and how many means of signing in each has beside the password.

Revision: 0083, after 0082. Rows of before have none; they are counted and sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

_MEANS = "one-time codes are one, each passkey is one: whoever has fewer signs in by no password alone"
_SEAL = "keyed hash of what makes an account: one that others opened is closed"


def upgrade() -> None:
    """Apply."""
    op.add_column("person", sa.Column("second_means", sa.Integer(), nullable=False, server_default="0", comment=_MEANS))
    op.add_column("person", sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=_SEAL))


def downgrade() -> None:
    """Undo."""
    op.drop_column("person", "seal")
    op.drop_column("person", "second_means")
