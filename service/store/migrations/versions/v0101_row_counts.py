"""How many rows belong to an owner, under a seal.

Revision: 0101, after 0100. Rows of before are counted at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "row_count",
        sa.Column(
            "counted",
            sa.String(80),
            nullable=False,
            comment="table and column that names the owner, such as case_party.case_id",
        ),
        sa.Column("owner", sa.String(80), nullable=False, comment="what stands in that column"),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column(
            "seal",
            sa.String(64),
            nullable=False,
            comment="keyed hash of all that: a row that others delete is missed, and named",
        ),
        sa.PrimaryKeyConstraint("counted", "owner", name="pk_row_count"),
        comment="how many rows an owner has, sealed: what is decided or shown by them asks whether one is missing",
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("row_count")
