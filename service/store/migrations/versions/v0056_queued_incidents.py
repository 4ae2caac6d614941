"""Since when the work of an incident waits in its queue to be tried again, because a person asked for it.

Revision: 0056, after 0053 (numbers between are other work's).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant

revision = "0056"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "incident",
        sa.Column("queued_at", Instant, nullable=True, comment="since when its work is queued again; empty: it is not"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("incident", "queued_at")
