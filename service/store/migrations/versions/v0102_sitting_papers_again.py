"""The seal of papers laid before a sitting, where it is lacking: one unpublished program made papers without it.

Revision: 0102, after 0101.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0102"
down_revision = "0101"
branch_labels = None
depends_on = None

_SEAL = "keyed hash of them and whose role is called: nobody else lays papers"


def upgrade() -> None:
    """Apply."""
    if "papers_seal" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("sitting")}:
        op.add_column(
            "sitting", sa.Column("papers_seal", sa.String(64), nullable=False, server_default="", comment=_SEAL)
        )


def downgrade() -> None:
    """Undo nothing: 0098 takes the column away with the papers."""
