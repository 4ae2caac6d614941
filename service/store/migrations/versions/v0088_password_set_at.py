"""When the owner of a password set it last.

Revision: 0088, after 0086.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant

revision = "0088"
down_revision = "0086"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    column = sa.Column(
        "password_set_at", Instant, comment="when its owner set it last; empty: when the account was opened"
    )
    op.add_column("person", column)


def downgrade() -> None:
    """Undo."""
    op.drop_column("person", "password_set_at")
