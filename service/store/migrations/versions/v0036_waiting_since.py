"""Since when a case waits for a message.

Revision: 0036, after 0034 (there is no 0035).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant

revision = "0036"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; what a case waits for already stays without an instant."""
    created: sa.Column[object] = sa.Column(
        "created_at", Instant(), nullable=True, comment="empty: by a program of before"
    )
    op.add_column("subscription", created)


def downgrade() -> None:
    """Undo."""
    op.drop_column("subscription", "created_at")
