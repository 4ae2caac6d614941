"""Whether the reason of a batch of interventions is public, and which cases were left out of it.

Revision: 0032, after 0031.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Json

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

_PUBLIC, _EXCLUDED = "those concerned read the reason too", "cases that were selected and left out by name"


def upgrade() -> None:
    """Apply."""
    public = sa.Column("public", sa.Boolean, nullable=False, server_default=sa.false(), comment=_PUBLIC)
    op.add_column("intervention_batch", public)
    op.add_column("intervention_batch", sa.Column("excluded", Json, nullable=True, comment=_EXCLUDED))


def downgrade() -> None:
    """Undo."""
    op.drop_column("intervention_batch", "excluded")
    op.drop_column("intervention_batch", "public")
