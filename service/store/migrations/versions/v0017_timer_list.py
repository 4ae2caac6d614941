"""An index for the list of running timers, soonest first.

Revision: 0017, after 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_RUNNING = sa.text("kind = 'timer' and state in ('waiting', 'held')")


def upgrade() -> None:
    """Apply."""
    op.create_index(
        "ix_work_item_timer", "work_item", ["due_at", "id"], sqlite_where=_RUNNING, postgresql_where=_RUNNING
    )


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_work_item_timer", "work_item")
