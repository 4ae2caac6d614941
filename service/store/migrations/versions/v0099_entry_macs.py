"""MACs of entries of chains, and marks of where the chains stood before.

Revision: 0099, after 0097. Entries of before have none; the next start marks how far each chain has come.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0099"
down_revision = "0097"
branch_labels = None
depends_on = None

_TABLES = ("audit", "act", "package_event")
_COMMENT = "keyed hash of its place and hash: nobody else adds an entry"


def upgrade() -> None:
    """Apply."""
    for table in _TABLES:
        op.add_column(table, sa.Column("mac", sa.String(64), nullable=False, server_default="", comment=_COMMENT))
    op.create_table(
        "chain_mark",
        sa.Column("chain", sa.String(200), nullable=False, comment="as anchors name it, such as case 12"),
        sa.Column("seq", sa.Integer, nullable=False, comment="its last entry then"),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("mac", sa.String(64), nullable=False, comment="keyed hash of all that"),
        sa.PrimaryKeyConstraint("chain", name="pk_chain_mark"),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("chain_mark")
    for table in _TABLES:
        op.drop_column(table, "mac")
