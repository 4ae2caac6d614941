"""Cases by the words that people see: kinds of work and names of facts; and of how many the calls are to be noted yet.

Revision: 0043, after 0041 (there are no 0041 and 0042).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None

_TO_COME = sa.text("state in ('waiting', 'running', 'held', 'dead')")


def upgrade() -> None:
    """Apply; running cases that are not noted are counted, so that the monitor says so from the first page on."""
    op.create_index(
        "ix_work_item_kind", "work_item", ["kind", "case_id"], sqlite_where=_TO_COME, postgresql_where=_TO_COME
    )
    op.create_index("ix_fact_value_fact", "fact_value", ["jurisdiction", "fact", "id"])
    op.create_table(
        "calls_to_note",
        sa.Column("jurisdiction", sa.String(60), nullable=False),
        sa.Column("cases", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("jurisdiction", name="pk_calls_to_note"),
        comment="cases whose call activities are not on record yet, by place",
    )
    op.execute(
        "INSERT INTO calls_to_note (jurisdiction, cases) SELECT jurisdiction, COUNT(*) FROM case_instance "
        "WHERE status <> 'ended' AND (calls_noted IS NULL OR calls_noted <> version) GROUP BY jurisdiction"
    )


def downgrade() -> None:
    """Undo."""
    op.drop_table("calls_to_note")
    op.drop_index("ix_fact_value_fact", "fact_value")
    op.drop_index("ix_work_item_kind", "work_item")
