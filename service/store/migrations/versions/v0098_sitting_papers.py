"""Documents laid before a sitting.

Revision: 0098, after 0096. Sittings of before have none.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0098"
down_revision = "0096"
branch_labels = None
depends_on = None

_TABLE = "sitting"
_PAPERS = "numbers of the documents laid before it, in order"
_SEAL = "keyed hash of them and whose role is called: nobody else lays papers"


def upgrade() -> None:
    """Apply."""
    op.add_column(_TABLE, sa.Column("papers", sa.JSON, nullable=False, server_default="[]", comment=_PAPERS))
    op.add_column(_TABLE, sa.Column("papers_seal", sa.String(64), nullable=False, server_default="", comment=_SEAL))


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, "papers_seal")
    op.drop_column(_TABLE, "papers")
