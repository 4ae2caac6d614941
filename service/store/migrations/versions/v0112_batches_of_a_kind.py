"""The newest batches of a kind are found without reading all of them.

Revision: 0112, after 0111. An index alone.
"""

from __future__ import annotations

from alembic import op

revision = "0112"
down_revision = "0111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_intervention_batch_kind", "intervention_batch", ["kind", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_index("ix_intervention_batch_kind", "intervention_batch")
