"""Who stands in for whom, for a period.

Revision: 0052, after 0051.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from service.store.types import Instant, Key

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_LIVE = sa.text("ended_at is null")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "deputy",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False, comment="whose role it is"),
        sa.Column("deputy_id", Key, nullable=False, comment="who stands in"),
        sa.Column("membership_id", Key, nullable=False, comment="which role: row of membership"),
        sa.Column("since", Instant, nullable=False),
        sa.Column("until", Instant, nullable=False, comment="the instant after the last day"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("made_at", Instant, nullable=False, comment="the same for all roles lent in one act"),
        sa.Column(
            "ended_at",
            Instant,
            nullable=True,
            comment="when it was ended before its last day, or was found to be over",
        ),
        sa.Column("ended_by", Key, nullable=True, comment="who ended it: row of person; empty: the program"),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_deputy_person_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name="fk_deputy_deputy_id"),
        comment="who stands in for whom, for a period",
    )
    live = {"stands_in": "deputy_id", "membership": "membership_id", "lends": "person_id"}
    for name, column in live.items():
        op.create_index(f"ix_deputy_{name}", "deputy", [column, "until"], sqlite_where=_LIVE, postgresql_where=_LIVE)
    op.create_index("ix_deputy_person", "deputy", ["person_id", "id"])
    op.create_index("ix_deputy_deputy", "deputy", ["deputy_id", "id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("deputy")
