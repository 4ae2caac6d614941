"""Seals of the stored states of cases.

Revision: 0084, after 0080. A case of before has none until its next step.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0084"
down_revision = "0080"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column(
        "case_instance",
        sa.Column(
            "state_seal",
            sa.String(40),
            nullable=True,
            comment="keyed, of the state and the head of the history; empty: of before",
        ),
    )


def downgrade() -> None:
    """Undo."""
    op.drop_column("case_instance", "state_seal")
