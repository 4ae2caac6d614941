"""Where experts are from, and the draw that formed the panel of a group.

Revision: 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Key

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    where = "where they work, as the office writes it; empty: not known"
    op.add_column("expert", sa.Column("place", sa.String(100), nullable=False, server_default="", comment=where))
    op.add_column("panel", sa.Column("draw_id", Key, comment="of the group that was drawn as one; empty: its own draw"))
    live = sa.text("draw_id is not null")
    op.create_index("ix_panel_group", "panel", ["draw_id"], sqlite_where=live, postgresql_where=live)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_panel_group", "panel")
    with op.batch_alter_table("panel") as table:
        table.drop_column("draw_id")
    with op.batch_alter_table("expert") as table:
        table.drop_column("place")
