"""Which facts of a case changed with an entry of its history: old and new values, beside what is hashed.

Revision: 0041, after 0040.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; entries of before have none."""
    comment = "changes of facts that came with it; their digest is in data"
    op.add_column("audit", sa.Column("changed", sa.JSON(none_as_null=True), nullable=True, comment=comment))


def downgrade() -> None:
    """Undo."""
    op.drop_column("audit", "changed")
