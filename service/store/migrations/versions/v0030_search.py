"""A table to search by: pairs of characters of names, titles and numbers.

Revision: 0030, after 0029.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.searching import NAMES, begin_searching, end_searching
from service.store.types import Key

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; rows of a program of before that still runs beside this one are noted by the triggers too."""
    op.create_table(
        "search_gram",
        sa.Column("subject", sa.String(12), nullable=False, comment="case, document, ballot, body, person"),
        sa.Column("jurisdiction", sa.String(60), nullable=False, comment="* for what has none"),
        sa.Column("gram", sa.String(2), nullable=False),
        sa.Column("row_id", Key, nullable=False),
        sa.PrimaryKeyConstraint("subject", "jurisdiction", "gram", "row_id", name="pk_search_gram"),
        comment="pairs of characters for searching, kept by triggers",
        sqlite_with_rowid=False,
    )
    begin_searching(op.get_bind(), subjects=NAMES)


def downgrade() -> None:
    """Undo."""
    end_searching(op.get_bind(), NAMES)
    op.drop_table("search_gram")
