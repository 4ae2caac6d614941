"""Seals of minutes, ratings, drawn pages, doubts about the clock and restores, which no chain holds.

Revision: 0111, after 0110. Rows of before have none and are sealed at the next start.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None

_COMMENTS = {
    "paged_file": "keyed hash of the others: what others wrote is looked for anew",
    "file_page": "keyed hash of the others: a page that others wrote is drawn anew",
    "clock_hold": "keyed hash of the others: a release that others wrote is none",
    "epoch": "keyed hash of the others: a release that others wrote is none",
    "sitting": "keyed hash of the others but the papers: nothing is done by minutes that others wrote",
    "sitting_member": "keyed hash of the others: whom others wrote there is not called and did not come",
    "rating": "keyed hash of the others: a rating that others wrote is neither shown nor counted",
}
_CALLED = "how many people were called; empty of a program before"


def upgrade() -> None:
    """Apply."""
    for table, comment in _COMMENTS.items():
        op.add_column(table, sa.Column("seal", sa.String(64), nullable=False, server_default="", comment=comment))
    op.add_column("sitting", sa.Column("called", sa.Integer(), nullable=True, comment=_CALLED))


def downgrade() -> None:
    """Undo."""
    op.drop_column("sitting", "called")
    for table in reversed(_COMMENTS):
        op.drop_column(table, "seal")
