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

_TABLE, _PAPERS = "sitting", "papers"
_COMMENT = "numbers of the documents laid before it, in order"


def upgrade() -> None:
    """Apply."""
    op.add_column(_TABLE, sa.Column(_PAPERS, sa.JSON, nullable=False, server_default="[]", comment=_COMMENT))


def downgrade() -> None:
    """Undo."""
    op.drop_column(_TABLE, _PAPERS)
