"""The round of each task, so that a list is narrowed to one by an index.

Revision: 0095, after 0092.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Key

revision = "0095"
down_revision = "0092"
branch_labels = None
depends_on = None

_COMMENT = "case below which its case stands, however deep, and which is below none; empty: not noted yet"
_OPEN = sa.text("state = 'open'")
_INDEXES = {
    "ix_task_round": ["round_id", "due_at", "id"],
    "ix_task_round_seat": ["round_id", "role", "body_id", "due_at", "id"],
}


def upgrade() -> None:
    """Apply; the rounds of tasks of before are noted in the background once the program has started."""
    op.add_column("task", sa.Column("round_id", Key, nullable=True, comment=_COMMENT))
    for name, columns in _INDEXES.items():
        op.create_index(name, "task", columns, sqlite_where=_OPEN, postgresql_where=_OPEN)


def downgrade() -> None:
    """Undo."""
    for name in _INDEXES:
        op.drop_index(name, "task")
    op.drop_column("task", "round_id")
