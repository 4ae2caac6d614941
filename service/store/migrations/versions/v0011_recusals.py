"""A recusal is each jurisdiction's own: lifted by one, it goes on where another decided it too.

Revision: 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_LIVE = sa.text("lifted_at is null")


def upgrade() -> None:
    """Apply."""
    _index("jurisdiction", "person_id", "body_id")


def downgrade() -> None:
    """Undo; of what several jurisdictions decided, the first decision stays."""
    again = (
        "update recusal set lifted_at = decided_at, lifted_reason = 'merged' where lifted_at is null and exists (select 1"
        " from recusal as other where other.lifted_at is null and other.person_id = recusal.person_id"
        " and other.body_id = recusal.body_id and other.id < recusal.id)"
    )
    op.execute(again)
    _index("person_id", "body_id")


def _index(*columns: str) -> None:
    op.drop_index("ix_recusal_live", "recusal")
    op.create_index(
        "ix_recusal_live", "recusal", list(columns), unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    )
