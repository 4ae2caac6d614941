"""Indexes for recusals of a person, sanctions of a city, and open panels.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    is_open = sa.text("state = 'open'")
    op.create_index("ix_recusal_person", "recusal", ["person_id", "id"])
    op.create_index("ix_sanction_list", "sanction", ["jurisdiction", "decided_on", "id"])
    op.create_index("ix_panel_open", "panel", ["jurisdiction", "stage"], sqlite_where=is_open, postgresql_where=is_open)
