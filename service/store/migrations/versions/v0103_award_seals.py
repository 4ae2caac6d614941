"""Seals of awards on record and of who holds one besides.

Revision: 0103, after 0102. Rows of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

_SEAL = "seal"
_WHOSE = {
    "award_record": "keyed hash of all that: awards written by others do not count",
    "award_holder": "keyed hash of all that: holders written by others do not count",
}


def upgrade() -> None:
    """Apply."""
    for table, comment in _WHOSE.items():
        op.add_column(table, sa.Column(_SEAL, sa.String(64), nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    """Undo."""
    for table in _WHOSE:
        op.drop_column(table, _SEAL)
