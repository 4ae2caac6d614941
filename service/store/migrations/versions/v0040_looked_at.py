"""Which program has loaded every running case, so that the next one does so once after an upgrade.

Revision: 0040, after 0039.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the program that does so begins to load the running cases once it has started."""
    op.create_table(
        "program_look",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=True),
        sa.Column("program", sa.String(64), nullable=False, comment="SHA-256 of the program that loads running cases"),
        sa.Column("after", sa.BigInteger, nullable=False, comment="last case that was loaded"),
        sa.Column("since", Instant, nullable=False),
        sa.Column("done_at", Instant, nullable=True, comment="empty: not all cases are loaded yet"),
        sa.PrimaryKeyConstraint("id", name="pk_program_look"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("program_look")
