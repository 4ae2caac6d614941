"""Seals of what a body is called, of the files a version was made from, and of where a first password is set.

Revision: 0089, after 0087. They stand beside the seals of before, which an older program goes on reading; those of before
have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0089"
down_revision = "0087"
branch_labels = None
depends_on = None

_COLUMNS = {
    ("body", "name_seal"): "keyed hash of what a body is called and of its details: nothing is issued in another name",
    ("definition", "sources_seal"): "keyed hash of the sources: no draft begins with those of others",
    ("registration", "contact_seal"): "keyed hash of telephone and e-mail: no first password is set by those of others",
}


def upgrade() -> None:
    """Apply."""
    for (table, name), comment in _COLUMNS.items():
        op.add_column(table, sa.Column(name, sa.String(64), nullable=False, server_default="", comment=comment))


def downgrade() -> None:
    """Undo."""
    for table, name in _COLUMNS:
        op.drop_column(table, name)
