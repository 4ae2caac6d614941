"""Room for personal data that are encrypted: on PostgreSQL their columns lose their limits; SQLite has none.

Revision: 0077, after 0076.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("person", "email", 200),
    ("person", "telephone", 40),
    ("registration", "contact", 80),
    ("registration", "telephone", 40),
    ("registration", "email", 200),
    ("mail", "address", 200),
)


def upgrade() -> None:
    """Apply."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column, _ in _COLUMNS:
            op.alter_column(table, column, type_=sa.Text)


def downgrade() -> None:
    """Undo; what is encrypted already does not fit, and PostgreSQL says so."""
    if op.get_bind().dialect.name == "postgresql":
        for table, column, length in _COLUMNS:
            op.alter_column(table, column, type_=sa.String(length))
