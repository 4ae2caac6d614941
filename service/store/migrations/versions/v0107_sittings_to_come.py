"""An index of the sittings that are to come, by place, so that no list of them reads all that were ever held.

Revision: 0107, after 0106.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0107"
down_revision = "0106"
branch_labels = None
depends_on = None

_CALLED = sa.text("state = 'called'")


def upgrade() -> None:
    """Apply."""
    columns = ["jurisdiction", "starts_at"]
    op.create_index("ix_sitting_called", "sitting", columns, sqlite_where=_CALLED, postgresql_where=_CALLED)


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_sitting_called", "sitting")
